using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>The payment page of an order at Stripe: asked for once, noted before and after.</summary>
public sealed class PaymentSessions(ShopDb db, StripeGateway stripe, TimeProvider clock)
{
    /// <summary>Notes, before Stripe is asked, that a session may exist there: from here on only Stripe can end this order.</summary>
    public async Task<Order> RequestAsync(Guid orderId, CancellationToken cancellation) =>
        (await db.ChangeOrderAsync<Order>(orderId, order =>
        {
            if (order.Status == OrderStatus.AwaitingPayment && order.CancelRequestedAt is null) order.Payment!.SessionRequestedAt ??= clock.GetUtcNow();
            return Task.FromResult<Outcome<Order>>(order);
        }, cancellation)).Value;

    /// <summary>Makes the order's session. Should two attempts have made one each, the first that was stored counts: nobody learns the other's address.</summary>
    public async Task<PaymentSession> CreateAsync(Order order, CancellationToken cancellation)
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
        return new PaymentSession(stored.SessionId!, stored.SessionUrl!);
    }
}

/// <summary>A Checkout Session, by its id and the address of its page.</summary>
public sealed record PaymentSession(string Id, string Url);
