using System.Data;
using Commerce.Audit;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>Where the shopper pays.</summary>
public sealed record PaymentPage(string Url);

/// <summary>What the shop does with payments. Every verb may be repeated at any time and ends in the same state.</summary>
/// <exception cref="GatewayUnavailableException">From every verb that asks Stripe; order and reservation are as before.</exception>
public sealed class PaymentVerbs(ShopDb db, StripeGateway stripe, PaymentSessions sessions, PaymentEnding ending, Settlement settlement, StripeEventReader reader, TimeProvider clock)
{
    private static readonly Instruction ByExpiry = new(Actor.System("expire-reservation"));

    private static readonly CompiledQuery<Func<ShopDb, string, CancellationToken, Task<StripeEvent?>>> EventById = new(() =>
        EF.CompileAsyncQuery((ShopDb db, string id, CancellationToken _) => db.StripeEvents.AsNoTracking().FirstOrDefault(e => e.Id == id)));

    /// <summary>The order's payment page at Stripe, made on the first call, and again when Stripe does not know it any more.</summary>
    /// <exception cref="Stripe.StripeException">Stripe makes no page for such an order.</exception>
    public async Task<Outcome<PaymentPage>> OpenSessionAsync(string number, string key, CancellationToken cancellation)
    {
        if (await sessions.RequestAsync(number, key, cancellation) is not { } order) return OrderRefusals.Unknown();
        if (WhyClosed(order) is { } closed) return closed;
        if (order.Payment!.SessionId is { } known)
        {
            order = await LookAtPageAsync(order, known, cancellation);
            if (WhyClosed(order) is { } ended) return ended;
            if (order.Payment!.SessionUrl is { } url) return new PaymentPage(url);
        }
        return await sessions.CreateAsync(order, cancellation) is { } made ? new PaymentPage(made.Url) : Ended();
    }

    private static Refusal? WhyClosed(Order order) =>
        order.Status is OrderStatus.Paid or OrderStatus.Authorised ? new Refusal(PaymentRefusals.AlreadyPaid, "This order is paid.")
        : order.Status != OrderStatus.AwaitingPayment || order.CancelRequestedAt is not null ? Ended()
        : null;

    private static Refusal Ended() => new(PaymentRefusals.OrderClosed, "This order can no longer be paid; place a new one.");

    /// <summary>The order in line with what has become of its page.</summary>
    private async Task<Order> LookAtPageAsync(Order order, string sessionId, CancellationToken cancellation)
    {
        try
        {
            var page = await stripe.FindSessionAsync(sessionId, cancellation);
            if (page is null) return await sessions.ForgetAsync(order.Id, sessionId, cancellation);
            return page.Status == "open" ? order : await settlement.ApplyAsync(order.Id, PaymentPicture.Of(page), null, null, cancellation);
        }
        catch (GatewayUnavailableException)
        {
            return order; // the page may well be there when the shopper is
        }
    }

    /// <summary>The shopper is back from the payment page: looks what Stripe says now, without waiting for the webhook.</summary>
    public async Task<Outcome<OrderView>> ConfirmAsync(string number, string key, CancellationToken cancellation)
    {
        var found = await db.FindWholeOrderAsync(number, key, cancellation);
        if (found is null) return OrderRefusals.Unknown();
        if (found.Payment!.SessionId is null || found.Payment.Status is not (PaymentStatus.Pending or PaymentStatus.Closed)) return await db.ViewOrderAsync(found, cancellation);
        using var activity = Telemetry.Resume("confirm payment", found.TraceParent);
        if (await stripe.FindSessionAsync(found.Payment.SessionId, cancellation) is not { } session) return OrderView.Of(found); // nobody can have paid there
        return await db.ViewOrderAsync(await settlement.ApplyAsync(found.Id, PaymentPicture.Of(session), null, null, cancellation), cancellation);
    }

    /// <summary>
    /// Job <c>apply-stripe-event</c>: applies a stored event from the current state of its object. <paramref name="beforeCommit"/> runs inside
    /// the transaction of the effect, to settle the job with it.
    /// </summary>
    /// <exception cref="OrderUnknownException">It is about an order the shop does not have, yet or any more: the event stays unapplied.</exception>
    /// <exception cref="StripeObjectUnknownException">So it does when Stripe does not know what it is about.</exception>
    public async Task ApplyEventAsync(string eventId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var stored = await EventById.For(db)(db, eventId, cancellation)
            ?? throw new InvalidOperationException($"There is no stored event {eventId}.");
        if (stored.AppliedAt is null && await reader.LookAsync(stored, cancellation) is { } now)
        {
            await settlement.ApplyAsync(now.OrderId, now.Picture, null, FinishAsync, cancellation);
            return;
        }
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await FinishAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        });

        async Task FinishAsync(CancellationToken token)
        {
            var at = clock.GetUtcNow();
            await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET applied_at = {at} WHERE id = {eventId} AND applied_at IS NULL", token);
            if (beforeCommit is not null) await beforeCommit(token);
        }
    }

    /// <summary>
    /// Ends an event of an order that the shop does not have, where Stripe holds nothing for it any more and can take nothing: nobody has to decide anything.
    /// </summary>
    /// <returns>False when there is money, or may be.</returns>
    internal async Task<bool> TryForgetEventAsync(string eventId, CancellationToken cancellation)
    {
        var stored = await db.StripeEvents.AsNoTracking().SingleAsync(e => e.Id == eventId, cancellation);
        if (await reader.LookAsync(stored, cancellation) is not { Picture: var picture }) return false;
        var isOver = picture.Intent is { Status: "succeeded" or "canceled" } ? picture.HeldMinor <= 0 : picture is { Intent: null, Session.Status: "expired" };
        if (!isOver) return false;
        var at = clock.GetUtcNow();
        await db.StripeEvents.Where(e => e.Id == eventId && e.AppliedAt == null).ExecuteUpdateAsync(e => e.SetProperty(x => x.AppliedAt, at), cancellation);
        return true;
    }

    /// <summary>
    /// Job <c>expire-reservation</c>: the time of an unpaid order is up. Its page is ended at Stripe first, and the stock released when nobody
    /// has paid; if somebody has, this is an order.
    /// </summary>
    public async Task ExpireReservationAsync(Guid orderId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var found = await db.Orders.AsNoTracking().Where(o => o.Id == orderId).Select(o => new { o.TraceParent }).FirstOrDefaultAsync(cancellation)
            ?? throw new OrderUnknownException(orderId);
        using var activity = Telemetry.Resume("expire reservation", found.TraceParent);
        await ending.EndAsync(orderId, ByExpiry, beforeCommit, cancellation);
    }
}
