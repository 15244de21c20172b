using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Stripe;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>What an event makes us look at. The event itself is only a hint: what it says may be old by the time it is read.</summary>
public sealed class StripeEventReader(ShopDb db, StripeGateway stripe)
{
    /// <summary>
    /// Types that say something about an order; every other type is only kept. Not among them: payment_intent.succeeded, which for a captured payment
    /// says what checkout.session.completed says too; a capture by hand is told by charge.captured.
    /// </summary>
    internal static readonly FrozenSet<string> ActedOn = new[]
    {
        "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
        "payment_intent.canceled", "charge.captured",
        "charge.refunded", "refund.created", "refund.updated", "refund.failed",
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
    }.ToFrozenSet();

    internal static bool IsActedOn(string type) => ActedOn.Contains(type);

    /// <summary>The order an event is about and what Stripe says about its payment now; null when it is none of ours.</summary>
    /// <exception cref="StripeObjectUnknownException">Stripe does not know the object.</exception>
    internal async Task<(Guid OrderId, PaymentPicture Picture)?> LookAsync(StripeEvent stored, CancellationToken cancellation)
    {
        if (!IsActedOn(stored.Type)) return null;
        if (stored.Type.StartsWith("checkout.session.", StringComparison.Ordinal))
        {
            var session = stored.ObjectId == "" ? null : await stripe.FindSessionAsync(stored.ObjectId, cancellation);
            if (session is null) throw new StripeObjectUnknownException(stored.ObjectId);
            return StripeGateway.OrderIdOf(session) is { } id ? (id, await PictureAsync(session, cancellation)) : null;
        }
        if (IntentIdIn(stored) is not { } intentId) return null;
        var intent = await stripe.FindIntentAsync(intentId, cancellation) ?? throw new StripeObjectUnknownException(intentId);
        if (await OrderOfAsync(intent, cancellation) is not { } orderId) return null;
        return (orderId, await PictureAsync(intent, WithRefunds(stored.Type), WithDisputes(stored.Type), cancellation));
    }

    /// <summary>What Stripe knows of a payment; its disputes also wherever its charge says that there are any.</summary>
    internal async Task<PaymentPicture> PictureAsync(PaymentIntent intent, bool withRefunds, bool withDisputes, CancellationToken cancellation) => new()
    {
        Intent = intent,
        Refunds = withRefunds ? await stripe.ListRefundsAsync(intent.Id, cancellation) : [],
        Disputes = withDisputes || intent.LatestCharge?.Disputed == true ? await stripe.ListDisputesAsync(intent.Id, cancellation) : [],
    };

    private async Task<PaymentPicture> PictureAsync(Session session, CancellationToken cancellation) =>
        session.PaymentIntent is { } intent ? await PictureAsync(intent, withRefunds: false, withDisputes: false, cancellation) with { Session = session } : PaymentPicture.Of(session);

    /// <summary>By what the intent says of itself, or by what the shop has noted.</summary>
    internal async Task<Guid?> OrderOfAsync(PaymentIntent intent, CancellationToken cancellation) =>
        StripeGateway.OrderIdOf(intent)
        ?? await db.Payments.Where(p => p.PaymentIntentId == intent.Id).Select(p => (Guid?)p.OrderId).FirstOrDefaultAsync(cancellation);

    private static bool WithRefunds(string type) => type == "charge.refunded" || type.StartsWith("refund.", StringComparison.Ordinal);

    private static bool WithDisputes(string type) => type.StartsWith("charge.dispute.", StringComparison.Ordinal);

    /// <summary>Which payment an object belongs to never changes, so the stored copy may say it: <c>{"data":{"object":{"id":"re_…","payment_intent":"pi_…"}}}</c>.</summary>
    private static string? IntentIdIn(StripeEvent stored)
    {
        if (stored.Type.StartsWith("payment_intent.", StringComparison.Ordinal)) return stored.ObjectId == "" ? null : stored.ObjectId;
        using var json = JsonDocument.Parse(stored.Payload);
        return json.RootElement.GetProperty("data").GetProperty("object").TryGetProperty("payment_intent", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
    }
}

/// <summary>An event is about an object that Stripe does not know: it was sent for another account, or for one whose data are gone. It stays unapplied.</summary>
public sealed class StripeObjectUnknownException(string objectId) : Exception($"Stripe knows no object {objectId}.");
