using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Whether an annotation joins others of its type or replaces them.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>Joins them.</summary>
    Append,

    /// <summary>Replaces them.</summary>
    Replace,
}

/// <summary>Adds environment variables when the resource starts.</summary>
/// <param name="callback">Adds them.</param>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Adds them.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an environment callback is given.</summary>
/// <param name="executionContext">How the application is being run.</param>
/// <param name="resource">The resource about to start.</param>
/// <param name="environmentVariables">Variables so far: strings or values known later.</param>
/// <param name="cancellationToken">Ends the start.</param>
public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>How the application is being run.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource about to start.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Variables so far: strings or values known later.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Ends the start.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Writes to the resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;
}

/// <summary>Adds command-line arguments when the resource starts.</summary>
/// <param name="callback">Adds them.</param>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Adds them.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an argument callback is given.</summary>
/// <param name="args">Arguments so far: strings or values known later.</param>
/// <param name="resource">The resource about to start.</param>
/// <param name="cancellationToken">Ends the start.</param>
public sealed class CommandLineArgsCallbackContext(IList<object> args, IResource resource, CancellationToken cancellationToken = default)
{
    /// <summary>Arguments so far: strings or values known later.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>The resource about to start.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Ends the start.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Ties a registered health check to a resource.</summary>
/// <param name="key">Name of the registration.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>Name of the registration.</summary>
    public string Key { get; } = key;
}

/// <summary>Keeps a resource from starting by itself.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>What is waited for.</summary>
public enum WaitType
{
    /// <summary>Until it runs and its health checks pass.</summary>
    WaitUntilHealthy = 0,

    /// <summary>Until it has ended with the expected exit code.</summary>
    WaitForCompletion = 1,

    /// <summary>Until it runs.</summary>
    WaitUntilStarted = 2,
}

/// <summary>What a wait does when the other resource ends.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on waiting: someone may start it again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>Fails.</summary>
    StopOnResourceUnavailable = 1,
}

/// <summary>Holds a resource's start back until another resource is ready.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="waitType">What is waited for.</param>
/// <param name="exitCode">Expected exit code, when its end is waited for.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>Expected exit code, when its end is waited for.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do when the other resource ends; fails when null.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}

/// <summary>Shows that resources belong together.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">Parent, Reference or WaitFor.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Parent, Reference or WaitFor.</summary>
    public string Type { get; } = type;
}

/// <summary>Where a URL is shown.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the table and in the details.</summary>
    SummaryAndDetails = 0,

    /// <summary>In the details only.</summary>
    DetailsOnly = 1,
}

/// <summary>A link shown with a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL; a path is taken as relative to the endpoint.</summary>
    public required string Url { get; set; }

    /// <summary>Text in place of the URL.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint it leads to.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Where it is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }
}

/// <summary>The picture shown with a resource.</summary>
/// <param name="iconName">Name of a Fluent UI icon.</param>
/// <param name="iconVariant">Outline or filled.</param>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>Name of a Fluent UI icon.</summary>
    public string IconName { get; } = iconName;

    /// <summary>Outline or filled.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}

/// <summary>Changes the URLs of a resource once they are known.</summary>
/// <param name="Callback">Changes the list.</param>
internal sealed record UrlCallbackAnnotation(Func<List<ResourceUrlAnnotation>, CancellationToken, ValueTask> Callback) : IResourceAnnotation;

/// <summary>The resource's unique name in this run: the name of its object in the orchestrator.</summary>
/// <param name="Id">The unique name.</param>
internal sealed record ResourceIdAnnotation(string Id) : IResourceAnnotation;

/// <summary>Kept off the dashboard.</summary>
internal sealed record HiddenAnnotation : IResourceAnnotation;

/// <summary>The variable that tells a process the port of an endpoint.</summary>
/// <param name="Variable">Name of the variable.</param>
/// <param name="Endpoint">The endpoint.</param>
internal sealed record PortVariableAnnotation(string Variable, EndpointAnnotation Endpoint) : IResourceAnnotation;

internal static class ResourceIds
{
    private const int SuffixLength = 8;

    public static string Of(IResource resource) => resource.Annotations.OfType<ResourceIdAnnotation>().FirstOrDefault()?.Id ?? resource.Name;

    /// <summary>What starting it added to its name; empty before, so that a model can be read without being started.</summary>
    public static string SuffixOf(IResource resource) => Of(resource)[resource.Name.Length..].TrimStart('-');

    public static void Assign(IResource resource)
    {
        if (resource.Annotations.OfType<ResourceIdAnnotation>().Any())
            return;

#pragma warning disable CA1308 // The orchestrator's object names are lower case.
        var id = $"{resource.Name.ToLowerInvariant()}-{System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", SuffixLength)}";
#pragma warning restore CA1308
        resource.Annotations.Add(new ResourceIdAnnotation(id));
    }
}
