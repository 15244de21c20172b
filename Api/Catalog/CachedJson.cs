using System.Reflection;
using Commerce;
using Commerce.Catalog.Caching;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Api.Catalog;

/// <summary>
/// A <typeparamref name="T"/> whose JSON lies ready in the cache: 200 with the bytes as they are, or 304 to who has them already (RFC 9110, 13.1.2).
/// Clients may keep the answer but ask every time whether it still holds.
/// </summary>
public sealed class CachedJson<T> : IResult, IEndpointMetadataProvider
{
    private readonly CachedAnswer _answer;

    internal CachedJson(CachedAnswer answer) => _answer = answer;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = _answer.ETag;
        response.Headers.CacheControl = "no-cache";
        if (httpContext.Request.Headers.IfNoneMatch is { Count: > 0 } known && IsKnown(known))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = _answer.Utf8.Length;
        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(_answer.Utf8, httpContext.RequestAborted).AsTask();
    }

    private bool IsKnown(Microsoft.Extensions.Primitives.StringValues header) =>
        header.Count == 1 && header[0] == _answer.ETag
        || (EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(new EntityTagHeaderValue(_answer.ETag), useStrongComparison: false)));
}

/// <summary>The answer of a cached read.</summary>
internal static class CachedAnswering
{
    public static Results<CachedJson<T>, ProblemHttpResult> Answer<T>(this Outcome<CachedJson<T>> outcome) =>
        outcome.Refusal is { } refusal ? refusal.Problem() : outcome.Value;
}
