using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Commerce.Payments;

/// <summary>
/// Money of an intent, or the promise of it, beside the one that paid or authorised the order. The ledger is the order's own payment and takes no part of it;
/// that it is there is a difference from the moment Stripe tells of it until it has gone back: at Stripe, by a person's hand, or by the shopper's bank.
/// </summary>
internal static class Surplus
{
    /// <param name="order">That another payment has paid or authorised.</param>
    /// <param name="picture">Of an intent, with its disputes.</param>
    public static FoundDifference Of(Order order, PaymentPicture picture)
    {
        var (payment, intent) = (order.Payment!, picture.Intent!);
        var currency = intent.Currency.ToUpperInvariant();
        var left = picture.HeldMinor + StripeAmount.ToMinor(intent.AmountCapturable, currency);
        var made = payment.PaymentIntentId is not { } own ? "costs nothing" : payment.HasTaken ? $"is paid by {own}" : $"is authorised by {own}";
        var detail = $"Order {order.Number} {made}; this payment is {intent.Status} and holds {new Money(left, currency).ToPlainText()} {currency} more. Give it back at Stripe.{string.Concat(picture.Disputes.Select(Told))}";
        return new FoundDifference(DifferenceKind.PaidTwice, intent.Id, order.Id, left, 0, detail.CutTo(ReconciliationDifference.MaxDetail));
    }

    private static string Told(Stripe.Dispute dispute) =>
        $" Its dispute {dispute.Id} is {dispute.Status}{(dispute.EvidenceDetails?.DueBy is { } due ? $", evidence is due by {due:yyyy-MM-dd}" : "")}.";

    /// <summary>Under the order's lock: opens the difference, or closes it when the money is no longer with the shop.</summary>
    public static async Task NoteSurplusAsync(this ShopDb db, Order order, PaymentPicture picture, DateTimeOffset now, ILogger log, CancellationToken cancellation)
    {
        var found = Of(order, picture);
        var known = await db.ReconciliationDifferences.FirstOrDefaultAsync(d => d.Kind == found.Kind && d.StripeId == found.StripeId && d.ResolvedAt == null, cancellation);
        if (found.StripeMinor <= 0)
        {
            if (known is not null) known.ResolvedAt = now;
            return;
        }
        if (known is null)
        {
            db.Add(known = new ReconciliationDifference { Kind = found.Kind, StripeId = found.StripeId, OrderId = found.OrderId, FoundAt = now });
            log.LogError("Order {Number} has a second payment: {StripeId} holds {AmountMinor} {Currency} more.", order.Number, found.StripeId, found.StripeMinor, picture.Currency);
        }
        (known.StripeMinor, known.LedgerMinor, known.Detail, known.SeenAt) = (found.StripeMinor, found.LedgerMinor, found.Detail, now);
    }
}
