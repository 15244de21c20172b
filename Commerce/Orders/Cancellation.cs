using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>
/// Cancelling an order: before it is paid its payment page is ended at Stripe first, afterwards the promise is given back (void) or the
/// money (refund), by a job, unless the shopper's bank has taken it already. Where a capture was asked for, Stripe says first which of the two it is. What was sent cannot be cancelled.
/// While Stripe cannot say whether an order was paid, that it shall be cancelled is noted: nobody can open its page any more, and a job ends it.
/// Repeating it changes nothing.
/// </summary>
public sealed class Cancellation(ShopDb db, RefundVerbs refunds, PaymentEnding ending, TimeProvider clock)
{
    private static readonly TimeSpan JobAfter = TimeSpan.FromSeconds(10);

    /// <summary>The shopper changes their mind, as long as nothing is paid.</summary>
    public async Task<Outcome<OrderView>> CancelUnpaidAsync(string number, string key, Instruction instruction, CancellationToken cancellation)
    {
        if (!await db.Orders.Numbered(number).AnyAsync(o => o.Key == key, cancellation)) return OrderRefusals.Unknown();
        var refused = await CancelAsync(number, instruction, restock: true, canBePaid: false, cancellation);
        return refused is null ? await db.FindOrderAsync(number, key, cancellation) : refused;
    }

    /// <summary>Staff cancel it in whatever state it is, unless a part was sent.</summary>
    /// <param name="restock">Of a paid order: whether its units go back into stock. Units that were only reserved always do.</param>
    /// <exception cref="GatewayUnavailableException">Only for an order whose capture was asked for: nothing was decided.</exception>
    public Task<Refusal?> CancelAsync(string number, Instruction instruction, bool restock, CancellationToken cancellation) =>
        CancelAsync(number, instruction, restock, canBePaid: true, cancellation);

    /// <summary>
    /// Staff give up what is not sent of an order that was sent in part and whose money the shopper has already, from their bank or by refunds of amounts. The rest
    /// of the order stays what it is, so that it is fulfilled. Where nothing is unsent nothing happens.
    /// </summary>
    public async Task<Refusal?> CancelUnsentAsync(string number, Instruction instruction, bool restock, CancellationToken cancellation)
    {
        var outcome = await db.ChangeOrderAsync<Order>(number, instruction, async order =>
        {
            if (order.Status != OrderStatus.Paid) return new Refusal(OrderRefusals.NotPaid, $"The order is {OrderView.StatusName(order.Status)}; only a paid order has something to send.");
            if (order.FulfilmentStatus == FulfilmentStatus.Unfulfilled) return new Refusal(OrderRefusals.NothingShipped, "Nothing of the order was sent; cancel the order as a whole.");
            var units = LineUnits.All(order, l => l.UnsentQuantity);
            if (units.Count == 0) return order;
            if (await refunds.TakeBackUnpaidAsync(order, units, instruction, restock, cancellation) is { } refusal) return refusal;
            db.AuditOrder(order, instruction, "orders.unsent-cancelled", new { lines = units, restock });
            return order;
        }, cancellation);
        return outcome.Refusal;
    }

    private async Task<Refusal?> CancelAsync(string number, Instruction instruction, bool restock, bool canBePaid, CancellationToken cancellation)
    {
        var first = await DecideAsync(number, instruction, restock, canBePaid, cancellation);
        if (first.IsRefused || first.Value is not { } open) return first.Refusal;

        if (open.Status == OrderStatus.Authorised) await ending.EndPromiseAsync(open, instruction, cancellation);
        else if (!await TryEndAsync(open.Id, instruction, cancellation)) return null;
        // Cancelled by now, unless the money was taken in between: then it is a paid order like any other.
        var second = await DecideAsync(number, instruction with { ExpectedVersion = null }, restock, canBePaid, cancellation);
        return second is { IsRefused: false, Value: not null } ? new Refusal(PaymentRefusals.CaptureUnderWay, "Stripe is still at work on the capture; cancel again when it is done.") : second.Refusal;
    }

    /// <returns>False when Stripe cannot say whether the order was paid; what was noted stands.</returns>
    private async Task<bool> TryEndAsync(Guid orderId, Instruction instruction, CancellationToken cancellation)
    {
        try
        {
            await ending.EndAsync(orderId, instruction, null, cancellation);
            return true;
        }
        catch (GatewayUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Cancels what can be cancelled here and now; the order when Stripe has to be asked first, else null.</summary>
    private Task<Outcome<Order?>> DecideAsync(string number, Instruction instruction, bool restock, bool canBePaid, CancellationToken cancellation) =>
        db.ChangeOrderAsync<Order?>(number, instruction, async order =>
        {
            var payment = order.Payment!;
            switch (order.Status)
            {
                case OrderStatus.Cancelled:
                    return (Order?)null;
                case OrderStatus.Expired:
                    return new Refusal(OrderRefusals.Expired, "The order has expired: nobody paid it in time.");
                case OrderStatus.AwaitingPayment when payment.SessionRequestedAt is not null:
                    if (order.CancelRequestedAt is null) NoteWish(order, instruction);
                    return order;
                case OrderStatus.AwaitingPayment:
                    payment.Status = PaymentStatus.Closed;
                    await db.ReleaseReservationsAsync(order.Id, clock.GetUtcNow(), cancellation);
                    break;
                case not OrderStatus.AwaitingPayment when !canBePaid:
                    return new Refusal(OrderRefusals.AlreadyPaid, order.Status == OrderStatus.Authorised
                        ? "The card has been accepted for this order; the shop can cancel it for you." : "The order is paid; the shop can cancel it for you.");
                case OrderStatus.Authorised when payment.CaptureRequestedAt is not null:
                    db.AuditOrder(order, instruction, "orders.cancellation-requested");
                    return order;
                case OrderStatus.Authorised:
                    payment.Status = PaymentStatus.VoidDue;
                    db.Enqueue(new NewJob(JobKinds.VoidPayment, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
                    await db.ReleaseReservationsAsync(order.Id, clock.GetUtcNow(), cancellation);
                    break;
                default:
                    if (order.FulfilmentStatus != FulfilmentStatus.Unfulfilled)
                        return new Refusal(OrderRefusals.AlreadyShipped, "A part of the order was sent; refund what comes back and what is not sent by line, or, where the money is gone, cancel what is unsent.");
                    await refunds.ReturnEverythingAsync(order, instruction, restock, cancellation);
                    break;
            }
            db.MarkCancelled(order, instruction, clock.GetUtcNow(), new { restock });
            return (Order?)null;
        }, cancellation);

    private void NoteWish(Order order, Instruction instruction)
    {
        var now = clock.GetUtcNow();
        db.AuditOrder(order, instruction, "orders.cancellation-requested");
        order.RequestCancel(now);
        // Mostly whoever asks ends it at once, and the job finds nothing to do.
        db.Enqueue(new NewJob(JobKinds.ExpireReservation, new { orderId = order.Id }, $"cancellation:{order.Id}", order.TraceParent, now + JobAfter));
    }
}

internal static class CancelledOrders
{
    /// <summary>The order is cancelled, it is written down by whom, and the shopper is told.</summary>
    public static void MarkCancelled(this ShopDb db, Order order, Instruction instruction, DateTimeOffset now, object? details = null)
    {
        order.Cancel(now);
        order.Payment!.UpdatedAt = now;
        db.AuditOrder(order, instruction, "orders.cancelled", details);
        db.Enqueue(new NewJob(JobKinds.SendCancellation, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
    }
}
