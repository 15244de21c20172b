using System.Globalization;

namespace AppHost.Resources;

internal static class Service
{
    /// <summary>A project whose endpoints and environment are decided here alone: its launch profile is for running it by hand.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true);

    /// <summary>The port people address, unless <c>Ports:{name}</c> says another one.</summary>
    public static int PortOf(this IDistributedApplicationBuilder builder, string name, int usual) => builder.ConfiguredPort(name) ?? usual;

    /// <summary>What <c>Ports:{name}</c> says; null where it says nothing.</summary>
    /// <exception cref="InvalidOperationException">It is no port.</exception>
    public static int? ConfiguredPort(this IDistributedApplicationBuilder builder, string name)
    {
        var configured = builder.Configuration[$"Ports:{name}"];
        if (configured is null)
            return null;
        return int.TryParse(configured, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue
            ? port
            : throw new InvalidOperationException($"Ports:{name}={configured} is not a port; accepted are 1 to {ushort.MaxValue}.");
    }
}
