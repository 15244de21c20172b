using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;

namespace Tests.Api;

/// <summary>Like <see cref="ShopApi"/>, but stock is only kept for a second.</summary>
public sealed class HastyShop(Tests.Fixture.PostgresFixture postgres, Tests.Fixture.RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override TimeSpan HoldTime => TimeSpan.FromSeconds(1);
}

public class ExpiryTests(HastyShop shop) : IClassFixture<HastyShop>
{
    [Fact]
    public async Task An_order_that_nobody_went_to_pay_expires_and_gives_its_stock_back()
    {
        await shop.AddListenerAsync();
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await ExpireAsync();
        await AssertAsync(purchase, OrderStatus.Expired, PaymentStatus.Closed, reserved: false);
        Assert.Equal(["order.placed", "order.expired"], await purchase.EventsAsync());
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await purchase.SendAsync("payment-session")).StatusCode);
    }

    [Fact]
    public async Task A_payment_page_is_ended_at_Stripe_before_the_stock_is_given_back()
    {
        await shop.AddListenerAsync();
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        var session = await purchase.OpenSessionAsync();
        await ExpireAsync();
        await AssertAsync(purchase, OrderStatus.Expired, PaymentStatus.Closed, reserved: false);
        Assert.NotEqual(System.Net.HttpStatusCode.SeeOther, (await shop.Stripe.PostAsync($"/c/pay/{session}", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["number"] = "4242424242424242", ["expiry"] = "12/40", ["cvc"] = "123", ["name"] = "Ann" }))).StatusCode);
        // Stripe says it too, and the job may run again: it expired once.
        await shop.EventAsync(session, "checkout.session.expired");
        await shop.SettleAsync();
        var orderId = (await ReadAsync(purchase)).Id;
        await shop.InScopeAsync<PaymentVerbs>(payments => payments.ExpireReservationAsync(orderId, null, CancellationToken.None));
        Assert.Equal(["order.placed", "order.expired"], await purchase.EventsAsync());
    }

    [Fact]
    public async Task What_was_paid_in_the_last_moment_becomes_an_order_and_not_an_expiry()
    {
        await shop.AddListenerAsync();
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await purchase.PayAsync(await purchase.OpenSessionAsync());
        await ExpireAsync();
        await AssertAsync(purchase, OrderStatus.Paid, PaymentStatus.Paid, reserved: false);
        await shop.SettleAsync();
        Assert.Equal(["order.placed", "order.paid"], await purchase.EventsAsync());
    }

    [Fact]
    public async Task What_somebody_cancelled_before_its_time_was_up_is_told_as_cancelled_and_not_as_expired()
    {
        await shop.AddListenerAsync();
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await ShopApi.OkAsync(new StaffDesk(purchase).PostAsync("cancellation", new { restock = true }));
        await ExpireAsync();
        Assert.Equal(["order.placed", "order.cancelled"], await purchase.EventsAsync());
    }

    [Fact]
    public async Task While_Stripe_cannot_be_asked_the_stock_stays_reserved()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await purchase.OpenSessionAsync();
        await shop.FaultAsync(new { kind = "Status", status = 503, calls = 3, path = "/v1/checkout/sessions" });
        await Assert.ThrowsAsync<GatewayUnavailableException>(ExpireAsync);
        await AssertAsync(purchase, OrderStatus.AwaitingPayment, PaymentStatus.Pending, reserved: true);
        await ExpireOnceStripeIsAskedAgainAsync();
        await AssertAsync(purchase, OrderStatus.Expired, PaymentStatus.Closed, reserved: false);
    }

    /// <summary>The failures may have opened the gateway's circuit: the job runs again, as its queue would run it, until it closes.</summary>
    private async Task ExpireOnceStripeIsAskedAgainAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ExpireAsync();
                return;
            }
            catch (GatewayUnavailableException) when (attempt < 15)
            {
                await Task.Delay(500);
            }
        }
    }

    private async Task ExpireAsync()
    {
        await Task.Delay(1100);
        await shop.RunJobsAsync(JobKinds.ExpireReservation);
    }

    private async Task<Order> ReadAsync(Purchase purchase)
    {
        await using var db = shop.Open();
        return await db.Orders.AsNoTracking().Include(o => o.Payment).SingleAsync(o => o.Number == purchase.Number);
    }

    private async Task AssertAsync(Purchase purchase, OrderStatus status, PaymentStatus payment, bool reserved)
    {
        var order = await ReadAsync(purchase);
        Assert.Equal((status, payment), (order.Status, order.Payment!.Status));
        await using var db = shop.Open();
        Assert.Equal(reserved, await db.Reservations.AnyAsync(r => r.OrderId == order.Id && r.State == ReservationState.Held));
    }
}
