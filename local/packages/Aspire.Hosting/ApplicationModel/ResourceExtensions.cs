namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reads the model.</summary>
public static class ResourceExtensions
{
    /// <summary>An endpoint of the resource, as a value.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">Name of the endpoint.</param>
    /// <returns>The endpoint, which may be declared later.</returns>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) => new(resource, endpointName);

    /// <summary>All endpoints of the resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The endpoints, in order.</returns>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint.Name));

    internal static EndpointReference FirstHttpEndpoint(this IResourceWithEndpoints resource) =>
        resource.GetEndpoints().FirstOrDefault(endpoint => endpoint.Scheme is "http" or "https")
            ?? throw new DistributedApplicationException($"Resource '{resource.Name}' has no http endpoint.");
}
