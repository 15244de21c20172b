using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Mail;
using Commerce.Orders;
using Commerce.Payments;
using Microsoft.Extensions.Options;

namespace Worker.Mail;

/// <summary>Section <c>Mail</c>.</summary>
public sealed class MailOptions : IValidatableObject
{
    public const string Section = "Mail";

    /// <summary>The language of mails: an order does not say which one its shopper reads.</summary>
    public string Language { get; init; } = MailTexts.Default;

    /// <summary>Who is told of low stock, of refunds that failed, of disputes and of endpoints that were switched off: staff's mail addresses.</summary>
    public IReadOnlyList<string> StaffRecipients { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!MailTexts.Knows(Language)) yield return new ValidationResult($"Mail:Language={Language} is no language that mails are written in; accepted are {string.Join(", ", MailTexts.Languages)}.");
        foreach (var one in StaffRecipients.Where(one => !MailAddress.IsUsable(one)))
            yield return new ValidationResult($"Mail:StaffRecipients names '{one}', which is no address that mail can be sent to.");
    }
}

/// <summary>The mails about an order: what each says. A mail is made from the order as it is when it is sent.</summary>
public sealed class OrderMails(IOptions<PublicAddress> address, IOptions<MailOptions> options, IOptions<ShopTime> time)
{
    public const string Receipt = "receipt", ShippingNotice = "shipping-notice", TrackingNotice = "tracking-notice", Cancellation = "cancellation", RefundNotice = "refund-notice";

    private string Shop => address.Value.PublicUrl.TrimEnd('/');

    /// <param name="order">Paid, with its lines and payment.</param>
    /// <param name="facts">The same order, with what is not in stock yet.</param>
    public OutgoingMail ReceiptOf(Order order, OrderView facts)
    {
        var texts = MailTexts.For(options.Value.Language);
        return Mail(Receipt, order.Id, order, texts, new MailPage(
            texts["receipt.subject", facts.Number], texts["receipt.preheader", texts.Of(facts.Paid)],
            texts["receipt.title", facts.ShippingAddress.Name], texts["receipt.intro"], texts["foot.order", facts.Number])
        {
            Button = (texts["order.view"], address.Value.OrderPage(facts.Number, facts.Key)),
            Heading = new(texts["order"], facts.Number, texts["receipt.paid", texts.Of(time.Value.DayOf(facts.PaidAt!.Value))]),
            Rows = [.. facts.Lines.Select(line => RowOf(line, texts.Of(line.LineTotal), PiecesAt(line, texts)))],
            Sums = [.. SumsOf(facts, texts)],
            Total = TotalOf(facts, texts),
            Notes = [(texts["receipt.to"], Written(facts.ShippingAddress, texts)), (texts["receipt.next"], [texts["receipt.next.text"]])],
        });
    }

    /// <param name="order">With lines and fulfilments.</param>
    public OutgoingMail ShippingNoticeOf(Order order, Fulfilment parcel)
    {
        var texts = MailTexts.For(options.Value.Language);
        return Mail(ShippingNotice, parcel.Id, order, texts, PageOf(parcel, order, texts, texts["shipping.subject", order.Number], texts["shipping.preheader", order.ShippingAddress.City],
            texts["shipping.title"], texts["shipping.intro"]));
    }

    /// <param name="order">With lines and fulfilments.</param>
    /// <param name="parcel">One that can be followed, and was announced before.</param>
    public OutgoingMail TrackingNoticeOf(Order order, Fulfilment parcel)
    {
        var texts = MailTexts.For(options.Value.Language);
        return Mail(TrackingNotice, parcel.Id, order, texts, PageOf(parcel, order, texts, texts["tracking.subject", order.Number], texts["tracking.preheader", order.ShippingAddress.City],
            texts["tracking.title"], texts["tracking.intro"]));
    }

    private MailPage PageOf(Fulfilment parcel, Order order, MailTexts texts, string subject, string preheader, string title, string intro)
    {
        var facts = OrderView.Of(order);
        var lines = order.Lines.OrderBy(line => line.Position).Zip(facts.Lines).ToDictionary(pair => pair.First.Position, pair => pair.Second);
        var tracking = new[] { parcel.Carrier, parcel.TrackingNumber }.OfType<string>().Where(text => text != "").ToList();
        if (tracking.Count == 0 && !parcel.CanBeFollowed) tracking.Add(texts["shipping.letter"]);
        if (order.FulfilmentStatus == FulfilmentStatus.Partial) tracking.Add(texts["shipping.rest"]);
        return new MailPage(subject, preheader, title, intro, texts["foot.order", facts.Number])
        {
            Button = parcel.TrackingUrl is { } url ? (texts["shipping.track"], url) : (texts["order.view"], address.Value.OrderPage(facts.Number, facts.Key)),
            Heading = new(texts["order"], facts.Number, texts["shipping.sent", texts.Of(time.Value.DayOf(parcel.SentAt))]),
            Rows = [.. parcel.Lines.OrderBy(line => line.Position).Select(line => RowOf(lines[line.Position], $"{line.Quantity} ×", lines[line.Position].VariantTitle))],
            Notes = [(texts["shipping.to"], Written(facts.ShippingAddress, texts)), .. tracking.Count > 0 ? [(texts["shipping.parcel"], tracking)] : Array.Empty<(string, IReadOnlyList<string>)>()],
        };
    }

    /// <param name="order">Cancelled, with its lines, payment, refunds and disputes.</param>
    public OutgoingMail CancellationOf(Order order)
    {
        var (texts, facts) = (MailTexts.For(options.Value.Language), OrderView.Of(order));
        var before = order.Refunds.Where(refund => refund.Cause != RefundCause.Cancellation && refund.Status != RefundStatus.Failed).Sum(refund => refund.AmountMinor);
        var (away, left) = (order.Disputes.Sum(dispute => dispute.AwayMinor), order.Payment!.CapturedMinor - before);
        var money = order.PaidAt is null ? "cancellation.unpaid"
            : left <= 0 ? "cancellation.refunded"
            : away >= left ? "cancellation.disputed" : "cancellation.paid";
        return Mail(Cancellation, order.Id, order, texts, new MailPage(
            texts["cancellation.subject", facts.Number], texts["cancellation.preheader"], texts["cancellation.title"],
            texts[money], texts["foot.order", facts.Number])
        {
            Button = (texts["order.view"], address.Value.OrderPage(facts.Number, facts.Key)),
            Heading = new(texts["order"], facts.Number, texts["cancellation.on", texts.Of(time.Value.DayOf(order.ClosedAt!.Value))]),
            Rows = [.. facts.Lines.Select(line => RowOf(line, texts.Of(line.LineTotal), PiecesAt(line, texts)))],
        });
    }

    /// <param name="order">With its lines.</param>
    public OutgoingMail RefundNoticeOf(Order order, Refund refund)
    {
        var (texts, facts) = (MailTexts.For(options.Value.Language), OrderView.Of(order));
        var amount = texts.Of(new Money(refund.AmountMinor, refund.Currency));
        var lines = order.Lines.OrderBy(line => line.Position).Zip(facts.Lines).ToDictionary(pair => pair.First.Position, pair => pair.Second);
        return Mail(RefundNotice, refund.Id, order, texts, new MailPage(
            texts["refund.subject", facts.Number], texts["refund.preheader", amount], texts["refund.title", amount], texts[refund.Cause == RefundCause.LatePayment ? "refund.intro-late" : "refund.intro"], texts["foot.order", facts.Number])
        {
            Button = (texts["order.view"], address.Value.OrderPage(facts.Number, facts.Key)),
            Heading = new(texts["order"], facts.Number, texts["refund.on", texts.Of(time.Value.DayOf(refund.SettledAt ?? refund.RequestedAt))]),
            Rows = [.. refund.Lines.OrderBy(line => line.Position).Select(line => RowOf(lines[line.Position], $"{line.Quantity} ×", lines[line.Position].VariantTitle))],
            Total = (texts["refund.sum"], amount, ""),
        });
    }

    /// <summary>The rows above the last one. They add up to the total; tax that is inside them is said with it.</summary>
    private static IEnumerable<(string Label, string Value)> SumsOf(OrderView order, MailTexts texts)
    {
        yield return (texts["sum.subtotal"], texts.Of(order.Subtotal));
        yield return (texts["sum.shipping"], order.Shipping.AmountMinor == 0 ? texts["free"] : texts.Of(order.Shipping));
        if (!order.PricesIncludeTax && IsTaxed(order)) yield return (texts["sum.tax"], texts.Of(order.TaxIncluded));
        if (IsPaidWhole(order)) yield break;
        yield return (texts["sum.total"], texts.Of(order.Total));
        if (order.PricesIncludeTax && IsTaxed(order)) yield return (texts["sum.tax-of-which"], texts.Of(order.TaxIncluded));
    }

    private static (string Label, string Value, string Note) TotalOf(OrderView order, MailTexts texts) => IsPaidWhole(order)
        ? (texts["sum.total-paid"], texts.Of(order.Paid), order.PricesIncludeTax && IsTaxed(order) ? texts["sum.tax-inside", texts.Of(order.TaxIncluded)] : "")
        : (texts["sum.paid"], texts.Of(order.Paid), "");

    private static bool IsTaxed(OrderView order) => order.TaxIncluded.AmountMinor > 0;

    private static bool IsPaidWhole(OrderView order) => order.Paid == order.Total;

    private OutgoingMail Mail(string template, Guid subjectId, Order order, MailTexts texts, MailPage page) =>
        new(template, subjectId, order.Email, page.Subject, MailLayout.Html(page, texts, Shop), MailLayout.Text(page, texts, Shop));

    private MailRow RowOf(OrderLineView line, string amount, string details) => new(
        line.Title, details is "Default Title" ? "" : details, amount, $"{Shop}/products/{line.ProductSlug}",
        line.Image is { } image ? $"{Shop}/media/{image.Hash}/320.jpg" : null, line.Image?.Alt ?? "");

    private static string PiecesAt(OrderLineView line, MailTexts texts)
    {
        var pieces = line.Quantity == 1 ? texts["line.one"] : texts["line.many", line.Quantity, texts.Of(line.UnitPrice)];
        if (line.Awaited > 0) pieces = $"{pieces}. {(line.Awaited == line.Quantity ? texts["line.awaited"] : texts["line.awaited-some", line.Awaited])}";
        return line.VariantTitle is "" or "Default Title" ? pieces : $"{line.VariantTitle}, {pieces}";
    }

    private static List<string> Written(Address to, MailTexts texts) =>
        [.. new[] { to.Name, to.Line1, to.Line2, TownOf(to), texts.Country(to.CountryCode) }.OfType<string>().Where(line => line.Length > 0)];

    /// <summary>With the postal code where mail there expects it. The storefront writes it alike (<c>lib/countries.ts</c>).</summary>
    private static string TownOf(Address to)
    {
        string?[] parts = to.CountryCode is "AU" or "CA" or "GB" or "IE" or "US" ? [to.City, to.Region, to.PostalCode] : [to.PostalCode, to.City, to.Region];
        return string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
