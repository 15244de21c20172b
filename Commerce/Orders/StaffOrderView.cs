using Commerce.Audit;
using Commerce.Payments;

namespace Commerce.Orders;

/// <summary>A page of orders, newest first.</summary>
public sealed record StaffOrderPage(IReadOnlyList<StaffOrderCard> Items, string? NextCursor);

/// <summary>An order in a list of staff's.</summary>
public sealed record StaffOrderCard(
    string Number, string Status, string FulfilmentStatus, string PaymentStatus, DateTimeOffset PlacedAt, string Email, string Name, string CountryCode,
    int Units, Money Total, Money Refunded, bool IsDisputed);

/// <summary>An order as staff see it: what was bought, what was sent, what was paid and paid back, and who did what. Without the buyer's secret key.</summary>
public sealed record StaffOrderView(
    string Number, string Status, string FulfilmentStatus, DateTimeOffset PlacedAt, DateTimeOffset? PaidAt, DateTimeOffset? ClosedAt, DateTimeOffset ReservedUntil,
    string Email, Address ShippingAddress, string ShippingCode, IReadOnlyList<StaffLineView> Lines,
    Money Subtotal, Money Shipping, Money TaxIncluded, Money Total, StaffPaymentView Payment,
    IReadOnlyList<StaffFulfilmentView> Fulfilments, IReadOnlyList<StaffRefundView> Refunds, IReadOnlyList<DisputeView> Disputes,
    IReadOnlyList<PaymentMovementView> Ledger, IReadOnlyList<AuditLine> History, int Version);

/// <summary>
/// A line and what became of its units: sent, cancelled before sending, returned, still to be sent. Of these, awaited ones are not in stock yet when all that was paid before is
/// served; of an authorised order, when all that was paid and the authorised orders placed before it are.
/// </summary>
public sealed record StaffLineView(
    int Position, Guid VariantId, string? Sku, string Title, string VariantTitle, int Quantity, Money UnitPrice, Money LineTotal, int Fulfilled, int Cancelled, int Returned, int Unsent, int Awaited)
{
    internal static StaffLineView Of(OrderLine line, string currency, int awaited) => new(
        line.Position, line.VariantId, line.Sku, line.Title, line.VariantTitle, line.Quantity, new Money(line.UnitPriceMinor, currency), new Money(line.LineTotalMinor, currency),
        line.FulfilledQuantity, line.CancelledQuantity, line.ReturnedQuantity, line.UnsentQuantity, awaited);
}

/// <summary>The payment. Refundable is what can still be sent back: neither refunded nor with the shopper's bank because of a dispute. The ids are Stripe's.</summary>
public sealed record StaffPaymentView(string Status, Money Captured, Money Refunded, Money Refundable, string? SessionId, string? PaymentIntentId)
{
    internal static StaffPaymentView Of(Payment payment, IEnumerable<Dispute> disputes) => new(
        KnownWord.Of(payment.Status), new Money(payment.CapturedMinor, payment.Currency), new Money(payment.RefundedMinor, payment.Currency),
        new Money(payment.LeftMinor(disputes), payment.Currency), payment.SessionId, payment.PaymentIntentId);
}

/// <summary>What was sent, when and how to follow it. Lines name the order's lines by position.</summary>
public sealed record StaffFulfilmentView(Guid Id, DateTimeOffset SentAt, string? Carrier, string? TrackingNumber, string? TrackingUrl, IReadOnlyList<LineUnits> Lines)
{
    /// <summary>The view of a fulfilment with its lines.</summary>
    public static StaffFulfilmentView Of(Fulfilment fulfilment) => new(
        fulfilment.Id, fulfilment.SentAt, fulfilment.Carrier, fulfilment.TrackingNumber, fulfilment.TrackingUrl,
        [.. fulfilment.Lines.OrderBy(l => l.Position).Select(l => new LineUnits(l.Position, l.Quantity))]);
}

/// <summary>Money going back. Status is requested, pending (with the bank), succeeded or failed; cause is staff, cancellation, late-payment or stripe.</summary>
public sealed record StaffRefundView(
    Guid Id, Money Amount, string Status, string Cause, string? Reason, DateTimeOffset RequestedAt, DateTimeOffset? SettledAt, string? FailureReason, bool Restocked,
    IReadOnlyList<LineUnits> Lines, string? StripeRefundId)
{
    /// <summary>The view of a refund with its lines.</summary>
    public static StaffRefundView Of(Refund refund) => new(
        refund.Id, new Money(refund.AmountMinor, refund.Currency), KnownWord.Of(refund.Status), KnownWord.Of(refund.Cause), refund.Reason,
        refund.RequestedAt, refund.SettledAt, refund.FailureReason, refund.IsRestocked,
        [.. refund.Lines.OrderBy(l => l.Position).Select(l => new LineUnits(l.Position, l.Quantity))], refund.StripeRefundId);
}

/// <summary>A dispute: status and reason in Stripe's words; funds is not-taken, withdrawn or reinstated.</summary>
public sealed record DisputeView(
    string StripeDisputeId, Money Amount, string Reason, string Status, string Funds, DateTimeOffset OpenedAt, DateTimeOffset? EvidenceDueBy, DateTimeOffset? ClosedAt)
{
    internal static DisputeView Of(Dispute dispute) => new(
        dispute.StripeDisputeId, new Money(dispute.AmountMinor, dispute.Currency), dispute.Reason, dispute.Status, KnownWord.Of(dispute.Funds),
        dispute.OpenedAt, dispute.EvidenceDueBy, dispute.ClosedAt);
}

/// <summary>A line of the payment ledger; negative when money left.</summary>
public sealed record PaymentMovementView(DateTimeOffset At, string Kind, Money Amount, string StripeId);
