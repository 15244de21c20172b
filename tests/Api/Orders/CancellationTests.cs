using System.Net;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;

namespace Tests.Api.Orders;

public class CancellationTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shopper_cancels_an_unpaid_order_and_its_page_can_no_longer_be_paid(bool hasPage)
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var purchase = await Purchase.PlaceAsync(shop, variant);
        var session = hasPage ? await purchase.OpenSessionAsync() : null;
        for (var i = 0; i < 2; i++)
            Assert.Equal("cancelled", (await ShopApi.OkAsync(purchase.SendAsync("cancellation"))).GetProperty("status").GetString());
        if (session is not null) Assert.Equal(HttpStatusCode.Gone, (await shop.Stripe.GetAsync($"/c/pay/{session}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await purchase.SendAsync("payment-session")).StatusCode);
        Assert.Equal(1, await new StaffDesk(purchase).JobsAsync(JobKinds.SendCancellation));
        await Purchase.PlaceAsync(shop, variant); // the only unit is free again
    }

    [Fact]
    public async Task A_shopper_who_has_paid_meanwhile_is_told_so_and_has_an_order()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await purchase.PayAsync(await purchase.OpenSessionAsync());
        await StaffDesk.AssertRefusedAsync(purchase.SendAsync("cancellation"), HttpStatusCode.Conflict, OrderRefusals.AlreadyPaid);
        await purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task Paying_and_cancelling_at_once_ends_in_an_order_or_a_cancellation_each_of_10_times()
    {
        for (var i = 0; i < 10; i++)
        {
            var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
            var session = await purchase.OpenSessionAsync();
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["number"] = "4242424242424242", ["expiry"] = "12/40", ["cvc"] = "123", ["name"] = "Ann" });
            await Task.WhenAll(purchase.SendAsync("cancellation"), shop.Stripe.PostAsync($"/c/pay/{session}", form));
            await shop.EventAsync(session, await StatusAtStripeAsync(session) == "complete" ? "checkout.session.completed" : "checkout.session.expired");
            await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
            var status = await purchase.StatusAsync();
            Assert.Equal(await StatusAtStripeAsync(session) == "complete" ? "paid" : "cancelled", status);
        }
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 3)]
    public async Task A_paid_order_is_cancelled_by_staff_its_money_goes_back_and_its_units_as_decided(bool restock, int onHand)
    {
        var variant = await shop.AddGoodsAsync(stock: 5);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 2);
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("cancellation", new { restock }, reason: null), HttpStatusCode.BadRequest, "audit.reason-missing");
        for (var i = 0; i < 2; i++)
            Assert.Equal("cancelled", (await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock }))).GetProperty("status").GetString());
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        Assert.Equal((1, PaymentStatus.Refunded), (await desk.JobsAsync(JobKinds.SendCancellation), (await desk.PaymentAsync()).Status));
        await using var db = shop.Open();
        Assert.Equal(onHand, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).OnHand);
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.NotPaid);
    }

    [Fact]
    public async Task While_Stripe_cannot_be_asked_nothing_is_cancelled_and_a_job_does_it_once_Stripe_says_unpaid()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        var session = await purchase.OpenSessionAsync();
        await shop.FaultAsync(new { kind = "Status", status = 503, calls = 3, path = $"/v1/checkout/sessions/{session}" });
        var noted = await ShopApi.OkAsync(purchase.SendAsync("cancellation"));
        Assert.Equal(("awaiting-payment", true), (noted.GetProperty("status").GetString(), noted.GetProperty("cancellationRequested").GetBoolean()));
        Assert.Equal(HttpStatusCode.Conflict, (await purchase.SendAsync("payment-session")).StatusCode); // nobody is sent to pay what is to be cancelled
        for (var i = 0; i < 150 && await purchase.StatusAsync() != "cancelled"; i++, await Task.Delay(200))
        {
            try
            {
                await shop.RunJobsAsync(JobKinds.ExpireReservation);
            }
            catch (GatewayUnavailableException)
            {
                // as long as the circuit is open
            }
        }
        Assert.Equal("cancelled", await purchase.StatusAsync());
        Assert.False((await ShopApi.OkAsync(purchase.SendAsync("cancellation"))).GetProperty("cancellationRequested").GetBoolean());
    }

    private async Task<string> StatusAtStripeAsync(string session) =>
        (await shop.StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{session}")).GetProperty("status").GetString()!;
}
