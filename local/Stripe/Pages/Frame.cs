using Local.Web;

namespace Local.Stripe.Pages;

/// <summary>What every page of the emulator has around it.</summary>
internal static class Frame
{
    /// <summary>A whole page. <paramref name="mayGoTo"/>: addresses a form may lead to besides the emulator's own; browsers hold redirects after a form to the policy.</summary>
    public static IResult Page(string title, Html body, int status = StatusCodes.Status200OK, params IEnumerable<string?> mayGoTo) =>
        new PageResult(Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <meta name="robots" content="noindex">
              <title>{title}</title>
              <link rel="icon" href="data:,">
              <link rel="stylesheet" href="{Assets.Style}">
              <script src="{Assets.Script}" defer></script>
            </head>
            <body>
              <a class="skip" href="#main">Skip to the content</a>
              <header class="strip"><p><strong>Tin Till</strong> <span>Test emulator of the Stripe protocol. No bank is asked and no money moves.</span></p></header>
              {body}
            </body>
            </html>
            """), status, string.Join(' ', mayGoTo.Select(Origin).OfType<string>().Distinct()));

    private static string? Origin(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;

    private sealed class PageResult(Html markup, int status, string formTargets) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: http: https:; form-action 'self' {formTargets}; base-uri 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(markup.ToString(), context.RequestAborted);
        }
    }
}
