using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>The links shown with a resource.</summary>
internal static class ResourceUrls
{
    public static async Task<ImmutableArray<UrlSnapshot>> ResolveAsync(IResource resource, CancellationToken cancellationToken)
    {
        var urls = new List<ResourceUrlAnnotation>();
        if (resource is IResourceWithEndpoints listening)
        {
            urls.AddRange(listening.GetEndpoints()
                .Where(endpoint => endpoint.IsAllocated)
                .Select(endpoint => new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint }));
        }

        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>().Select(url => new ResourceUrlAnnotation { Url = url.Url, DisplayText = url.DisplayText, Endpoint = url.Endpoint, DisplayLocation = url.DisplayLocation }));
        foreach (var callback in resource.Annotations.OfType<UrlCallbackAnnotation>().ToList())
            await callback.Callback(urls, cancellationToken);

        return
        [
            .. urls.Select(url => new UrlSnapshot(url.Endpoint?.EndpointName, Absolute(url), url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
            {
                DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? ""),
            }),
        ];
    }

    private static string Absolute(ResourceUrlAnnotation url) => url.Endpoint is { IsAllocated: true } endpoint && !url.Url.Contains("://", StringComparison.Ordinal)
        ? new Uri(new Uri(endpoint.Url), url.Url).ToString()
        : url.Url;
}

/// <summary>The facts shown on a resource's details.</summary>
internal static class ResourceProperties
{
    public static IEnumerable<ResourcePropertySnapshot> Of(IResource resource, ExecutableSpec spec)
    {
        yield return new ResourcePropertySnapshot("executable.path", spec.ExecutablePath);
        yield return new ResourcePropertySnapshot("executable.workDir", spec.WorkingDirectory);
        yield return new ResourcePropertySnapshot("executable.args", spec.Args.ToArray());
        if (resource.Annotations.OfType<IProjectMetadata>().FirstOrDefault() is { } project)
            yield return new ResourcePropertySnapshot("project.path", project.ProjectPath);
    }

    /// <summary>With what is known only once the process runs.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> With(ImmutableArray<ResourcePropertySnapshot> properties, int? pid, IReadOnlyList<string>? args)
    {
        if (pid is > 0 and var number)
            properties = With(properties, "executable.pid", number.ToString(CultureInfo.InvariantCulture));

        return args is null ? properties : With(properties, "executable.args", args.ToArray());
    }

    private static ImmutableArray<ResourcePropertySnapshot> With(ImmutableArray<ResourcePropertySnapshot> properties, string name, object value) =>
        [.. properties.Where(property => property.Name != name), new ResourcePropertySnapshot(name, value)];
}

/// <summary>The orchestrator's words for the state of a process.</summary>
internal static class DcpStates
{
    /// <summary>Whether nothing more will be said of the process. <c>Unknown</c> is: the orchestrator has lost sight of it.</summary>
    public static bool AreFinal(string state) => state is "Finished" or "Terminated" or "FailedToStart" or "Unknown" or "Exited" or "RuntimeUnhealthy";

    public static ResourceStateSnapshot Shown(string state, int? exitCode) => state switch
    {
        "Finished" when exitCode is 0 => new ResourceStateSnapshot(KnownResourceStates.Finished, "success"),
        "Finished" or "Exited" when exitCode is not 0 => new ResourceStateSnapshot(KnownResourceStates.Exited, "error"),
        "Finished" or "Terminated" or "Unknown" => new ResourceStateSnapshot(KnownResourceStates.Exited, null),
        "Running" => new ResourceStateSnapshot(KnownResourceStates.Running, "success"),
        "FailedToStart" or "RuntimeUnhealthy" => new ResourceStateSnapshot(KnownResourceStates.FailedToStart, "error"),
        _ => new ResourceStateSnapshot(state, null),
    };
}
