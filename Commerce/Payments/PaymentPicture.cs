using Commerce.Orders;
using Stripe;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>What Stripe says about a payment now: as much of it as was asked for. States only go forwards there, so an older picture never undoes a newer one.</summary>
internal sealed record PaymentPicture
{
    public Session? Session { get; init; }
    public PaymentIntent? Intent { get; init; }
    public IReadOnlyList<Stripe.Refund> Refunds { get; init; } = [];
    public IReadOnlyList<Stripe.Dispute> Disputes { get; init; } = [];

    /// <summary>A session as the gateway reads it: with its intent.</summary>
    public static PaymentPicture Of(Session session) => new() { Session = session, Intent = session.PaymentIntent };

    /// <summary>Minor units that were taken; null while none were.</summary>
    public long? TakenMinor => Intent?.Status == "succeeded" ? Intent.ReceivedMinor()
        : Session?.PaymentStatus is "paid" or "no_payment_required" && Session.AmountTotal is { } total ? StripeAmount.ToMinor(total, Session.Currency)
        : null;

    /// <summary>Minor units of the intent that the shop has: taken, and neither refunded nor away with a dispute.</summary>
    public long HeldMinor => StripeAmount.ToMinor(Intent!.AmountReceived - (Intent.LatestCharge?.AmountRefunded ?? 0), Intent.Currency) - Disputes.AwayMinor();

    /// <summary>The bank promised the money and it was not taken yet.</summary>
    public bool IsPromised => Intent?.Status == "requires_capture";

    /// <summary>The payment's own money can come no more: the promise of it has ended or, where there was none, its page.</summary>
    public bool IsOver(Payment payment) => payment.IsPromised
        ? Intent is { Status: "canceled" } promise && promise.Id == payment.PaymentIntentId
        : Session is { } page && page.Id == payment.SessionId && (page.Status == "expired" || Intent?.Status == "canceled");

    public string? Currency => Intent?.Currency ?? Session?.Currency;

    /// <summary>What the ledger names the movement after.</summary>
    public string StripeId => Intent?.Id ?? Session?.PaymentIntentId ?? Session?.Id ?? throw new InvalidOperationException("A picture of nothing.");

    /// <exception cref="PaymentMismatchException">Another amount was taken than the order costs. Less is right only where staff captured by hand.</exception>
    public void Check(Order order, Payment payment)
    {
        var isLess = TakenMinor < payment.AmountMinor && Intent?.CaptureMethod == "manual";
        if ((TakenMinor != payment.AmountMinor && !isLess) || !string.Equals(Currency, payment.Currency, StringComparison.OrdinalIgnoreCase))
            throw new PaymentMismatchException(order.Number, StripeId, TakenMinor, Currency);
    }
}

/// <summary>Stripe took another amount than the order costs. Nothing is changed; a person has to look.</summary>
public sealed class PaymentMismatchException(string number, string stripeId, long? amountMinor, string? currency)
    : Exception($"Order {number}: {stripeId} was paid with {amountMinor} {currency}.");
