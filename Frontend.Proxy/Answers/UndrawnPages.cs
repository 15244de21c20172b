using System.Net;
using Yarp.ReverseProxy.Transforms;

namespace Frontend.Proxy.Answers;

/// <summary>
/// Next.js answers for a piece that is not there, and for a page that failed, with a document whose body only its script draws (vercel/next.js#62228): blank without
/// scripts, and until they have run. For an address that no page has it sends its words for "not found" as HTML, so that is asked for in the first one's stead; what
/// failed is answered by the edge's own page, which tries again by itself. The status stays that of the first answer.
/// </summary>
internal sealed class UndrawnPages : ResponseTransform
{
    /// <summary>No page of the storefront has this address, as Next itself calls it.</summary>
    private const string NotFoundPath = "/_not-found";

    private static readonly EdgeProblem Failed = new(
        StatusCodes.Status500InternalServerError, "edge.page-failed", "The press has jammed",
        "Something behind this page did not answer. That is our fault, not yours. Nothing you did is lost: baskets and orders are kept elsewhere.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>What told of the body, which is another one now.</summary>
    private static readonly string[] OfBody = ["Content-Length", "Content-Encoding", "ETag", "Link"];

    public override ValueTask ApplyAsync(ResponseTransformContext context) => context.ProxyResponse switch
    {
        { StatusCode: HttpStatusCode.NotFound } first when IsPage(first) && HttpMethods.IsGet(context.HttpContext.Request.Method) => DrawNotFoundAsync(context, first),
        { StatusCode: HttpStatusCode.InternalServerError } first when IsPage(first) && !HttpMethods.IsHead(context.HttpContext.Request.Method) => DrawFailedAsync(context),
        _ => ValueTask.CompletedTask,
    };

    private static bool IsPage(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == "text/html";

    private static async ValueTask DrawFailedAsync(ResponseTransformContext context)
    {
        context.SuppressResponseBody = true;
        await Failed.WriteAsync(context.HttpContext);
    }

    private static async ValueTask DrawNotFoundAsync(ResponseTransformContext context, HttpResponseMessage first)
    {
        if (first.RequestMessage is not { RequestUri: { } asked } request || asked.AbsolutePath == NotFoundPath) return;
        var http = context.HttpContext;
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(asked, NotFoundPath)) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var (name, values) in request.Headers.NonValidated) question.Headers.TryAddWithoutValidation(name, values);
        try
        {
            using var second = await http.GetReverseProxyFeature().Cluster.HttpClient.SendAsync(question, http.RequestAborted);
            if (second.StatusCode != HttpStatusCode.NotFound || !IsPage(second)) return;
            var page = await second.Content.ReadAsByteArrayAsync(http.RequestAborted);
            foreach (var name in OfBody) http.Response.Headers.Remove(name);
            http.Response.Headers.ContentEncoding = second.Content.Headers.ContentEncoding.ToArray();
            http.Response.ContentLength = page.Length;
            context.SuppressResponseBody = true;
            await http.Response.Body.WriteAsync(page, http.RequestAborted);
        }
        catch (HttpRequestException)
        {
            // The first answer is one too.
        }
    }
}
