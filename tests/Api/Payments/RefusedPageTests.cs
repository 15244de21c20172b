using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Payments;

/// <summary>Orders for which Stripe has no page: it makes none, keeps none, or made one that nobody was told of. None of them keeps its stock for good.</summary>
public class RefusedPageTests(HastyShop shop) : IClassFixture<HastyShop>
{
    [Theory]
    [InlineData("shopper")]
    [InlineData("staff")]
    [InlineData("time")]
    public async Task An_order_that_Stripe_makes_no_page_for_is_refused_clearly_and_still_gives_its_stock_back(string who)
    {
        var variant = await shop.AddGoodsAsync(stock: 3);
        var purchase = await Purchase.PlaceAsync(shop, variant, 3);
        await using (var db = shop.Open()) await db.Orders.Where(o => o.Number == purchase.Number).ExecuteUpdateAsync(o => o.SetProperty(x => x.Email, "x@y")); // as older orders may have it
        await StaffDesk.AssertRefusedAsync(purchase.SendAsync("payment-session"), HttpStatusCode.BadGateway, PaymentRefusals.GatewayRefused);
        Assert.Equal("awaiting-payment", await purchase.StatusAsync());
        await EndAsync(purchase, who);
        await AssertFreeAsync(purchase, variant, 3);
    }

    [Theory]
    [InlineData("shopper")]
    [InlineData("staff")]
    [InlineData("time")]
    public async Task A_page_that_Stripe_does_not_know_any_more_keeps_nothing(string who)
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var purchase = await Purchase.PlaceAsync(shop, variant);
        await purchase.OpenSessionAsync();
        await ForgetEverythingAsync();
        Assert.Equal("awaiting-payment", (await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"))).GetProperty("status").GetString());
        await EndAsync(purchase, who);
        await AssertFreeAsync(purchase, variant, 1);
    }

    [Fact]
    public async Task A_fresh_page_is_opened_for_one_that_Stripe_does_not_know_any_more()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        var gone = await purchase.OpenSessionAsync();
        await ForgetEverythingAsync();
        var pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => purchase.OpenSessionAsync()));
        Assert.Single(pages.Distinct());
        Assert.NotEqual(gone, pages[0]);
        await purchase.PayAsync(pages[0]);
        await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
        await purchase.AssertPaidOnceAsync(1);
        await StaffDesk.AssertRefusedAsync(purchase.SendAsync("payment-session"), HttpStatusCode.Conflict, PaymentRefusals.AlreadyPaid);
    }

    [Fact]
    public async Task While_Stripe_cannot_be_asked_about_a_page_it_is_handed_out_as_before()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        var page = await purchase.OpenSessionAsync();
        await shop.FaultAsync(new { kind = "Status", status = 503, calls = 3, path = $"/v1/checkout/sessions/{page}" });
        Assert.Equal(page, await purchase.OpenSessionAsync());
        await shop.Stripe.DeleteAsync("/_emulator/faults");
        await shop.GatewayClosesAsync();
    }

    [Theory]
    [InlineData("shopper")]
    [InlineData("time")]
    public async Task A_page_whose_address_was_lost_on_its_way_is_ended_before_the_stock_is_given_back(string who)
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var (purchase, stray) = await LosePageAsync(variant);
        await EndAsync(purchase, who);
        await AssertFreeAsync(purchase, variant, 1);
        Assert.Equal("expired", (await shop.StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{stray}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Should_somebody_have_paid_on_a_page_that_the_shop_has_lost_the_order_is_theirs()
    {
        var (purchase, stray) = await LosePageAsync(shop.Tide);
        await purchase.PayAsync(stray);
        await shop.RunJobsAsync(JobKinds.ExpireReservation, onlyDue: false);
        await purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task A_page_that_is_made_while_the_order_is_cancelled_is_handed_to_nobody_who_could_pay_it()
    {
        for (var i = 0; i < 10; i++)
        {
            var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
            var answers = await Task.WhenAll(purchase.SendAsync("payment-session"), purchase.SendAsync("cancellation"));
            Assert.Equal(HttpStatusCode.OK, answers[1].StatusCode);
            Assert.Equal("cancelled", await purchase.StatusAsync());
            await using var db = shop.Open();
            var orderId = (await new StaffDesk(purchase).OrderIdAsync()).ToString();
            Assert.All(await SessionsAsync(), s => Assert.False(s.GetProperty("metadata").GetProperty("order_id").GetString() == orderId && s.GetProperty("status").GetString() == "open"));
            Assert.Contains(answers[0].StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict });
        }
    }

    [Fact]
    public async Task A_hundred_lines_and_their_shipping_are_paid_to_the_cent()
    {
        await using var db = shop.Open();
        var first = await Goods.AddAsync(db, $"p-{Guid.NewGuid():N}", stock: 2, priceMinor: 1, variants: 100); // too little for free shipping
        var variants = await db.Variants.Where(v => v.ProductId == db.Variants.Single(f => f.Id == first).ProductId).OrderBy(v => v.Position).Select(v => v.Id).ToListAsync();
        var basket = await Purchase.FillBasketAsync(shop, variants[0]);
        foreach (var variant in variants.Skip(1)) await ShopApi.OkAsync(shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity = 1 }));
        var order = await ShopApi.OkAsync(Purchase.SendOrderAsync(shop, basket));
        Assert.Equal(100, order.GetProperty("lines").GetArrayLength());
        Assert.True(order.GetProperty("shipping").GetProperty("amountMinor").GetInt64() > 0);
        var purchase = new Purchase(shop, order.GetProperty("number").GetString()!, order.GetProperty("key").GetString()!, order.GetProperty("total").GetProperty("amountMinor").GetInt64());
        var session = await purchase.OpenSessionAsync();
        await purchase.PayAsync(session);
        Assert.Equal("paid", (await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"))).GetProperty("status").GetString());
        Assert.Equal(purchase.TotalMinor, await new StaffDesk(purchase).StripeHasAsync());
    }

    /// <summary>The page was made; its answer never came.</summary>
    private async Task<(Purchase Purchase, string Session)> LosePageAsync(Guid variant)
    {
        var purchase = await Purchase.PlaceAsync(shop, variant);
        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/checkout/sessions", method = "POST" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await purchase.SendAsync("payment-session")).StatusCode);
        await shop.Stripe.DeleteAsync("/_emulator/faults");
        await shop.GatewayClosesAsync();
        var orderId = (await new StaffDesk(purchase).OrderIdAsync()).ToString();
        var made = Assert.Single(await SessionsAsync(), s => s.GetProperty("metadata").GetProperty("order_id").GetString() == orderId);
        return (purchase, made.GetProperty("id").GetString()!);
    }

    private async Task<List<JsonElement>> SessionsAsync() =>
        [.. (await shop.StripeAsync(HttpMethod.Get, "/v1/checkout/sessions?limit=100")).GetProperty("data").EnumerateArray()];

    private Task ForgetEverythingAsync() => ShopApi.OkAsync(shop.Stripe.PostAsync("/_emulator/reset", null));

    private async Task EndAsync(Purchase purchase, string who)
    {
        if (who == "time") await shop.RunJobsAsync(JobKinds.ExpireReservation, onlyDue: false);
        else await ShopApi.OkAsync(who == "shopper" ? purchase.SendAsync("cancellation") : new StaffDesk(purchase).PostAsync("cancellation", new { restock = true }));
        Assert.Equal(who == "time" ? "expired" : "cancelled", await purchase.StatusAsync());
    }

    private async Task AssertFreeAsync(Purchase purchase, Guid variant, int quantity)
    {
        await using var db = shop.Open();
        var order = await db.Orders.AsNoTracking().Include(o => o.Payment).SingleAsync(o => o.Number == purchase.Number);
        Assert.Equal(PaymentStatus.Closed, order.Payment!.Status);
        Assert.Equal(ReservationState.Released, (await db.Reservations.AsNoTracking().SingleAsync(r => r.OrderId == order.Id)).State);
        Assert.Equal((quantity, 0), (await db.StockItems.AsNoTracking().Where(s => s.VariantId == variant).Select(s => new ValueTuple<int, int>(s.OnHand, s.Reserved)).SingleAsync()));
    }
}
