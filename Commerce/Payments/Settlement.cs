using System.Data;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>
/// Brings an order in line with what Stripe says about its session now. Webhook, redirect and expiry all end here, under a lock on the
/// order's row, so it does not matter which comes first, how often, or late: the second finds nothing left to do.
/// </summary>
public sealed class Settlement(ShopDb db, StripeGateway stripe, TimeProvider clock, ILogger<Settlement> log)
{
    /// <summary>Applies what the session says. Runs in one transaction with <paramref name="beforeCommit"/>, which may settle the job that asked.</summary>
    /// <exception cref="OrderUnknownException">The session names an order the shop does not have.</exception>
    /// <exception cref="PaymentMismatchException">Another amount was paid than the order costs.</exception>
    internal async Task<OrderView> ApplyAsync(Guid orderId, Session session, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var traceParent = await db.Orders.Where(o => o.Id == orderId).Select(o => o.TraceParent).FirstOrDefaultAsync(cancellation);
        using var activity = Telemetry.Resume("settle payment", traceParent);
        activity?.SetTag("payment.session", session.Id);
        activity?.SetTag("payment.session.status", $"{session.Status}/{session.PaymentStatus}");

        var order = await InTransactionAsync(orderId, async order =>
        {
            var payment = order.Payment!;
            payment.SessionId ??= session.Id;
            payment.SessionUrl ??= session.Url;
            if (session.PaymentStatus is "paid" or "no_payment_required") await MoneyArrivedAsync(order, payment, session, cancellation);
            else if (session.Status == "expired" && session.Id == payment.SessionId) await NobodyPaidAsync(order, payment, cancellation);
            if (beforeCommit is not null && payment.Status != PaymentStatus.RefundDue) await beforeCommit(cancellation);
        }, cancellation);
        if (order.Payment!.Status == PaymentStatus.RefundDue) order = await RefundAsync(order, beforeCommit, cancellation);
        return OrderView.Of(order);
    }

    private async Task MoneyArrivedAsync(Order order, Payment payment, Session session, CancellationToken cancellation)
    {
        if (payment.Status is PaymentStatus.Paid or PaymentStatus.RefundDue or PaymentStatus.Refunded) return;
        if (session.AmountTotal != payment.AmountMinor || !string.Equals(session.Currency, payment.Currency, StringComparison.OrdinalIgnoreCase))
            throw new PaymentMismatchException(order.Number, session.Id, session.AmountTotal, session.Currency);

        var now = clock.GetUtcNow();
        payment.PaymentIntentId = session.PaymentIntentId;
        payment.UpdatedAt = now;
        if (!order.CanBecome(OrderStatus.Paid) || order.Status != OrderStatus.AwaitingPayment && !await TryReserveAgainAsync(order, now, cancellation))
        {
            payment.Status = PaymentStatus.RefundDue;
            log.LogWarning("Order {Number} was paid after its stock had gone; the payment goes back.", order.Number);
            return;
        }
        payment.Status = PaymentStatus.Paid;
        payment.CapturedMinor = payment.AmountMinor;
        order.MarkPaid(now);
        await db.ConsumeReservationsAsync(order.Id, now, cancellation);
        db.Enqueue(new NewJob(JobKinds.SendReceipt, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent));
    }

    private async Task NobodyPaidAsync(Order order, Payment payment, CancellationToken cancellation)
    {
        if (order.Status != OrderStatus.AwaitingPayment) return;
        var now = clock.GetUtcNow();
        order.Expire(now);
        payment.Status = PaymentStatus.Closed;
        payment.UpdatedAt = now;
        await db.ReleaseReservationsAsync(order.Id, now, cancellation);
    }

    /// <summary>Ends an order whose payment page was never asked for, without asking Stripe; false when only Stripe can tell.</summary>
    internal async Task<bool> TryExpireUnaskedAsync(Guid orderId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var settled = false;
        await InTransactionAsync(orderId, async order =>
        {
            settled = order.Status != OrderStatus.AwaitingPayment || order.Payment!.SessionRequestedAt is null;
            if (!settled) return;
            await NobodyPaidAsync(order, order.Payment!, cancellation);
            if (beforeCommit is not null) await beforeCommit(cancellation);
        }, cancellation);
        return settled;
    }

    private async Task<bool> TryReserveAgainAsync(Order order, DateTimeOffset now, CancellationToken cancellation)
    {
        var shelf = await StockShelf.LockAsync(db, order.Lines.Select(l => l.VariantId), cancellation);
        if (shelf.TryTake(order.Lines.Select(l => (l.VariantId, l.Quantity))) is not { } allocations) return false;
        await db.ReserveAsync([.. allocations.Select(a => (order.Id, a, now))], now, cancellation);
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    private async Task<Order> RefundAsync(Order order, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var refund = await AskForRefundAsync(order.Payment!, cancellation);
        return await InTransactionAsync(order.Id, async locked =>
        {
            locked.Payment!.Status = PaymentStatus.Refunded;
            locked.Payment.RefundId = refund.Id;
            locked.Payment.UpdatedAt = clock.GetUtcNow();
            if (beforeCommit is not null) await beforeCommit(cancellation);
        }, cancellation);
    }

    private async Task<Stripe.Refund> AskForRefundAsync(Payment payment, CancellationToken cancellation)
    {
        try
        {
            return await stripe.RefundAsync(payment, cancellation);
        }
        catch (GatewayUnavailableException away) when (away.HasAnswered)
        {
            await db.Payments.Where(p => p.Id == payment.Id && p.RefundAttempt == payment.RefundAttempt)
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.RefundAttempt, x => x.RefundAttempt + 1), CancellationToken.None);
            throw;
        }
    }

    private Task<Order> InTransactionAsync(Guid orderId, Func<Order, Task> change, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var order = await db.LockOrderAsync(orderId, cancellation) ?? throw new OrderUnknownException(orderId);
            await change(order);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return order;
        });
}

/// <summary>Stripe tells of an order the shop does not have; the event is kept and tried again, for it may be one of a restored database.</summary>
public sealed class OrderUnknownException(Guid orderId) : Exception($"There is no order {orderId}.");

/// <summary>Stripe took another amount than the order costs. Nothing is changed; a person has to look.</summary>
public sealed class PaymentMismatchException(string number, string sessionId, long? amountMinor, string? currency)
    : Exception($"Order {number}: session {sessionId} was paid with {amountMinor} {currency}.");
