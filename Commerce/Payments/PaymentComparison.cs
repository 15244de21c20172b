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

    /// <param name="listed">As a page of Stripe's list has it: the shop and Stripe have gone on since.</param>
    internal async Task CompareAsync(PaymentIntent listed, Findings findings, CancellationToken cancellation)
    {
        if (await reader.OrderOfAsync(listed, cancellation) is not { } orderId) return; // made by something else than this shop
        findings.Compared++;
        if (!await db.Orders.AnyAsync(o => o.Id == orderId, cancellation))
        {
            // Of one that was refunded whole nobody has to decide anything.
            if (listed.Status == "requires_capture" || (listed.AmountReceived > 0 && await NowAsync(listed, cancellation) is { HeldMinor: > 0 }))
                findings.Found(new FoundDifference(DifferenceKind.OrderUnknown, listed.Id, null, listed.ReceivedMinor(), null, $"Stripe has a payment for order {orderId}, which the shop does not have."));
            return;
        }
        if (await LookAsync(orderId, await reader.PictureAsync(listed, withRefunds: false, withDisputes: false, cancellation), cancellation) is null) return;
        var now = await NowAsync(listed, cancellation);
        if (await LookAsync(orderId, now, cancellation) is null) return;
        var cannot = await TryHealAsync(orderId, now, cancellation); // of a surplus: notes it at once, so that its refund can end it while this goes on
        if (await LookAsync(orderId, await NowAsync(listed, cancellation), cancellation) is not { } left) findings.Healed(listed.Id);
        else findings.Found(cannot is null ? left : left with { Detail = cannot });
    }

    private async Task<PaymentPicture> NowAsync(PaymentIntent listed, CancellationToken cancellation) =>
        await reader.PictureAsync(await stripe.FindIntentAsync(listed.Id, cancellation) ?? listed, withRefunds: true, withDisputes: false, cancellation);

    private async Task<string?> TryHealAsync(Guid orderId, PaymentPicture picture, CancellationToken cancellation)
    {
        try
        {
            await settlement.ApplyAsync(orderId, picture, new Instruction(Audit.Actor.System("reconcile-payments")), null, cancellation);
            return null;
        }
        catch (PaymentMismatchException mismatch)
        {
            return mismatch.Message;
        }
    }

    /// <summary>
    /// How the shop and Stripe differ about a payment. One beside the order's own is a difference by what it still holds: what Stripe took for an order in all
    /// is the ledger's sum and its surpluses.
    /// </summary>
    private async Task<FoundDifference?> LookAsync(Guid orderId, PaymentPicture picture, CancellationToken cancellation)
    {
        var order = await db.Orders.AsNoTracking().Include(o => o.Payment).SingleAsync(o => o.Id == orderId, cancellation);
        var (intent, payment) = (picture.Intent!, order.Payment!);
        if (payment.IsMadeBy(intent) == false) return Surplus.Of(order, picture) is { StripeMinor: > 0 } surplus ? surplus : null;
        var isAsTold = intent.Status switch
        {
            "succeeded" => payment.CapturedMinor == intent.ReceivedMinor(),
            "requires_capture" => payment.IsPromised,
            "canceled" => !payment.IsPromised,
            _ => payment.CapturedMinor == 0,
        };
        var (stripeHas, ledgerHas) = (picture.HeldMinor, await LedgerHasAsync(orderId, cancellation));
        return isAsTold && stripeHas == ledgerHas ? null
            : new FoundDifference(DifferenceKind.AmountDiffers, intent.Id, orderId, stripeHas, ledgerHas, $"Stripe says {intent.Status}, the shop {KnownWord.Of(payment.Status)}.");
    }

    private Task<long> LedgerHasAsync(Guid orderId, CancellationToken cancellation) =>
        db.PaymentMovements.Where(m => m.OrderId == orderId).SumAsync(m => m.AmountMinor, cancellation);
}
