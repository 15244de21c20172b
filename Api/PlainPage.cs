using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api;

/// <summary>The frame of the few pages that the Api itself shows: one self-contained document without scripts, light, dark and on a phone.</summary>
internal static class PlainPage
{
    private const string Css = """
        :root{color-scheme:light dark;--ink:#1c1b1a;--dim:#6b6660;--line:#dcd7d0;--paper:#faf8f5;--card:#fff;--bad:#a4262c;--good:#2c6e49}
        @media(prefers-color-scheme:dark){:root{--ink:#ece8e1;--dim:#a39c92;--line:#3a3733;--paper:#171614;--card:#201f1c;--bad:#ff8a80;--good:#8fd3a8}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
        main{max-width:72rem;margin:0 auto;padding:1rem}main.short{max-width:34rem;padding-top:12vh}h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
        .wide{position:relative;overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
        table{border-collapse:collapse;width:100%}th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
        tr:last-child td{border-bottom:0}th{font-weight:600;color:var(--dim);font-size:.8rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        .dim{color:var(--dim)}.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
        .note{padding:.6rem .9rem;border-radius:8px;border:1px solid var(--line);background:var(--card);margin:.5rem 0}.note.bad{border-color:var(--bad)}
        code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}form{display:flex;gap:.4rem;flex-wrap:wrap;margin:.25rem 0}
        input,button{font:inherit;padding:.35rem .6rem;border-radius:6px;border:1px solid var(--line);background:var(--paper);color:inherit;min-height:2.2rem}
        input{min-width:8rem;flex:1}button{cursor:pointer;font-weight:600}:focus-visible{outline:2px solid var(--good);outline-offset:2px}a{color:inherit}
        @media(max-width:40rem){thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}tr,td{display:block}td{border:0;padding:.15rem .75rem}td.n{text-align:left}
        td[data-l]::before{content:attr(data-l)": ";color:var(--dim)}tr{border-bottom:1px solid var(--line);padding:.5rem 0}}
        """;

    /// <param name="title">Plain text without markup.</param>
    /// <param name="body">HTML: every value encoded on its way in.</param>
    /// <param name="isShort">A few words in the middle instead of tables.</param>
    public static ContentHttpResult Answer(HttpContext context, string title, string body, bool isShort = false, int status = StatusCodes.Status200OK)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        return TypedResults.Content(
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
            <style nonce="{nonce}">{Css}</style></head><body><main{(isShort ? " class=\"short\"" : "")}>{body}</main></body></html>
            """, "text/html; charset=utf-8", statusCode: status);
    }
}
