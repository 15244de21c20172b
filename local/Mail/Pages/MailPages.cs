using System.Net.Mime;
using Local.Mail.Mailbox;
using Local.Mail.Smtp;

namespace Local.Mail.Pages;

/// <summary>The pages: the list, a message, and what is inside it.</summary>
internal static class MailPages
{
    /// <summary>A mail is a stranger's page: no script, no form, no frame, an origin of its own.</summary>
    private const string PreviewPolicy = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    private static readonly string[] SafeToShow = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (MessageStore store, SmtpListener listener, string? q) => ListPage.Show(Found(store, q), q, listener.Port));
        app.MapGet("/messages/{id}", ShowAsync);
        app.MapGet("/messages/{id}/html", PreviewAsync);
        app.MapGet("/messages/{id}/parts/{index:int}", PartAsync);
        app.MapPost("/messages/{id}/delete", (string id, MessageStore store) => store.Delete(id) ? Results.Redirect("/") : ListPage.Gone());
        app.MapPost("/messages/delete", (MessageStore store) =>
        {
            store.Clear();
            return Results.Redirect("/");
        });
    }

    /// <summary>The search of the page: recipient, sender or subject.</summary>
    private static List<MailSummary> Found(MessageStore store, string? words) => string.IsNullOrWhiteSpace(words)
        ? [.. store.Newest()]
        : [.. store.Newest().Where(message => $"{message.From}\n{string.Join('\n', message.To)}\n{message.Subject}\n{message.TraceId}".Contains(words.Trim(), StringComparison.OrdinalIgnoreCase))];

    private static async Task<IResult> ShowAsync(string id, string? view, MessageStore store, CancellationToken cancellation)
    {
        if (store.Find(id) is not { } summary)
            return ListPage.Gone();
        using var message = await store.LoadAsync(summary, cancellation);
        var source = "";
        if (view == MessagePage.Source)
        {
            using var reader = new StreamReader(store.Open(summary));
            source = await reader.ReadToEndAsync(cancellation);
        }
        return MessagePage.Show(summary, message, view, source);
    }

    private static async Task<IResult> PreviewAsync(string id, MessageStore store, HttpResponse response, CancellationToken cancellation)
    {
        if (store.Find(id) is not { } summary)
            return Results.NotFound();
        using var message = await store.LoadAsync(summary, cancellation);
        if (MailContent.Preview(message, $"/messages/{id}/parts") is not { } html)
            return Results.NotFound();
        response.Headers.ContentSecurityPolicy = PreviewPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Text(html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> PartAsync(string id, int index, MessageStore store, HttpResponse response, CancellationToken cancellation)
    {
        if (store.Find(id) is not { } summary)
            return Results.NotFound();
        using var message = await store.LoadAsync(summary, cancellation);
        if (MailContent.Parts(message).ElementAtOrDefault(index) is not { } part)
            return Results.NotFound();
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        var bytes = await MailContent.BytesAsync(part, cancellation);
        return SafeToShow.Contains(part.ContentType.MimeType, StringComparer.OrdinalIgnoreCase)
            ? Results.Bytes(bytes, part.ContentType.MimeType)
            : Results.File(bytes, MediaTypeNames.Application.Octet, MailContent.Name(part, index));
    }
}
