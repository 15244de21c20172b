using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace Commerce.Payments;

/// <summary>Holds one payment against Stripe, brings it in line if it can, and says what is still different.</summary>
public sealed class PaymentComparison(ShopDb db, StripeGateway stripe, StripeEventReader reader, Settlement settlement)
{
    internal async Task CompareAsync(string intentId, Findings findings, CancellationToken cancellation)
    {
        if (await stripe.FindIntentAsync(intentId, cancellation) is { } intent)
        {
            await CompareAsync(intent, findings, cancellation);
            return;
        }
        var ours = await db.Payments.Where(p => p.PaymentIntentId == intentId).Select(p => new { p.OrderId }).FirstOrDefaultAsync(cancellation);
        if (ours is null) return;
        findings.Found(new FoundDifference(DifferenceKind.MissingAtStripe, intentId, ours.OrderId, null, await LedgerHasAsync(ours.OrderId, cancellation), "Stripe knows no such payment."));
    }

    internal async Task CompareAsync(PaymentIntent intent, Findings findings, CancellationToken cancellation)
    {
        if (await reader.OrderOfAsync(intent, cancellation) is not { } orderId) return; // made by something else than this shop
        findings.Compared++;
        if (!await db.Orders.AnyAsync(o => o.Id == orderId, cancellation))
        {
            if (intent.AmountReceived > 0 || intent.Status == "requires_capture")
                findings.Found(new FoundDifference(DifferenceKind.OrderUnknown, intent.Id, null, intent.ReceivedMinor(), null, $"Stripe has a payment for order {orderId}, which the shop does not have."));
            return;
        }
        if (await SurplusOfAsync(orderId, intent, cancellation) is { } surplus)
        {
            if (surplus.StripeMinor > 0) findings.Found(surplus);
            return;
        }
        var disputes = intent.LatestCharge?.Disputed == true ? await stripe.ListDisputesAsync(intent.Id, cancellation) : [];
        var before = await LookAsync(orderId, intent, disputes, cancellation);
        if (before.Agrees) return;
        var cannot = await TryHealAsync(orderId, intent, disputes, cancellation);
        var after = await LookAsync(orderId, intent, disputes, cancellation);
        if (after.Agrees) findings.Healed(intent.Id);
        else findings.Found(new FoundDifference(DifferenceKind.AmountDiffers, intent.Id, orderId, after.StripeMinor, after.LedgerMinor, cannot ?? $"Stripe says {intent.Status}, the shop {KnownWord.Of(after.Status)}."));
    }

    /// <summary>What an intent holds beside the one that paid the order; null: no other has. So what Stripe took for an order in all is the ledger's sum and its surpluses.</summary>
    private async Task<FoundDifference?> SurplusOfAsync(Guid orderId, PaymentIntent intent, CancellationToken cancellation)
    {
        var order = await db.Orders.AsNoTracking().Include(o => o.Payment).SingleAsync(o => o.Id == orderId, cancellation);
        return order.Payment!.IsPaidBy(intent) == false ? Surplus.Of(order, intent) : null;
    }

    private async Task<string?> TryHealAsync(Guid orderId, PaymentIntent intent, IReadOnlyList<Stripe.Dispute> disputes, CancellationToken cancellation)
    {
        try
        {
            var picture = new PaymentPicture { Intent = intent, Refunds = await stripe.ListRefundsAsync(intent.Id, cancellation), Disputes = disputes };
            await settlement.ApplyAsync(orderId, picture, new Instruction(Audit.Actor.System("reconcile-payments")), null, cancellation);
            return null;
        }
        catch (PaymentMismatchException mismatch)
        {
            return mismatch.Message;
        }
    }

    private async Task<Sides> LookAsync(Guid orderId, PaymentIntent intent, IReadOnlyList<Stripe.Dispute> disputes, CancellationToken cancellation)
    {
        var payment = await db.Payments.AsNoTracking().SingleAsync(p => p.OrderId == orderId, cancellation);
        var taken = disputes.SelectMany(d => d.BalanceTransactions ?? []).Sum(movement => movement.Amount);
        var stripeHas = StripeAmount.ToMinor(intent.AmountReceived - (intent.LatestCharge?.AmountRefunded ?? 0) + taken, intent.Currency);
        return new Sides(stripeHas, await LedgerHasAsync(orderId, cancellation), payment.Status, intent.Status switch
        {
            "succeeded" => payment.CapturedMinor == intent.ReceivedMinor(),
            "requires_capture" => payment.Status is PaymentStatus.Authorised or PaymentStatus.VoidDue,
            "canceled" => payment.Status is not (PaymentStatus.Authorised or PaymentStatus.VoidDue),
            _ => payment.CapturedMinor == 0,
        });
    }

    private Task<long> LedgerHasAsync(Guid orderId, CancellationToken cancellation) =>
        db.PaymentMovements.Where(m => m.OrderId == orderId).SumAsync(m => m.AmountMinor, cancellation);

    private sealed record Sides(long StripeMinor, long LedgerMinor, PaymentStatus Status, bool SameState)
    {
        public bool Agrees => SameState && StripeMinor == LedgerMinor;
    }
}
