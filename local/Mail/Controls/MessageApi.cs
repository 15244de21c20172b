using System.ComponentModel.DataAnnotations;
using Local.Mail.Mailbox;
using Local.Web;

namespace Local.Mail.Controls;

/// <summary>The messages as JSON, for tests.</summary>
internal static class MessageApi
{
    private const string Url = "/api/messages";

    public static void Map(IEndpointRouteBuilder app, MessageStore store)
    {
        app.MapGet(Url, Control.Query<ListRequest>(request => List(store, request)));
        app.MapGet(Url + "/{id}", ShowAsync);
        app.MapGet(Url + "/{id}/source", Control.Plain(id =>
            store.Find(id) is { } message ? Results.Stream(store.Open(message), "message/rfc822", id + ".eml") : Unknown(id)));
        app.MapDelete(Url + "/{id}", Control.Plain(id => store.Delete(id) ? Results.NoContent() : Unknown(id)));
        app.MapDelete(Url, Control.Plain(() => Results.Ok(new { deleted = store.Clear() })));
        Control.MapRest(app, "/api");
    }

    private static IResult Unknown(string id) => Refusal.Unknown("message", id, Url);

    /// <summary>Newest first; <c>to</c>, <c>subject</c> and <c>from</c> match a part of the text, whatever the case.</summary>
    private static IResult List(MessageStore store, ListRequest request)
    {
        var found = store.Search(request.To, request.Subject, request.From).ToList();
        return Results.Ok(new { total = found.Count, items = found.Take(request.Limit) });
    }

    private static async Task<IResult> ShowAsync(string id, MessageStore store, CancellationToken cancellation)
    {
        if (store.Find(id) is not { } summary)
            return Unknown(id);
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

/// <summary>Which messages are listed, and how many of them.</summary>
internal sealed record ListRequest
{
    public string? To { get; init; }

    public string? Subject { get; init; }

    public string? From { get; init; }

    [Range(1, 1000)]
    public int Limit { get; init; } = 50;
}
