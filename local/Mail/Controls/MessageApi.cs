using Local.Mail.Mailbox;

namespace Local.Mail.Controls;

/// <summary>The messages as JSON, for tests.</summary>
internal static class MessageApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/messages", List);
        app.MapGet("/api/messages/{id}", ShowAsync);
        app.MapGet("/api/messages/{id}/source", (string id, MessageStore store) =>
            store.Find(id) is { } message ? Results.Stream(store.Open(message), "message/rfc822", id + ".eml") : Results.NotFound());
        app.MapDelete("/api/messages/{id}", (string id, MessageStore store) => store.Delete(id) ? Results.NoContent() : Results.NotFound());
        app.MapDelete("/api/messages", (MessageStore store) => Results.Ok(new { deleted = store.Clear() }));
    }

    /// <summary>Newest first; <c>to</c>, <c>subject</c> and <c>from</c> match a part of the text, whatever the case.</summary>
    private static IResult List(MessageStore store, string? to, string? subject, string? from, int? limit)
    {
        if (limit is < 1 or > MaxLimit)
            return Results.BadRequest($"limit is 1 to {MaxLimit}.");
        var found = store.Search(to, subject, from).ToList();
        return Results.Ok(new { total = found.Count, items = found.Take(limit ?? DefaultLimit) });
    }

    private static async Task<IResult> ShowAsync(string id, MessageStore store, CancellationToken cancellation)
    {
        if (store.Find(id) is not { } summary)
            return Results.NotFound();
        using var message = await store.LoadAsync(summary, cancellation);
        return Results.Ok(new
        {
            summary.Id,
            summary.ReceivedAt,
            summary.From,
            summary.To,
            summary.Subject,
            summary.Size,
            summary.MessageId,
            summary.TraceParent,
            summary.TraceId,
            // Lists, not queries: the message is disposed before the answer is written.
            Headers = message.Headers.Select(header => new { Name = header.Field, header.Value }).ToList(),
            Text = message.TextBody,
            Html = message.HtmlBody,
            Attachments = MailContent.Parts(message).Select((part, index) => new
            {
                Index = index,
                Name = MailContent.Name(part, index),
                ContentType = part.ContentType.MimeType,
                Url = $"/messages/{id}/parts/{index}",
            }).ToList(),
        });
    }
}
