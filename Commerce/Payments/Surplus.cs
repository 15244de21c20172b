using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Stripe;

namespace Commerce.Payments;

/// <summary>
/// Money of an intent beside the one that paid the order. The ledger is the order's own payment and takes no part of it; that it is there is a difference
/// from the moment Stripe tells of it until it has gone back, at Stripe, by a person's hand.
/// </summary>
internal static class Surplus
{
    public static FoundDifference Of(Order order, PaymentIntent intent)
    {
        var left = StripeAmount.ToMinor(intent.AmountCapturable + intent.AmountReceived - (intent.LatestCharge?.AmountRefunded ?? 0), intent.Currency);
        return new FoundDifference(DifferenceKind.PaidTwice, intent.Id, order.Id, left, 0,
            $"Order {order.Number} is paid by {order.Payment!.PaymentIntentId ?? "nothing, for it costs nothing"}; this payment is {intent.Status} and holds {new Money(left, intent.Currency.ToUpperInvariant()).ToPlainText()} {intent.Currency.ToUpperInvariant()} more. Give it back at Stripe.");
    }

    /// <summary>Under the order's lock: opens the difference, or closes it when the money has gone back.</summary>
    public static async Task NoteSurplusAsync(this ShopDb db, Order order, PaymentIntent intent, DateTimeOffset now, ILogger log, CancellationToken cancellation)
    {
        var (found, known) = (Of(order, intent), await db.ReconciliationDifferences.FirstOrDefaultAsync(d => d.Kind == DifferenceKind.PaidTwice && d.StripeId == intent.Id && d.ResolvedAt == null, cancellation));
        if (found.StripeMinor == 0)
        {
            if (known is not null) known.ResolvedAt = now;
            return;
        }
        if (known is null)
        {
            db.Add(known = new ReconciliationDifference { Kind = found.Kind, StripeId = found.StripeId, OrderId = found.OrderId, FoundAt = now });
            log.LogError("Order {Number} was paid twice: {StripeId} holds {AmountMinor} {Currency} more.", order.Number, intent.Id, found.StripeMinor, intent.Currency);
        }
        (known.StripeMinor, known.LedgerMinor, known.Detail, known.SeenAt) = (found.StripeMinor, found.LedgerMinor, found.Detail, now);
    }
}
