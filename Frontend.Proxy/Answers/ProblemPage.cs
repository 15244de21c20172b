using System.Globalization;
using System.Net;
using System.Text;

namespace Frontend.Proxy.Answers;

/// <summary>The page a person sees when the storefront cannot draw one. It needs nothing but itself: no script, no font, no picture.</summary>
internal static class ProblemPage
{
    private const int Columns = 8;
    private const int TileSize = 40;
    private const int ReloadSeconds = 10;

    public static Task WriteAsync(HttpContext context, EdgeProblem problem, string traceId)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        // Only a page that was asked for by GET may be asked for again on its own.
        var reloads = problem.RetryAfter is not null && HttpMethods.IsGet(context.Request.Method);
        return context.Response.WriteAsync(Html(problem, traceId, reloads), context.RequestAborted);
    }

    private static string Html(EdgeProblem problem, string traceId, bool reloads) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        {{(reloads ? $"<meta http-equiv=\"refresh\" content=\"{ReloadSeconds}\">" : "")}}
        <title>{{WebUtility.HtmlEncode(problem.Title)}} · Oddgrain</title>
        <style>
          :root { color-scheme: light dark; --paper: #f2f2ee; --ink: #15171c; --soft: #55575c; --line: #1546d2; --card: #fbfbf8; }
          @media (prefers-color-scheme: dark) { :root { --paper: #121316; --ink: #ecebe5; --soft: #a3a49f; --line: #8fb1ff; --card: #191b1f; } }
          * { box-sizing: border-box; }
          body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--paper); color: var(--ink);
                 font: 17px/1.6 ui-serif, Georgia, "Times New Roman", serif; }
          main { width: min(100%, 560px); background: var(--card); border-radius: 14px; overflow: hidden; box-shadow: 0 1px 2px #0002, 0 18px 50px #0001; }
          svg { display: block; width: 100%; height: auto; background: var(--paper); stroke: var(--line); fill: none; stroke-width: 5; }
          div { padding: 28px 32px 30px; }
          p { margin: 0 0 12px; }
          .brand { margin: 0; font: 600 13px/1 ui-sans-serif, system-ui, sans-serif; letter-spacing: .14em; text-transform: uppercase; color: var(--line); }
          h1 { margin: 14px 0 10px; font-size: 32px; line-height: 1.15; font-weight: 600; text-wrap: balance; }
          .soft { color: var(--soft); font-size: 15px; }
          a { color: inherit; }
          code { font: 13px ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
        </style>
        </head>
        <body>
        <main>
        {{Picture(traceId)}}
        <div>
          <p class="brand">Oddgrain</p>
          <h1>{{WebUtility.HtmlEncode(problem.Title)}}</h1>
          <p>{{WebUtility.HtmlEncode(problem.Detail)}}</p>
          {{(reloads ? "<p class=\"soft\">This page tries again by itself every few seconds. <a href=\"\">Try now</a></p>" : "")}}
          <p class="soft">If you write to us, send this number along:<br><code>{{WebUtility.HtmlEncode(traceId)}}</code><br>
          The picture above grew from it. Status {{problem.Status.ToString(CultureInfo.InvariantCulture)}}, <code>{{WebUtility.HtmlEncode(problem.Code)}}</code>.</p>
        </div>
        </main>
        </body>
        </html>
        """;

    /// <summary>Truchet tiles: each hexadecimal digit of the trace id turns one tile, or draws it straight.</summary>
    private static string Picture(string traceId)
    {
        var tiles = new StringBuilder();
        const int Half = TileSize / 2;
        for (var i = 0; i < traceId.Length; i++)
        {
            var (x, y) = (i % Columns * TileSize, i / Columns * TileSize);
            var path = (traceId[i] % 4) switch
            {
                0 or 1 => $"M{x + Half} {y}a{Half} {Half} 0 0 1 -{Half} {Half}M{x + TileSize} {y + Half}a{Half} {Half} 0 0 0 -{Half} {Half}",
                2 => $"M{x + Half} {y}a{Half} {Half} 0 0 0 {Half} {Half}M{x} {y + Half}a{Half} {Half} 0 0 1 {Half} {Half}",
                _ => $"M{x + Half} {y}v{TileSize}M{x} {y + Half}h{TileSize}",
            };
            tiles.Append(path);
        }

        var rows = (traceId.Length + Columns - 1) / Columns;
        return $"""<svg viewBox="0 0 {Columns * TileSize} {rows * TileSize}" role="img" aria-label="A pattern of curved lines"><path d="{tiles}"/></svg>""";
    }
}
