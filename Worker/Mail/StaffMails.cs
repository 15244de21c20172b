using System.Linq.Expressions;
using Commerce;
using Commerce.Catalog;
using Commerce.Mail;
using Commerce.Payments;
using Commerce.Webhooks;
using Microsoft.Extensions.Options;

namespace Worker.Mail;

/// <summary>A variant that runs low, as staff are told of it.</summary>
public sealed record LowVariant(Guid Id, string Title, string Slug, string? Sku, IReadOnlyList<string> Options, int Available)
{
    /// <summary>What staff are told of: what is low and is sold. Nobody refills what is archived.</summary>
    public static readonly Expression<Func<Variant, bool>> IsTold = v => v.Product.ArchivedAt == null && v.Stock.Any(s => s.IsLow);

    public string Name => Options.Count == 0 ? Title : $"{Title}, {string.Join(" / ", Options)}";

    /// <summary>Variants of the query with what can still be sold of them.</summary>
    public static IQueryable<LowVariant> Of(IQueryable<Variant> variants, ShopDb db) => variants.Join(db.Products, v => v.ProductId, p => p.Id,
        (v, p) => new LowVariant(v.Id, p.Title, p.Slug, v.Sku, v.Options, v.Stock.Sum(s => s.OnHand - s.Reserved)));
}

/// <summary>Who reads a mail, and by what it is stopped.</summary>
public sealed record StaffReader(string Address, Guid SubscriptionId);

/// <summary>What the mails to staff say. Each has a link and, for mailboxes that offer it themselves, the one click that stop them.</summary>
public sealed class StaffMails(IOptions<MailOptions> options, IOptions<PublicAddress> address, IOptions<ShopTime> time, IOptions<StripeOptions> stripe)
{
    /// <summary>By the word of Stripe (docs.stripe.com/refunds#failed-refunds), or the shop's own.</summary>
    private static readonly Dictionary<string, string> RefundFailures = new()
    {
        ["lost_or_stolen_card"] = "refund-failure.reason.lost-or-stolen-card",
        ["expired_or_canceled_card"] = "refund-failure.reason.expired-or-canceled-card",
        ["charge_for_pending_refund_disputed"] = "refund-failure.reason.charge-for-pending-refund-disputed",
        ["insufficient_funds"] = "refund-failure.reason.insufficient-funds",
        ["declined"] = "refund-failure.reason.declined",
        ["merchant_request"] = "refund-failure.reason.merchant-request",
        [Refund.NoRoom] = "refund-failure.reason.refunded-at-stripe",
        ["unknown"] = "refund-failure.reason.unknown",
    };

    private string Shop => address.Value.PublicUrl.TrimEnd('/');

    private MailTexts Texts => MailTexts.For(options.Value.Language);

    public OutgoingMail LowStockOf(LowVariant variant, StaffReader reader)
    {
        var words = new MailPage(Texts["low-stock.subject", variant.Name], Texts["low-stock.preheader", variant.Available],
            Texts["low-stock.title", variant.Name], Texts["low-stock.intro", variant.Available], Texts["foot.staff"]);
        return Mail(MailTopics.LowStock, variant.Id, reader, words with { Rows = [RowOf(variant)] });
    }

    /// <param name="digestId">Of the job that asked for it.</param>
    /// <param name="count">Of all that is low.</param>
    /// <param name="variants">As many of them as the mail shows.</param>
    /// <param name="reader">To whom.</param>
    public OutgoingMail DigestOf(Guid digestId, int count, IReadOnlyList<LowVariant> variants, StaffReader reader)
    {
        var words = new MailPage(Texts["digest.subject", count], Texts["digest.preheader"], Texts["digest.title"], Texts["digest.intro", count], Texts["foot.staff"]);
        return Mail(MailTopics.LowStockDigest, digestId, reader, words with { Rows = [.. variants.Select(RowOf)] });
    }

    /// <param name="endpoint">Switched off.</param>
    /// <param name="reader">To whom.</param>
    public OutgoingMail WebhookNoticeOf(WebhookEndpoint endpoint, StaffReader reader)
    {
        var words = new MailPage(Texts["webhook.subject", new Uri(endpoint.Url).Host], endpoint.DisabledReason!,
            Texts["webhook.title"], Texts["webhook.intro", endpoint.Url, WebhookEvent.Keep.TotalDays], Texts["foot.webhook"]);
        return Mail(MailTopics.WebhookNotice, endpoint.Id, reader, words with { Notes = [(Texts["webhook.reason"], [endpoint.DisabledReason!])] });
    }

    /// <param name="number">Of its order.</param>
    /// <param name="refund">Failed.</param>
    /// <param name="reader">To whom.</param>
    public OutgoingMail RefundFailureOf(string number, Refund refund, StaffReader reader)
    {
        var amount = Texts.Of(new Money(refund.AmountMinor, refund.Currency));
        var why = refund.FailureReason == Refund.NoRoom ? "refund-failure.no-room" : "refund-failure.intro";
        var words = new MailPage(Texts["refund-failure.subject", number], Texts["refund-failure.title", amount], Texts["refund-failure.title", amount], Texts[why, number], Texts["foot.orders"]);
        return Mail(MailTopics.RefundFailure, refund.Id, reader, words with { Notes = [(Texts["webhook.reason"], [ReasonOf(refund)])] });
    }

    private string ReasonOf(Refund refund) =>
        RefundFailures.TryGetValue(refund.FailureReason!, out var key) ? Texts[key] : Texts["refund-failure.reason.other", refund.FailureReason!.Replace('_', ' ')];

    /// <param name="notice">Of a dispute that is not decided.</param>
    /// <param name="reader">To whom.</param>
    public OutgoingMail DisputeNoticeOf(DisputeNotice notice, StaffReader reader) =>
        Mail(MailTopics.DisputeNotice, notice.Dispute.Id, reader, notice.PageIn(Texts, time.Value, stripe.Value.DashboardPage(notice.PaymentIntentId)));

    private MailRow RowOf(LowVariant variant) => new(variant.Name, variant.Sku ?? "", Texts["low-stock.count", variant.Available], $"{Shop}/products/{variant.Slug}");

    private OutgoingMail Mail(string template, Guid subjectId, StaffReader reader, MailPage words)
    {
        var page = words with { UnsubscribeUrl = $"{Shop}/api/v1/mail/subscriptions/{reader.SubscriptionId}" };
        return new OutgoingMail(template, subjectId, reader.Address, page.Subject, MailLayout.Html(page, Texts, Shop), MailLayout.Text(page, Texts, Shop), page.UnsubscribeUrl);
    }
}
