namespace Local.Web;

/// <summary>What all pages of an emulator have around them, its style sheet and its script: out of the assembly, so they are there however it is started.</summary>
/// <param name="Name">In the title, behind the page's own.</param>
/// <param name="Header">On top of every page.</param>
/// <param name="Assets">Where style sheet and script are served: <c>/assets/</c>.</param>
/// <param name="File">Their name without ending.</param>
/// <param name="Policy">Directives of the content security policy besides the strict ones.</param>
internal sealed record Emulator(string Name, Html Header, string Assets, string File, string Policy)
{
    /// <summary>A whole page.</summary>
    /// <param name="title">Of this page.</param>
    /// <param name="main">Its content.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="mayGoTo">Addresses a form may lead to besides the emulator's own; browsers hold redirects after a form to the policy.</param>
    public IResult Page(string title, Html main, int status = StatusCodes.Status200OK, params IEnumerable<string?> mayGoTo) => new PageResult(Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <meta name="robots" content="noindex">
          <title>{title} · {Name}</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="{Assets}{File}.css">
          <script src="{Assets}{File}.js" defer></script>
        </head>
        <body>
          <a class="skip" href="#main">Skip to the content</a>
          {Header}
          {main}
        </body>
        </html>
        """), status, $"{Policy}; form-action 'self' {string.Join(' ', mayGoTo.Select(Origin).OfType<string>().Distinct())}");

    public void MapAssets(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Assets}{File}.css", () => Results.Bytes(Read($"{File}.css"), "text/css; charset=utf-8"));
        app.MapGet($"{Assets}{File}.js", () => Results.Bytes(Read($"{File}.js"), "text/javascript; charset=utf-8"));
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(Emulator).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string? Origin(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;

    private sealed class PageResult(Html markup, int status, string policy) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'; {policy}";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(markup.ToString(), context.RequestAborted);
        }
    }
}
