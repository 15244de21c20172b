using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What can be asked of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>scheme://host:port.</summary>
    Url = 0,

    /// <summary>Host name.</summary>
    Host = 1,

    /// <summary>IPv4 address of the host.</summary>
    IPV4Host = 2,

    /// <summary>Port others connect to.</summary>
    Port = 3,

    /// <summary>Scheme of the URL.</summary>
    Scheme = 4,

    /// <summary>Port the process binds; only the process itself can use it.</summary>
    TargetPort = 5,

    /// <summary>host:port.</summary>
    HostAndPort = 6,
}

/// <summary>Another resource's endpoint, as a value.</summary>
/// <param name="owner">The resource that listens.</param>
/// <param name="endpointName">Name of the endpoint.</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue, IValueWithReferences
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>Name of the endpoint.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>The endpoint itself.</summary>
    /// <exception cref="InvalidOperationException">The resource has none of that name.</exception>
    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint named '{EndpointName}'.");

    /// <summary>Whether the resource has an endpoint of that name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether its address is known.</summary>
    public bool IsAllocated => EndpointAnnotation.AllocatedEndpoint is not null;

    /// <summary>Whether the scheme is http.</summary>
    public bool IsHttp => EndpointAnnotation.UriScheme == "http";

    /// <summary>Whether the scheme is https.</summary>
    public bool IsHttps => EndpointAnnotation.UriScheme == "https";

    /// <summary>Scheme of the URL.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>Host name.</summary>
    public string Host => Allocated.Address;

    /// <summary>Port others connect to.</summary>
    public int Port => Allocated.Port;

    /// <summary>Port the process binds, when the model fixes it.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>scheme://host:port.</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"Endpoint '{EndpointName}' of resource '{Resource.Name}' has no address yet.");

    /// <summary>One property of the endpoint, as a value.</summary>
    /// <param name="property">The property.</param>
    /// <returns>The value.</returns>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => Property(EndpointProperty.Url).GetValueAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => Names.Same(e.Name, EndpointName));
}

/// <summary>One property of an endpoint, as a value.</summary>
/// <param name="endpointReference">The endpoint.</param>
/// <param name="property">The property.</param>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The property.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property}}}";

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var annotation = Endpoint.EndpointAnnotation;
        if (Property == EndpointProperty.Scheme)
            return annotation.UriScheme;

        var allocated = await annotation.WhenAllocated.WaitAsync(cancellationToken);
        return Property switch
        {
            EndpointProperty.Url => allocated.UriString,
            EndpointProperty.Host => allocated.Address,
            EndpointProperty.IPV4Host => allocated.Address == "localhost" ? "127.0.0.1" : allocated.Address,
            EndpointProperty.Port => allocated.Port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.HostAndPort => allocated.EndPointString,
            EndpointProperty.TargetPort => allocated.TargetPortExpression,
            _ => throw new InvalidOperationException($"Endpoint property {Property} is not part of this subset."),
        };
    }

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}
