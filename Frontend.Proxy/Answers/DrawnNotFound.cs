using System.Net;
using Yarp.ReverseProxy.Transforms;

namespace Frontend.Proxy.Answers;

/// <summary>
/// Next.js answers for a piece that is not there with a document whose body only its script draws (vercel/next.js#62228): blank without scripts, and until they have
/// run. For an address that no page has, it sends the same words as HTML. So that is asked for in its stead; status and address stay those of the first answer.
/// </summary>
internal sealed class DrawnNotFound : ResponseTransform
{
    /// <summary>No page of the storefront has this address, as Next itself calls it.</summary>
    private const string Undrawn = "/_not-found";

    /// <summary>What the body was told by, and is another one now.</summary>
    private static readonly string[] OfBody = ["Content-Length", "Content-Encoding", "ETag", "Link"];

    public override async ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var http = context.HttpContext;
        if (context.ProxyResponse is not { StatusCode: HttpStatusCode.NotFound, RequestMessage: { RequestUri: { } asked } request } first) return;
        if (!IsPage(first) || !HttpMethods.IsGet(http.Request.Method) || asked.AbsolutePath == Undrawn) return;

        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(asked, Undrawn)) { Version = request.Version, VersionPolicy = request.VersionPolicy };
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

    private static bool IsPage(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == "text/html";
}
