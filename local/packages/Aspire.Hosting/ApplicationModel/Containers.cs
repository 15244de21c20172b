namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>Host of the registry; the engine's default when null.</summary>
    public string? Registry { get; set; }

    /// <summary>Name of the image.</summary>
    public required string Image { get; set; }

    /// <summary>Its tag; latest when null.</summary>
    public string? Tag { get; set; }

    internal string Reference => $"{(Registry is null ? "" : Registry + "/")}{Image}{(Tag is null ? "" : ":" + Tag)}";
}

/// <summary>What is mounted.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of this machine.</summary>
    BindMount = 0,

    /// <summary>A volume of the engine.</summary>
    Volume = 1,
}

/// <summary>Something mounted into a container.</summary>
/// <param name="source">Name of the volume, or path of the folder.</param>
/// <param name="target">Path in the container.</param>
/// <param name="type">Volume or folder.</param>
/// <param name="isReadOnly">Whether the container may only read it.</param>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>Name of the volume, or path of the folder.</summary>
    public string? Source { get; } = source;

    /// <summary>Path in the container.</summary>
    public string Target { get; } = target;

    /// <summary>Volume or folder.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

internal static class ContainerVolumes
{
    private const int HashLength = 10;

    /// <summary>A volume name no other clone and no other resource has.</summary>
    public static string DataOf<T>(IResourceBuilder<T> builder)
        where T : IResource
    {
        var folder = System.Text.Encoding.UTF8.GetBytes(builder.ApplicationBuilder.AppHostDirectory);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(folder))[..HashLength];
#pragma warning disable CA1308 // Volume names are lower case.
        return $"{builder.ApplicationBuilder.Environment.ApplicationName.ToLowerInvariant()}-{hash}-{builder.Resource.Name.ToLowerInvariant()}-data";
#pragma warning restore CA1308
    }
}
