using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>The payment page of an order at Stripe: asked for once, noted before and after.</summary>
public sealed class PaymentSessions(ShopDb db, StripeGateway stripe, TimeProvider clock)
{
    /// <summary>Under the order's lock, like everything that ends it.</summary>
    private const string Request = Sql.ByKey + """
        ;
        WITH open AS (SELECT id FROM orders WHERE number = {0} AND key = {1} AND status = {2} AND cancel_requested_at IS NULL FOR UPDATE)
        UPDATE payments SET session_requested_at = {3} FROM open WHERE payments.order_id = open.id AND payments.session_requested_at IS NULL
        """;

    private static readonly CompiledQuery<Func<ShopDb, string, string, CancellationToken, Task<Order?>>> OrderByNumber = new(() => EF.CompileAsyncQuery(
        (ShopDb db, string number, string key, CancellationToken _) =>
            db.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payment).FirstOrDefault(o => o.Number == number && o.Key == key)));

    /// <summary>
    /// Notes, before Stripe is asked, that a session may exist there: from here on only Stripe can tell that nobody pays this order. Notes nothing of one that
    /// cannot be paid. Null: there is no such order.
    /// </summary>
    public async Task<Order?> RequestAsync(string number, string key, CancellationToken cancellation)
    {
        number = OrderNumber.Read(number);
        await db.Database.ExecuteSqlRawAsync(Request, [number, key, nameof(OrderStatus.AwaitingPayment), clock.GetUtcNow()], cancellation);
        return await OrderByNumber.For(db)(db, number, key, cancellation);
    }

    /// <summary>
    /// Makes the order's session; null when the order was ended meanwhile. Should two attempts have made one each, the first that was stored
    /// counts: nobody learns the other's address, nor that of one that came too late.
    /// </summary>
    /// <exception cref="Stripe.StripeException">Stripe makes no page for such an order.</exception>
    public async Task<PaymentSession?> CreateAsync(Order order, CancellationToken cancellation)
    {
        var payment = order.Payment!;
        Stripe.Checkout.Session made;
        try
        {
            made = await stripe.CreateSessionAsync(order, payment, cancellation);
        }
        catch (GatewayUnavailableException away) when (away.HasAnswered)
        {
            await db.Payments.Where(p => p.OrderId == payment.OrderId && p.SessionAttempt == payment.SessionAttempt)
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.SessionAttempt, x => x.SessionAttempt + 1), CancellationToken.None);
            throw;
        }
        // Under the order's lock, like everything that ends it: a page that is handed out is one that whoever ends the order knows of.
        var awaiting = nameof(OrderStatus.AwaitingPayment);
        var isStored = await db.Database.ExecuteSqlAsync($"""
            WITH open AS (SELECT id FROM orders WHERE id = {order.Id} AND status = {awaiting} AND cancel_requested_at IS NULL FOR UPDATE)
            UPDATE payments SET session_id = {made.Id}, session_url = {made.Url} FROM open WHERE payments.order_id = open.id AND payments.session_id IS NULL
            """, CancellationToken.None) == 1;
        if (isStored) return new PaymentSession(made.Id, made.Url);
        // A statement of its own: that one has not seen what another attempt stored while it waited for the lock.
        var stored = await db.Payments.AsNoTracking().SingleAsync(p => p.OrderId == payment.OrderId, cancellation);
        if (stored is { SessionId: { } id, SessionUrl: { } url }) return new PaymentSession(id, url);
        await stripe.ExpireSessionAsync(made.Id, cancellation);
        return null;
    }

    /// <summary>Stripe does not know the session, so nobody can pay there: the next one is asked for under a key of its own.</summary>
    public async Task<Order> ForgetAsync(Guid orderId, string sessionId, CancellationToken cancellation) =>
        (await db.ChangeOrderAsync<Order>(orderId, order =>
        {
            var payment = order.Payment!;
            if (order.Status == OrderStatus.AwaitingPayment && payment.SessionId == sessionId)
            {
                (payment.SessionId, payment.SessionUrl) = (null, null);
                payment.SessionAttempt++;
            }
            return Task.FromResult<Outcome<Order>>(order);
        }, cancellation)).Value;
}

/// <summary>A Checkout Session, by its id and the address of its page.</summary>
public sealed record PaymentSession(string Id, string Url);
