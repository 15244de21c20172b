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

    public static string Text(object? value) => value switch
    {
        null => "",
        IEnumerable<string> many => string.Join(' ', many),
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
