using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Api.Document;

/// <summary>What stands above an answer: its version where somebody may edit it, what is left of the caller's quota, when to come back.</summary>
internal static class AnswerHeaders
{
    private const string ETag = "ETag";
    private const string RateLimit = "RateLimit";
    private const string RateLimitPolicy = "RateLimit-Policy";
    private const string RetryAfter = "Retry-After";
    private const string Location = "Location";

    private static readonly Dictionary<string, OpenApiHeader> Known = new()
    {
        [ETag] = Header("The version that is answered, for If-Match or If-None-Match.", "\"5f0c1d2e3a4b5c6d\""),
        [RateLimit] = Header("Requests left (r) and the seconds until all are there again (t). Absent where nobody counts.", "\"shopper\";r=1199;t=1"),
        [RateLimitPolicy] = Header("The caller's quota: so many requests (q) in so many seconds (w). Absent where nobody counts.", "\"shopper\";q=1200;w=60"),
        [RetryAfter] = Header("Seconds to wait before trying again.", "1"),
        [Location] = Header("The address of what was made, where it has one.", "/api/v1/admin/products/0192f0c1-8f3a-7b1c-9d2e-3f4a5b6c7d8e"),
    };

    public static OpenApiOptions DescribeAnswerHeaders(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Headers = Known.ToDictionary(h => h.Key, IOpenApiHeader (h) => h.Value);
        var edited = document.Paths.Where(p => Operations(p.Value).Any(o => o.Value.Responses!.ContainsKey("428"))).Select(p => p.Key).ToList();
        foreach (var (path, item) in document.Paths)
            foreach (var (method, operation) in Operations(item))
                foreach (var (status, answer) in operation.Responses!)
                    if (answer is OpenApiResponse response && Of(path, method, operation, status, edited).ToList() is { Count: > 0 } names)
                        response.Headers = names.ToDictionary(name => name, IOpenApiHeader (name) => new OpenApiHeaderReference(name, document));
        return Task.CompletedTask;
    });

    private static IEnumerable<string> Of(string path, HttpMethod method, OpenApiOperation operation, string status, IReadOnlyList<string> edited)
    {
        var succeeds = status[0] is '2' or '3';
        if (status is "200" or "201" or "304" && HasVersion(path, method, operation, edited)) yield return ETag;
        if (status is "201" or "202" or "301") yield return Location;
        if ((succeeds || status == "429") && operation.Responses!.ContainsKey("429"))
        {
            yield return RateLimit;
            yield return RateLimitPolicy;
        }
        if (status is "429" or "503") yield return RetryAfter;
    }

    /// <summary>What is edited with If-Match is read, made and answered with its version; so is what a cache may ask for again.</summary>
    private static bool HasVersion(string path, HttpMethod method, OpenApiOperation operation, IReadOnlyList<string> edited)
    {
        if (operation.Responses!.ContainsKey("304") || operation.Responses.ContainsKey("428")) return true;
        if (method == HttpMethod.Get) return edited.Any(e => e == path || (path.EndsWith('}') && e.StartsWith($"{path}/", StringComparison.Ordinal)));
        return method == HttpMethod.Post && edited.Any(e => e.StartsWith($"{path}/{{", StringComparison.Ordinal) && e.EndsWith('}') && e.Count(c => c == '/') == path.Count(c => c == '/') + 1);
    }

    private static IEnumerable<KeyValuePair<HttpMethod, OpenApiOperation>> Operations(IOpenApiPathItem item) => item.Operations ?? [];

    private static OpenApiHeader Header(string description, string example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };
}
