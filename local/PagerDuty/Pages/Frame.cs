using Local.Web;

namespace Local.PagerDuty.Pages;

/// <summary>What every page has around it.</summary>
internal static class Frame
{
    public static IResult Page(string title, Html body, int status = StatusCodes.Status200OK) => new PageResult(Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <meta name="robots" content="noindex">
          <title>{title} · Night Bell</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="{Assets.Style}">
          <script src="{Assets.Script}" defer></script>
        </head>
        <body>
          <a class="skip" href="#main">Skip to the content</a>
          <header class="bar">
            <a class="name" href="/">Night Bell</a>
            <p>PagerDuty's stand-in. It rings for nobody, but it would have.</p>
          </header>
          <main id="main">
          {body}
          </main>
        </body>
        </html>
        """), status);

    private sealed class PageResult(Html markup, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(markup.ToString(), context.RequestAborted);
        }
    }
}
