using System.Text.Encodings.Web;
using System.Text.Json;
using Commerce.Catalog;
using Commerce.Payments;

namespace Commerce.Orders;

/// <summary>
/// An order as its buyer sees it. Key is the secret half of its address. Subtotal and shipping are as the shop shows prices: with tax inside
/// exactly if pricesIncludeTax. Total is what it costs, and taxIncluded the tax in it. Paid is what was taken for it: nothing before, less than the total
/// where staff took a part of what the bank had promised. CancellationRequested: it cannot be paid any more, and is cancelled once Stripe says that nobody has.
/// </summary>
public sealed record OrderView(
    string Number, string Key, string Status, DateTimeOffset PlacedAt, string Email, IReadOnlyList<OrderLineView> Lines,
    Money Subtotal, Money Shipping, Money TaxIncluded, Money Total, Address ShippingAddress, DateTimeOffset? PaidAt, DateTimeOffset ReservedUntil,
    ShippingMethodView ShippingMethod, bool PricesIncludeTax,
    string FulfilmentStatus, IReadOnlyList<FulfilmentView> Fulfilments, Money Paid, Money Refunded, IReadOnlyList<RefundView> Refunds,
    bool CancellationRequested)
{
    /// <summary>How answers are written, to the wire and into idempotency records alike.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="order">With its lines; with its payment where paid and refunded are looked at.</param>
    /// <param name="awaited">Of the unsent units, those that are not in stock yet, by the line's position; null where nobody looks at them.</param>
    public static OrderView Of(Order order, IReadOnlyDictionary<int, int>? awaited = null) => new(
        order.Number, order.Key, StatusName(order.Status), order.PlacedAt, order.Email,
        [.. order.Lines.OrderBy(l => l.Position).Select(l => OrderLineView.Of(l, order.Currency, awaited?.GetValueOrDefault(l.Position) ?? 0))],
        new Money(order.SubtotalMinor, order.Currency), new Money(order.ShippingMinor, order.Currency),
        new Money(order.TaxIncludedMinor, order.Currency), new Money(order.TotalMinor, order.Currency),
        order.ShippingAddress, order.PaidAt, order.ReservedUntil, new ShippingMethodView(order.ShippingCode, order.ShippingTitle), order.PricesIncludeTax,
        KnownWord.Of(order.FulfilmentStatus),
        [.. order.Fulfilments.Select(f => FulfilmentView.Of(f, order))],
        new Money(order.Payment?.CapturedMinor ?? 0, order.Currency), new Money(order.Payment?.RefundedMinor ?? 0, order.Currency),
        [.. order.Refunds.Where(r => !r.IsSuperseded).Select(r => RefundView.Of(r, order))],
        order.Status == OrderStatus.AwaitingPayment && order.CancelRequestedAt is not null);

    internal static string StatusName(OrderStatus status) => status switch
    {
        OrderStatus.AwaitingPayment => "awaiting-payment",
        OrderStatus.Authorised => "authorised",
        OrderStatus.Paid => "paid",
        OrderStatus.Cancelled => "cancelled",
        OrderStatus.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}

/// <summary>
/// A line as it was bought; net, tax and gross are of the whole line. Of its quantity, cancelled units were paid back, by the shop or by
/// the shopper's bank, before they were sent, and returned ones afterwards. Awaited ones are paid, or promised by the shopper's bank, and not in stock yet: they are sent once they are.
/// </summary>
public sealed record OrderLineView(
    string Title, string VariantTitle, string? Sku, int Quantity, Money UnitPrice, Money LineTotal, ImageView? Image, string ProductSlug,
    decimal VatPercent, Money Net, Money Tax, Money Gross, int Cancelled, int Returned, int Awaited)
{
    internal static OrderLineView Of(OrderLine line, string currency, int awaited) => new(
        line.Title, line.VariantTitle, line.Sku, line.Quantity, new Money(line.UnitPriceMinor, currency), new Money(line.LineTotalMinor, currency),
        line.ImageHash is null ? null : new ImageView(line.ImageHash, line.ImageAlt ?? "", line.ImageWidth ?? 0, line.ImageHeight ?? 0), line.ProductSlug,
        line.VatPercent, new Money(line.NetMinor, currency), new Money(line.TaxMinor, currency), new Money(line.GrossMinor, currency),
        line.CancelledQuantity, line.ReturnedQuantity, awaited);
}

/// <summary>How an order is sent.</summary>
public sealed record ShippingMethodView(string Code, string Title);

/// <summary>A parcel on its way, and how to follow it as far as is known.</summary>
public sealed record FulfilmentView(DateTimeOffset SentAt, string? Carrier, string? TrackingNumber, string? TrackingUrl, IReadOnlyList<OrderUnitsView> Lines)
{
    internal static FulfilmentView Of(Fulfilment fulfilment, Order order) => new(
        fulfilment.SentAt, fulfilment.Carrier, fulfilment.TrackingNumber, fulfilment.TrackingUrl,
        [.. fulfilment.Lines.OrderBy(l => l.Position).Select(l => OrderUnitsView.Of(order, l.Position, l.Quantity))]);
}

/// <summary>Units of one line: what a parcel carries, or a refund pays back.</summary>
public sealed record OrderUnitsView(string Title, string VariantTitle, string? Sku, int Quantity)
{
    internal static OrderUnitsView Of(Order order, int position, int quantity)
    {
        var line = order.Lines.Single(l => l.Position == position);
        return new(line.Title, line.VariantTitle, line.Sku, quantity);
    }
}

/// <summary>
/// Money going back. Status is under-way (promised, or with the bank), done, or failed: then it did not reach the shopper, is with the shop, and counts in no sum.
/// Lines are the units it pays back; none when it was for an amount.
/// </summary>
public sealed record RefundView(Money Amount, string Status, DateTimeOffset RequestedAt, IReadOnlyList<OrderUnitsView> Lines)
{
    internal static RefundView Of(Refund refund, Order order) => new(
        new Money(refund.AmountMinor, refund.Currency), StatusName(refund.Status), refund.RequestedAt,
        [.. refund.Lines.OrderBy(l => l.Position).Select(l => OrderUnitsView.Of(order, l.Position, l.Quantity))]);

    private static string StatusName(RefundStatus status) => status switch
    {
        RefundStatus.Requested or RefundStatus.Pending => "under-way",
        RefundStatus.Succeeded => "done",
        RefundStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
