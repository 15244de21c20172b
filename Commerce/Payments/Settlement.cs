using Commerce.Audit;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>
/// Brings an order in line with what Stripe says about its payment now. Webhook, redirect, expiry, capture and reconciliation all end here,
/// under a lock on the order's row, so it does not matter which comes first, how often, or late: the second finds nothing left to do.
/// </summary>
public sealed class Settlement(ShopDb db, RefundVerbs refunds, TimeProvider clock, ILogger<Settlement> log)
{
    /// <summary>Who acts when Stripe says something and nobody of ours asked.</summary>
    internal static readonly Instruction ByStripe = new(Actor.System("stripe"));

    private static readonly CompiledQuery<Func<ShopDb, Guid, CancellationToken, Task<string?>>> TraceOfOrder = new(() =>
        EF.CompileAsyncQuery((ShopDb db, Guid id, CancellationToken _) => db.Orders.Where(o => o.Id == id).Select(o => o.TraceParent).FirstOrDefault()));

    /// <summary>Applies what the picture says. Runs in one transaction with <paramref name="beforeCommit"/>, which may settle the job that asked.</summary>
    /// <exception cref="OrderUnknownException">The payment names an order the shop does not have.</exception>
    /// <exception cref="PaymentMismatchException">Another amount was paid than the order costs.</exception>
    internal async Task<Order> ApplyAsync(Guid orderId, PaymentPicture picture, Instruction? instruction, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var traceParent = await TraceOfOrder.For(db)(db, orderId, cancellation);
        using var activity = Telemetry.Resume("settle payment", traceParent);
        activity?.SetTag("payment.session", picture.Session?.Id);
        activity?.SetTag("payment.status", $"{picture.Session?.Status}/{picture.Intent?.Status}");

        var outcome = await db.ChangeOrderAsync<Order>(orderId, async order =>
        {
            await ApplyAsync(order, picture, instruction ?? ByStripe, cancellation);
            if (beforeCommit is not null) await beforeCommit(cancellation);
            return order;
        }, cancellation);
        return outcome.Value;
    }

    /// <summary>Ends an unpaid order that nobody can pay; false when it has another page than the one that was found not to be.</summary>
    /// <param name="goneSessionId">The page that Stripe does not know; null: none was handed out.</param>
    internal async Task<bool> TryEndAsync(Guid orderId, string? goneSessionId, Instruction instruction, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var outcome = await db.ChangeOrderAsync<bool>(orderId, async order =>
        {
            if (order.Status == OrderStatus.AwaitingPayment && order.Payment!.SessionId != goneSessionId) return false;
            if (order.Status == OrderStatus.AwaitingPayment) await NobodyPaidAsync(order, order.Payment!, instruction, cancellation);
            if (beforeCommit is not null) await beforeCommit(cancellation);
            return true;
        }, cancellation);
        return outcome.Value;
    }

    private async Task ApplyAsync(Order order, PaymentPicture picture, Instruction instruction, CancellationToken cancellation)
    {
        var payment = order.Payment!;
        if (picture.Session is { } page) NotePage(payment, page);
        if (picture.Intent is { } other && payment.IsMadeBy(other) == false)
        {
            await db.NoteSurplusAsync(order, picture, clock.GetUtcNow(), log, cancellation);
            return;
        }
        payment.PaymentIntentId ??= picture.Intent?.Id;
        if (picture.TakenMinor is not null) await MoneyArrivedAsync(order, payment, picture, instruction, cancellation);
        else if (picture.IsPromised) await MoneyPromisedAsync(order, payment, picture, instruction, cancellation);
        else if (picture.IsOver(payment)) await NobodyPaidAsync(order, payment, instruction, cancellation);
        await db.MergeRefundsAsync(order, picture.Refunds, clock.GetUtcNow(), cancellation);
        if (!await db.MergeDisputesAsync(order, picture.Disputes, clock.GetUtcNow(), log, cancellation)) return;
        await db.SaveChangesAsync(cancellation); // what is owed is read from the tables
        await refunds.ReturnOwedAsync(order, cancellation);
    }

    /// <summary>The first page the shop hears of is the order's; Stripe tells its address for as long as it can be paid.</summary>
    private static void NotePage(Payment payment, Session page)
    {
        payment.SessionId ??= page.Id;
        if (payment.SessionId == page.Id) payment.SessionUrl = page.Url;
    }

    private async Task MoneyArrivedAsync(Order order, Payment payment, PaymentPicture picture, Instruction instruction, CancellationToken cancellation)
    {
        if (payment.HasTaken) return;
        picture.Check(order, payment);
        var now = clock.GetUtcNow();
        payment.PaymentIntentId = picture.Intent?.Id ?? payment.PaymentIntentId; // of several, the one that took the money
        payment.CapturedMinor = picture.TakenMinor!.Value;
        payment.UpdatedAt = now;
        db.Record(order, PaymentMovementKind.Captured, payment.CapturedMinor, picture.StripeId, now);
        if (!order.CanBecome(OrderStatus.Paid) || !await HasItsStockAsync(order, now, cancellation))
        {
            payment.Status = PaymentStatus.RefundDue;
            var refund = LateRefund(order, payment, now);
            db.AuditOrder(order, instruction with { Reason = refund.Reason }, "orders.paid-too-late", new { paid = new Money(payment.CapturedMinor, payment.Currency) });
            if (payment.CapturedMinor > 0) db.RequestRefund(order, refund, ByStripe with { Reason = refund.Reason });
            log.LogWarning("Order {Number} was paid when it could no longer be had; the payment goes back.", order.Number);
            return;
        }
        payment.Status = PaymentStatus.Paid;
        order.MarkPaid(now);
        await db.ConsumeReservationsAsync(order.Id, now, cancellation);
        db.AuditOrder(order, instruction, "orders.paid", PartOf(payment));
        db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
    }

    /// <summary>For the audit trail, where staff took less than the order costs; null where all of it was taken.</summary>
    private static object? PartOf(Payment payment) => payment.CapturedMinor == payment.AmountMinor
        ? null
        : new { captured = new Money(payment.CapturedMinor, payment.Currency), total = new Money(payment.AmountMinor, payment.Currency) };

    private static Refund LateRefund(Order order, Payment payment, DateTimeOffset now) => new()
    {
        OrderId = order.Id,
        Cause = order.Status == OrderStatus.Cancelled ? RefundCause.Cancellation : RefundCause.LatePayment,
        AmountMinor = payment.CapturedMinor,
        Currency = payment.Currency,
        Reason = $"Paid when the order was {order.Status.ToString().ToLowerInvariant()}",
        RequestedAt = now,
        TraceParent = order.TraceParent,
    };

    private async Task MoneyPromisedAsync(Order order, Payment payment, PaymentPicture picture, Instruction instruction, CancellationToken cancellation)
    {
        if (payment.Status is not (PaymentStatus.Pending or PaymentStatus.Closed)) return;
        var now = clock.GetUtcNow();
        payment.PaymentIntentId = picture.Intent!.Id; // of several, the one that holds the promise
        payment.UpdatedAt = now;
        db.Record(order, PaymentMovementKind.Authorised, 0, picture.StripeId, now);
        if (!order.CanBecome(OrderStatus.Authorised) || !await HasItsStockAsync(order, now, cancellation))
        {
            payment.Status = PaymentStatus.VoidDue;
            db.Enqueue(new NewJob(JobKinds.VoidPayment, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
            return;
        }
        payment.Status = PaymentStatus.Authorised;
        order.Authorise();
        db.AuditOrder(order, instruction, "orders.authorised");
    }

    /// <summary>The payment page was left unpaid, or a promise ended: the bank's lapsed, or we gave it back.</summary>
    private async Task NobodyPaidAsync(Order order, Payment payment, Instruction instruction, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (payment.IsPromised)
            db.Record(order, PaymentMovementKind.Voided, 0, payment.PaymentIntentId!, now);
        if (payment.Status == PaymentStatus.Pending || payment.IsPromised) payment.Status = PaymentStatus.Closed;
        if (order.Status is not (OrderStatus.AwaitingPayment or OrderStatus.Authorised)) return;

        payment.UpdatedAt = now;
        await db.ReleaseReservationsAsync(order.Id, now, cancellation);
        if (order.Status == OrderStatus.Authorised || order.CancelRequestedAt is not null)
        {
            db.MarkCancelled(order, instruction, now);
            return;
        }
        order.Expire(now);
        db.AuditOrder(order, instruction, "orders.expired");
    }

    /// <summary>An order that expired gave its stock back: it is taken again, or it is too late.</summary>
    private async Task<bool> HasItsStockAsync(Order order, DateTimeOffset now, CancellationToken cancellation)
    {
        if (order.Status != OrderStatus.Expired) return true;
        var shelf = await StockShelf.LockAsync(db, order.Lines.Select(l => l.VariantId), cancellation);
        if (shelf.TryTake(order.Lines.Select(l => (l.VariantId, l.Quantity))) is not { } allocations) return false;
        order.TakenFrom(shelf);
        await db.ReserveAsync([.. allocations.Select(a => (order.Id, a, now))], now, cancellation);
        await db.SaveChangesAsync(cancellation);
        return true;
    }
}
