using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Anything a resource carries besides its name.</summary>
public interface IResourceAnnotation;

/// <summary>A named part of the model.</summary>
public interface IResource
{
    /// <summary>Unique within the model, compared without case.</summary>
    string Name { get; }

    /// <summary>What extensions attached to the resource, in order.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>The annotations of one resource.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>A resource that takes command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose start can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that neither starts nor stops, like a parameter.</summary>
public interface IResourceWithoutLifetime : IResource;

/// <summary>A resource shown beneath another one.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource it belongs to.</summary>
    IResource Parent { get; }
}

/// <summary>A resource shown beneath another one of a known type.</summary>
/// <typeparam name="T">Type of the parent.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The resource it belongs to.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource that hands out a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
{
    /// <summary>The connection string, unresolved.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The name of the variable that carries it; null means <c>ConnectionStrings__NAME</c>.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The connection string once everything it mentions is known.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null when there is none.</returns>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);
}

/// <summary>The usual start of a resource type.</summary>
/// <param name="name">Unique name: letters, digits and dashes.</param>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name { get; } = Names.Check(name);

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A program of this machine.</summary>
/// <param name="name">Unique name.</param>
/// <param name="command">Path of the program, or a name looked up in PATH.</param>
/// <param name="workingDirectory">Folder it starts in.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>Path of the program, or a name looked up in PATH.</summary>
    public string Command { get; } = command;

    /// <summary>Folder it starts in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A .NET project of this repository.</summary>
/// <param name="name">Unique name.</param>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A container image.</summary>
/// <param name="name">Unique name.</param>
/// <param name="entrypoint">Replaces the image's own command.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>Replaces the image's own command.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>The resources of a model, in the order they were added.</summary>
public interface IResourceCollection : IList<IResource>
{
    /// <summary>Finds a resource by name.</summary>
    /// <param name="name">The name, compared without case.</param>
    /// <param name="resource">What was found.</param>
    /// <returns>False when there is none of that name.</returns>
    bool TryGetByName(string name, [NotNullWhen(true)] out IResource? resource);
}

/// <summary>The finished model.</summary>
/// <param name="resources">Its resources.</param>
public class DistributedApplicationModel(IResourceCollection resources)
{
    /// <summary>Its resources, in the order they were added.</summary>
    public IResourceCollection Resources { get; } = resources;
}

internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection
{
    public bool TryGetByName(string name, [NotNullWhen(true)] out IResource? resource)
    {
        resource = this.FirstOrDefault(candidate => Names.Same(candidate.Name, name));
        return resource is not null;
    }
}

internal static class Names
{
    // Aspire's own rule: 1 to 64 ASCII letters, digits and single dashes, starting with a letter, not ending with a dash.
    private const int MaximumLength = 64;

    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var valid = name.Length <= MaximumLength
            && char.IsAsciiLetter(name[0])
            && name[^1] != '-'
            && !name.Contains("--", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        return valid
            ? name
            : throw new ArgumentException($"Resource name '{name}' is invalid: letters, digits and single dashes, starting with a letter, at most {MaximumLength}.", nameof(name));
    }

    public static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
