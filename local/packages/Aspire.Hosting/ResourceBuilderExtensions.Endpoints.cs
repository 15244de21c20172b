using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Declares an http endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">Port others connect to; allocated when null.</param>
    /// <param name="targetPort">Port the process binds; allocated when null.</param>
    /// <param name="name">Name of the endpoint; <c>http</c> when null.</param>
    /// <param name="env">Variable that tells the process its port.</param>
    /// <param name="isProxied">Whether the orchestrator listens in front of the process; true when null.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Declares an endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">Port others connect to; allocated when null.</param>
    /// <param name="targetPort">Port the process binds; allocated when null.</param>
    /// <param name="scheme">Scheme of its URL; tcp when null.</param>
    /// <param name="name">Name of the endpoint; the scheme when null.</param>
    /// <param name="env">Variable that tells the process its port.</param>
    /// <param name="isProxied">Whether the orchestrator listens in front of the process; true when null.</param>
    /// <param name="isExternal">Meant for people, not only for other resources.</param>
    /// <param name="protocol">TCP or UDP; TCP when null.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">The resource has an endpoint of that name.</exception>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        var annotation = new EndpointAnnotation(protocol ?? ProtocolType.Tcp, scheme, transport: null, name, port, targetPort, isExternal, isProxied);
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().Any(existing => Names.Same(existing.Name, annotation.Name)))
            throw new DistributedApplicationException($"Endpoint '{annotation.Name}' of resource '{builder.Resource.Name}' is declared twice.");

        if (env is not null)
            builder.Resource.Annotations.Add(new PortVariableAnnotation(env, annotation));

        return builder.WithAnnotation(annotation);
    }

    /// <summary>Changes an endpoint, or declares it.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">Name of the endpoint.</param>
    /// <param name="callback">Changes it.</param>
    /// <param name="createIfNotExists">Declares it when there is none of that name.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<EndpointAnnotation> callback,
        bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        var annotation = builder.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(existing => Names.Same(existing.Name, endpointName));
        if (annotation is null)
        {
            if (!createIfNotExists)
                return builder;

            annotation = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            builder.Resource.Annotations.Add(annotation);
        }

        callback(annotation);
        return builder;
    }

    /// <summary>Marks the http endpoints as meant for people.</summary>
    /// <param name="builder">The resource.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme is "http" or "https"))
            endpoint.IsExternal = true;

        return builder;
    }

    /// <summary>An endpoint of the resource, as a value.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name of the endpoint.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The endpoint, which may be declared later.</returns>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Shows a link with the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL.</param>
    /// <param name="displayText">Text in its place.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, string url, string? displayText = null)
        where T : IResource => builder.WithAnnotation(new ResourceUrlAnnotation { Url = url, DisplayText = displayText });

    /// <summary>Shows a link with the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL, as an interpolated string of values known later.</param>
    /// <param name="displayText">Text in its place.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, in ReferenceExpression.ExpressionInterpolatedStringHandler url, string? displayText = null)
        where T : IResource => builder.WithUrl(ReferenceExpression.Create(url), displayText);

    /// <summary>Shows a link with the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL.</param>
    /// <param name="displayText">Text in its place.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, ReferenceExpression url, string? displayText = null)
        where T : IResource => builder.WithAnnotation(new UrlCallbackAnnotation(async (urls, cancellationToken) =>
        {
            if (await url.GetValueAsync(cancellationToken) is { Length: > 0 } text)
                urls.Add(new ResourceUrlAnnotation { Url = text, DisplayText = displayText });
        }));

    /// <summary>Changes how an endpoint's link is shown.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">Name of the endpoint.</param>
    /// <param name="callback">Changes it.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource => builder.WithAnnotation(new UrlCallbackAnnotation((urls, _) =>
        {
            foreach (var url in urls.Where(url => url.Endpoint is { } endpoint && Names.Same(endpoint.EndpointName, endpointName)))
                callback(url);

            return ValueTask.CompletedTask;
        }));

    /// <summary>Shows another link that leads to an endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">Name of the endpoint.</param>
    /// <param name="callback">Makes the link; a path is taken as relative to the endpoint.</param>
    /// <typeparam name="T">Type of the resource.</typeparam>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Func<EndpointReference, ResourceUrlAnnotation> callback)
        where T : IResourceWithEndpoints => builder.WithAnnotation(new UrlCallbackAnnotation((urls, _) =>
        {
            var endpoint = new EndpointReference(builder.Resource, endpointName);
            if (endpoint.Exists)
            {
                var url = callback(endpoint);
                urls.Add(new ResourceUrlAnnotation { Url = url.Url, DisplayText = url.DisplayText, DisplayLocation = url.DisplayLocation, Endpoint = url.Endpoint ?? endpoint });
            }

            return ValueTask.CompletedTask;
        }));
}
