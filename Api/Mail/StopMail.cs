using Commerce;
using Commerce.Mail;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Api.Mail;

/// <summary>
/// <c>/api/v1/mail/subscriptions/{id}</c>: where a mail is stopped. POST is RFC 8058's one click, sent by the mailbox itself without a session; GET only
/// asks, because scanners follow links. The address is the only key, so whoever was sent the mail needs no account.
/// </summary>
public static class StopMail
{
    private static readonly Dictionary<string, string> Topics = new()
    {
        [MailTopics.LowStock] = "a product runs low",
        [MailTopics.LowStockDigest] = "the day's list of what runs low is made",
        [MailTopics.RefundFailure] = "a refund has failed",
        [MailTopics.DisputeNotice] = "a shopper disputes a payment",
        [MailTopics.WebhookNotice] = "a webhook endpoint is switched off",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("/mail/subscriptions/{id:guid}").ExcludeFromDescription();
        page.MapGet("", AskAsync);
        page.MapPost("", StopAsync).DisableAntiforgery();
    }

    private static async Task<ContentHttpResult> AskAsync(Guid id, HttpContext context, ShopDb db, CancellationToken cancellation) =>
        Show(context, await db.FindMailSubscriptionAsync(id, cancellation));

    private static async Task<ContentHttpResult> StopAsync(
        Guid id, [FromForm] string? mails, HttpContext context, ShopDb db, TimeProvider time, CancellationToken cancellation) =>
        Show(context, await db.StopMailAsync(id, isStopped: mails != "send", time.GetUtcNow(), cancellation));

    private static ContentHttpResult Show(HttpContext context, MailSubscriptionView? subscription)
    {
        if (subscription is null)
            return PlainPage.Answer(context, "Mails", "<h1>No such mails</h1><p>This link belongs to no mail of ours.</p>", isShort: true, StatusCodes.Status404NotFound);
        var when = Topics.GetValueOrDefault(subscription.Topic, subscription.Topic);
        return PlainPage.Answer(context, "Mails", subscription.IsStopped
            ? $"""<h1>These mails are stopped</h1><p>You are no longer mailed when {when}.</p><form method="post"><input type="hidden" name="mails" value="send"><button>Mail me again</button></form>"""
            : $"""<h1>Stop these mails?</h1><p>You are mailed when {when}.</p><form method="post"><input type="hidden" name="mails" value="stop"><button>Stop them</button></form>""", isShort: true);
    }
}
