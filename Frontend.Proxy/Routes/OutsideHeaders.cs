namespace Frontend.Proxy.Routes;

/// <summary>
/// Headers that services behind the edge believe. Whoever stands outside does not get to send them: they are removed
/// before anything reads them, and what is true is set again by the edge itself.
/// </summary>
public static class OutsideHeaders
{
    // x-middleware-subrequest made Next.js skip its middleware (CVE-2025-29927); x-vercel-* and cloudfront-* carry country and address.
    private static readonly string[] Prefixes =
        ["x-forwarded-", "x-vercel-", "x-middleware-", "x-now-", "x-invoke-", "x-original-", "x-envoy-", "x-amzn-", "x-amz-", "cloudfront-", "cf-", "x-oddgrain-"];

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "Fastly-Client-IP", "X-Rewrite-Url",
        "X-Matched-Path", "X-Prerender-Revalidate", "X-HTTP-Method-Override", "Proxy", "Proxy-Authorization",
        "traceparent", "tracestate", "baggage", "Request-Id", "Correlation-Context", "b3",
    };

    /// <summary>Whether a header may come in from outside.</summary>
    public static bool IsTrusted(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Removes them from every request.</summary>
    public static void UseOutsideHeadersStripped(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            foreach (var name in context.Request.Headers.Keys.Where(IsTrusted).ToList())
                context.Request.Headers.Remove(name);
            return next(context);
        });
}
