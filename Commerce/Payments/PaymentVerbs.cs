using System.Data;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>Where the shopper pays.</summary>
public sealed record PaymentPage(string Url);

/// <summary>What the shop does with payments. Every verb may be repeated at any time and ends in the same state.</summary>
/// <exception cref="GatewayUnavailableException">From every verb that asks Stripe; order and reservation are as before.</exception>
public sealed class PaymentVerbs(ShopDb db, StripeGateway stripe, Settlement settlement, TimeProvider clock)
{
    /// <summary>The order's payment page at Stripe, made on the first call.</summary>
    public async Task<Outcome<PaymentPage>> OpenSessionAsync(string number, string key, CancellationToken cancellation)
    {
        var orderId = await FindAsync(number, key, cancellation);
        if (orderId is null) return OrderRefusals.Unknown();
        var order = await RequestSessionAsync(orderId.Value, cancellation);
        if (order.Status == OrderStatus.Paid) return new Refusal(PaymentRefusals.AlreadyPaid, "This order is paid.");
        if (order.Status != OrderStatus.AwaitingPayment) return new Refusal(PaymentRefusals.OrderClosed, "This order can no longer be paid; place a new one.");
        return order.Payment!.SessionUrl is { } url ? new PaymentPage(url) : new PaymentPage((await CreateSessionAsync(order, cancellation)).Url);
    }

    /// <summary>The shopper is back from the payment page: looks what Stripe says now, without waiting for the webhook.</summary>
    public async Task<Outcome<OrderView>> ConfirmAsync(string number, string key, CancellationToken cancellation)
    {
        var found = await db.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payment)
            .FirstOrDefaultAsync(o => o.Number == number && o.Key == key, cancellation);
        if (found is null) return OrderRefusals.Unknown();
        if (found.Payment!.SessionId is null || found.Payment.Status is PaymentStatus.Paid or PaymentStatus.Refunded) return OrderView.Of(found);
        using var activity = Telemetry.Resume("confirm payment", found.TraceParent);
        var session = await stripe.FindSessionAsync(found.Payment.SessionId, cancellation);
        return await settlement.ApplyAsync(found.Id, session, null, cancellation);
    }

    /// <summary>
    /// Job <c>apply-stripe-event</c>: applies a stored event from the current state of its session. <paramref name="beforeCommit"/> runs inside
    /// the transaction of the effect, to settle the job with it.
    /// </summary>
    public async Task ApplyEventAsync(string eventId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var stored = await db.StripeEvents.AsNoTracking().FirstOrDefaultAsync(e => e.Id == eventId, cancellation)
            ?? throw new InvalidOperationException($"There is no stored event {eventId}.");
        if (stored.AppliedAt is null && StripeEvents.IsActedOn(stored.Type))
        {
            var session = await stripe.FindSessionAsync(stored.ObjectId, cancellation);
            if (StripeGateway.OrderIdOf(session) is { } orderId)
            {
                await settlement.ApplyAsync(orderId, session, FinishAsync, cancellation);
                return;
            }
        }
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await FinishAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        });

        async Task FinishAsync(CancellationToken token)
        {
            var now = clock.GetUtcNow();
            await db.StripeEvents.Where(e => e.Id == eventId && e.AppliedAt == null).ExecuteUpdateAsync(e => e.SetProperty(x => x.AppliedAt, now), token);
            if (beforeCommit is not null) await beforeCommit(token);
        }
    }

    /// <summary>
    /// Job <c>expire-reservation</c>: the time of an unpaid order is up. Stripe is the arbiter: its session is ended there first, and only
    /// when Stripe says expired is the stock released; if it says paid, this is an order.
    /// </summary>
    public async Task ExpireReservationAsync(Guid orderId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var found = await db.Orders.AsNoTracking().Where(o => o.Id == orderId).Select(o => new { o.TraceParent }).FirstOrDefaultAsync(cancellation)
            ?? throw new OrderUnknownException(orderId);
        using var activity = Telemetry.Resume("expire reservation", found.TraceParent);
        if (await settlement.TryExpireUnaskedAsync(orderId, beforeCommit, cancellation)) return;
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payment).SingleAsync(o => o.Id == orderId, cancellation);
        var sessionId = order.Payment!.SessionId ?? (await CreateSessionAsync(order, cancellation)).Id;
        var session = await stripe.ExpireSessionAsync(sessionId, cancellation);
        await settlement.ApplyAsync(orderId, session, beforeCommit, cancellation);
    }

    /// <summary>Notes, before Stripe is asked, that a session may exist there: from here on only Stripe can end this order.</summary>
    private Task<Order> RequestSessionAsync(Guid orderId, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var order = await db.LockOrderAsync(orderId, cancellation) ?? throw new OrderUnknownException(orderId);
            if (order.Status == OrderStatus.AwaitingPayment) order.Payment!.SessionRequestedAt ??= clock.GetUtcNow();
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return order;
        });

    /// <summary>Makes the order's session. Should two attempts have made one each, the first that was stored counts: nobody learns the other's address.</summary>
    private async Task<(string Id, string Url)> CreateSessionAsync(Order order, CancellationToken cancellation)
    {
        var payment = order.Payment!;
        try
        {
            var made = await stripe.CreateSessionAsync(order, payment, cancellation);
            await db.Payments.Where(p => p.Id == payment.Id && p.SessionId == null).ExecuteUpdateAsync(
                p => p.SetProperty(x => x.SessionId, made.Id).SetProperty(x => x.SessionUrl, made.Url), CancellationToken.None);
        }
        catch (GatewayUnavailableException away) when (away.HasAnswered)
        {
            await db.Payments.Where(p => p.Id == payment.Id && p.SessionAttempt == payment.SessionAttempt)
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.SessionAttempt, x => x.SessionAttempt + 1), CancellationToken.None);
            throw;
        }
        var stored = await db.Payments.AsNoTracking().SingleAsync(p => p.Id == payment.Id, cancellation);
        return (stored.SessionId!, stored.SessionUrl!);
    }

    private Task<Guid?> FindAsync(string number, string key, CancellationToken cancellation) =>
        db.Orders.Where(o => o.Number == number && o.Key == key).Select(o => (Guid?)o.Id).FirstOrDefaultAsync(cancellation);
}
