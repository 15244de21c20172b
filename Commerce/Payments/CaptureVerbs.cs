using Commerce.Audit;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>What becomes of money a bank has promised: taken, or the promise given back.</summary>
/// <exception cref="GatewayUnavailableException">From every verb; repeating it later ends in the same state.</exception>
public sealed class CaptureVerbs(ShopDb db, StripeGateway stripe, Settlement settlement, TimeProvider clock)
{
    private static readonly Instruction ByVoid = new(Actor.System("void-payment"));

    /// <summary>Takes the money of an authorised order, which is then paid. Of a paid order: nothing is left to do.</summary>
    public async Task<Refusal?> CaptureAsync(string number, Instruction instruction, CancellationToken cancellation)
    {
        var asked = await db.ChangeOrderAsync<Order>(number, instruction, order =>
        {
            if (order.Status is not (OrderStatus.Paid or OrderStatus.Authorised))
                return Task.FromResult<Outcome<Order>>(new Refusal(PaymentRefusals.NothingToCapture, $"The order is {OrderView.StatusName(order.Status)}: no money was promised for it."));
            if (order.Status == OrderStatus.Authorised && order.Payment!.CaptureRequestedAt is null)
            {
                order.Payment.CaptureRequestedAt = clock.GetUtcNow();
                order.Touch();
                db.AuditOrder(order, instruction, "orders.capture-requested");
            }
            return Task.FromResult<Outcome<Order>>(order);
        }, cancellation);
        if (asked.IsRefused || asked.Value.Status == OrderStatus.Paid) return asked.Refusal;

        var payment = asked.Value.Payment!;
        var settled = await settlement.ApplyAsync(asked.Value.Id, new PaymentPicture { Intent = await CaptureAsync(payment, cancellation) }, instruction, null, cancellation);
        return settled.Status == OrderStatus.Paid ? null : new Refusal(PaymentRefusals.CaptureRefused, "The bank no longer keeps its promise; the money cannot be taken.");
    }

    /// <summary>Job <c>void-payment</c>: gives a promise back. Should the money have been taken past us, it goes back as a refund.</summary>
    public async Task VoidAsync(Guid orderId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var payment = await db.Payments.AsNoTracking().FirstOrDefaultAsync(p => p.OrderId == orderId, cancellation) ?? throw new OrderUnknownException(orderId);
        var picture = payment.Status == PaymentStatus.VoidDue
            ? new PaymentPicture { Intent = await stripe.VoidAsync(payment.PaymentIntentId!, cancellation) }
            : new PaymentPicture();
        await settlement.ApplyAsync(orderId, picture, ByVoid, beforeCommit, cancellation);
    }

    private async Task<Stripe.PaymentIntent> CaptureAsync(Payment payment, CancellationToken cancellation)
    {
        try
        {
            return await stripe.CaptureAsync(payment, cancellation);
        }
        catch (GatewayUnavailableException away) when (away.HasAnswered)
        {
            await db.Payments.Where(p => p.OrderId == payment.OrderId && p.CaptureAttempt == payment.CaptureAttempt)
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.CaptureAttempt, x => x.CaptureAttempt + 1), CancellationToken.None);
            throw;
        }
    }
}
