using System.Collections.Frozen;
using Commerce;
using Commerce.Payments;

namespace Worker.Mail;

/// <summary>A dispute as staff are told of it.</summary>
/// <param name="Number">Of its order.</param>
/// <param name="PaymentIntentId">Stripe's id of the payment, by which its dashboard shows it.</param>
public sealed record DisputeNotice(Dispute Dispute, string Number, string? PaymentIntentId)
{
    /// <summary>What Stripe's reasons mean (docs.stripe.com/disputes/categories). One that is newer than this list is told in Stripe's word.</summary>
    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["bank_cannot_process"] = "dispute.reason.bank-cannot-process",
        ["check_returned"] = "dispute.reason.check-returned",
        ["credit_not_processed"] = "dispute.reason.credit-not-processed",
        ["customer_initiated"] = "dispute.reason.customer-initiated",
        ["debit_not_authorized"] = "dispute.reason.debit-not-authorized",
        ["duplicate"] = "dispute.reason.duplicate",
        ["fraudulent"] = "dispute.reason.fraudulent",
        ["general"] = "dispute.reason.general",
        ["incorrect_account_details"] = "dispute.reason.incorrect-account-details",
        ["insufficient_funds"] = "dispute.reason.insufficient-funds",
        ["noncompliant"] = "dispute.reason.noncompliant",
        ["product_not_received"] = "dispute.reason.product-not-received",
        ["product_unacceptable"] = "dispute.reason.product-unacceptable",
        ["subscription_canceled"] = "dispute.reason.subscription-canceled",
        ["unrecognized"] = "dispute.reason.unrecognized",
    }.ToFrozenDictionary();

    /// <summary>The bank only asks, and may dispute later.</summary>
    private bool IsInquiry => Dispute.Status.StartsWith("warning_", StringComparison.Ordinal);

    /// <summary>Somebody has handed in evidence already.</summary>
    private bool IsAnswered => Dispute.Status is "under_review" or "warning_under_review";

    public MailPage PageIn(MailTexts texts, ShopTime time, string dashboard)
    {
        var amount = texts.Of(new Money(Dispute.AmountMinor, Dispute.Currency));
        var title = texts[IsInquiry ? "dispute.title-inquiry" : "dispute.title", amount];
        var intro = texts[IsInquiry ? "dispute.intro-inquiry" : "dispute.intro", Number, amount];
        return new MailPage(texts[IsInquiry ? "dispute.subject-inquiry" : "dispute.subject", Number, amount], title, title, intro, texts["foot.orders"])
        {
            Button = (texts["dispute.act"], dashboard),
            Notes = [(texts["dispute.reason"], [ReasonIn(texts)]), (texts["dispute.due"], [DueIn(texts, time)])],
        };
    }

    private string ReasonIn(MailTexts texts) => Reasons.TryGetValue(Dispute.Reason, out var key) ? texts[key] : texts["dispute.reason.other", Dispute.Reason.Replace('_', ' ')];

    private string DueIn(MailTexts texts, ShopTime time) =>
        IsAnswered ? texts["dispute.due-answered"]
        : Dispute.EvidenceDueBy is not { } due ? texts["dispute.due-unknown"]
        : texts["dispute.due-by", texts.Of(time.DayOf(due)), time.HourOf(due), time.TimeZone];
}
