namespace Frontend.Proxy.Answers;

/// <summary>Headers every answer of the shop carries, whoever wrote it.</summary>
public static class SecurityHeaders
{
    /// <summary>Sets them as the answer starts, over what a destination said.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
                headers.XFrameOptions = "DENY";
                // Browsers enforce every policy they are given, so this adds to a page's own one and weakens nothing.
                headers.Append("Content-Security-Policy", "frame-ancestors 'none'");
                if (context.Request.IsHttps)
                    headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
                return Task.CompletedTask;
            });
            return next(context);
        });
}
