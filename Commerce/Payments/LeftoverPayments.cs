using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace Commerce.Payments;

/// <summary>What jobs should have done long ago, had they not died: refunds and voids that were promised, orders whose time was up.</summary>
public sealed class LeftoverPayments(ShopDb db, RefundVerbs refunds, CaptureVerbs captures, PaymentVerbs payments, TimeProvider clock)
{
    /// <summary>A living job has done its work by then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    internal async Task FinishAsync(Findings findings, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Grace;
        foreach (var left in await db.Refunds.Where(r => r.Status == RefundStatus.Requested && r.RequestedAt < before).Select(r => new { r.Id, r.OrderId }).ToListAsync(cancellation))
            await FinishAsync($"refund:{left.Id}", left.OrderId, () => refunds.CarryOutAsync(left.Id, null, cancellation), findings);
        foreach (var id in await db.Payments.Where(p => p.Status == PaymentStatus.VoidDue && p.UpdatedAt < before).Select(p => p.OrderId).ToListAsync(cancellation))
            await FinishAsync($"void:{id}", id, () => captures.VoidAsync(id, null, cancellation), findings);
        foreach (var id in await db.Orders.Where(o => o.Status == OrderStatus.AwaitingPayment && o.ReservedUntil < before).Select(o => o.Id).ToListAsync(cancellation))
            await FinishAsync($"order:{id}", id, () => payments.ExpireReservationAsync(id, null, cancellation), findings);
    }

    /// <summary>One that cannot be done is a difference and keeps nobody from the next.</summary>
    private static async Task FinishAsync(string what, Guid orderId, Func<Task> work, Findings findings)
    {
        try
        {
            await work();
            findings.Healed(what);
        }
        catch (Exception cannot) when (cannot is StripeException or PaymentMismatchException)
        {
            findings.Found(new FoundDifference(DifferenceKind.LeftoverStuck, what, orderId, null, null, cannot.Message));
        }
    }
}
