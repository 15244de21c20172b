using System.Reflection;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Api.Catalog;

/// <summary>The slug that an old one leads to.</summary>
public sealed record MovedAnswer(string MovedTo);

/// <summary>301: something was renamed. The address of the new name is in <c>Location</c>, the new slug in the body.</summary>
public sealed class Moved : IResult, IEndpointMetadataProvider
{
    private readonly string _path;
    private readonly string _slug;

    private Moved(string path, string slug) => (_path, _slug) = (path, slug);

    /// <summary>Null when the refusal does not know of a new place.</summary>
    public static Moved? From(Refusal refusal, string path) =>
        refusal.Facts?.GetValueOrDefault(CatalogReads.MovedTo) is string slug ? new Moved(path, slug) : null;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status301MovedPermanently, typeof(MovedAnswer), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        httpContext.Response.Headers[HeaderNames.Location] = $"{_path}/{Uri.EscapeDataString(_slug)}{httpContext.Request.QueryString}";
        return httpContext.Response.WriteAsJsonAsync(new MovedAnswer(_slug));
    }
}
