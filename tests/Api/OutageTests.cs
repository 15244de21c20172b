using System.Net;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api;

/// <summary>Apart from the other payments, because an outage opens the circuit breaker of the whole instance for a while.</summary>
public class OutageTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task While_Stripe_is_down_the_order_and_its_stock_are_kept_and_paying_works_afterwards()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await shop.FaultAsync(new { kind = "Status", status = 500, calls = 3, path = "/v1/checkout/sessions" });
        var response = await purchase.SendAsync("payment-session");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(GatewayUnavailableException.Code, await response.Content.ReadAsStringAsync());
        Assert.Equal("awaiting-payment", await purchase.StatusAsync());
        await using var db = shop.Open();
        Assert.Equal(ReservationState.Held, (await db.Reservations.SingleAsync(r => db.Orders.Any(o => o.Id == r.OrderId && o.Number == purchase.Number))).State);
        await purchase.PayAsync(await purchase.OpenSessionOnceItWorksAsync());
        await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
        await purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task An_answer_of_500_after_the_work_was_done_does_not_lock_the_order_out_of_paying()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/checkout/sessions", method = "POST" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await purchase.SendAsync("payment-session")).StatusCode);
        await purchase.PayAsync(await purchase.OpenSessionOnceItWorksAsync());
        await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
        await purchase.AssertPaidOnceAsync(1);
    }
}
