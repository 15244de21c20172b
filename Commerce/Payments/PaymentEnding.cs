using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>
/// Sees to it that an unpaid order can be paid no more, and ends it; of an order that something else has paid, only the page ends. Stripe is the arbiter of every page it knows; where it knows none,
/// because it refused to make one, was never asked, or keeps nothing of it, no money can come and the stock is given back at once.
/// </summary>
/// <exception cref="GatewayUnavailableException">Stripe cannot say whether the order was paid; it is as before.</exception>
public sealed class PaymentEnding(ShopDb db, StripeGateway stripe, Settlement settlement)
{
    internal async Task EndAsync(Guid orderId, Instruction instruction, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        while (true)
        {
            var order = await db.Orders.AsNoTracking().Include(o => o.Payment).FirstOrDefaultAsync(o => o.Id == orderId, cancellation) ?? throw new OrderUnknownException(orderId);
            var canBePaid = order.Status == OrderStatus.AwaitingPayment || order.Payment!.MayHaveOpenPage;
            if (canBePaid && await ClosePageAsync(order, cancellation) is { } page)
            {
                await settlement.ApplyAsync(orderId, PaymentPicture.Of(page), instruction, beforeCommit, cancellation);
                return;
            }
            // False when a page was handed out since: then that one is ended.
            if (await settlement.TryEndAsync(orderId, order.Payment!.SessionId, instruction, beforeCommit, cancellation)) return;
        }
    }

    /// <summary>
    /// Ends a promise whose capture was asked for, with whatever outcome: at Stripe one of capture and void is the first and the other is refused, so the
    /// order is cancelled or paid afterwards.
    /// </summary>
    internal async Task EndPromiseAsync(Order order, Instruction instruction, CancellationToken cancellation)
    {
        var intent = await stripe.VoidAsync(order.Payment!.PaymentIntentId!, cancellation);
        await settlement.ApplyAsync(order.Id, new PaymentPicture { Intent = intent }, instruction, null, cancellation);
    }

    /// <summary>The page as it ended; null when there is none that anybody could have paid on.</summary>
    private async Task<Session?> ClosePageAsync(Order order, CancellationToken cancellation)
    {
        var payment = order.Payment!;
        if (payment.SessionId is { } known) return await stripe.ExpireSessionAsync(known, cancellation);
        if (payment.SessionRequestedAt is not { } asked) return null;
        // Its answer was lost, or the database is one from before it came.
        foreach (var stray in await stripe.ListSessionsAsync(order, asked, cancellation))
        {
            if (await stripe.ExpireSessionAsync(stray.Id, cancellation) is { Status: "complete" } paid) return paid;
        }
        return null;
    }
}
