using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>What jobs should have done long ago, had they not died: refunds and voids that were promised, orders whose time was up.</summary>
public sealed class LeftoverPayments(ShopDb db, RefundVerbs refunds, CaptureVerbs captures, PaymentVerbs payments, TimeProvider clock)
{
    /// <summary>A living job has done its work by then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    internal async Task FinishAsync(Findings findings, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Grace;
        foreach (var id in await db.Refunds.Where(r => r.Status == RefundStatus.Requested && r.RequestedAt < before).Select(r => r.Id).ToListAsync(cancellation))
        {
            await refunds.CarryOutAsync(id, null, cancellation);
            findings.Healed($"refund:{id}");
        }
        foreach (var id in await db.Payments.Where(p => p.Status == PaymentStatus.VoidDue && p.UpdatedAt < before).Select(p => p.OrderId).ToListAsync(cancellation))
        {
            await captures.VoidAsync(id, null, cancellation);
            findings.Healed($"void:{id}");
        }
        foreach (var id in await db.Orders.Where(o => o.Status == OrderStatus.AwaitingPayment && o.ReservedUntil < before).Select(o => o.Id).ToListAsync(cancellation))
        {
            await payments.ExpireReservationAsync(id, null, cancellation);
            findings.Healed($"order:{id}");
        }
    }
}
