using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;
using Tests.Fixture;

namespace Tests.Api.Orders;

/// <summary>A shop that sends everything for nothing.</summary>
public sealed class FreeDeliveryShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override async Task FillAsync()
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync($"UPDATE shipping_rates SET price_minor = 0, free_from_minor = NULL, max_subtotal_minor = NULL");
    }
}

/// <summary>What could be ordered and never be paid, or never be written to, is refused before it takes any stock.</summary>
public class UnpayableOrderTests(FreeDeliveryShop shop) : IClassFixture<FreeDeliveryShop>
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(49)]
    [InlineData(100_000_000)]
    [InlineData(1_000_000_000)]
    public async Task A_total_that_no_card_can_be_charged_is_refused_and_takes_no_stock(long totalMinor)
    {
        var variant = await PricedAsync(totalMinor);
        var basket = await Purchase.FillBasketAsync(shop, variant);
        await AssertNotChargeableAsync(shop.Client.GetAsync($"/api/v1/shipping-rates?basketId={basket}&countryCode=DE"), totalMinor);
        await AssertNotChargeableAsync(Purchase.SendOrderAsync(shop, basket), totalMinor);
        await AssertNothingOrderedAsync(basket, variant);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(99_999_999)]
    public async Task The_smallest_and_the_largest_total_are_ordered_and_paid(long totalMinor)
    {
        var purchase = await Purchase.PlaceAsync(shop, await PricedAsync(totalMinor));
        await purchase.PayAsync(await purchase.OpenSessionAsync());
        Assert.Equal("paid", (await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"))).GetProperty("status").GetString());
        Assert.Equal(totalMinor, await new StaffDesk(purchase).StripeHasAsync());
    }

    [Fact]
    public async Task A_way_of_sending_with_which_no_card_can_be_charged_the_total_is_neither_offered_nor_chosen()
    {
        await using (var db = shop.Open())
            await db.Database.ExecuteSqlAsync($"UPDATE shipping_rates SET price_minor = 40 WHERE zone = 'eu' AND code = 'express'");
        var basket = await Purchase.FillBasketAsync(shop, await PricedAsync(10));
        var quote = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/shipping-rates?basketId={basket}&countryCode=FR"));
        var offer = Assert.Single(quote.GetProperty("items").EnumerateArray());
        Assert.Equal(("express", 50), (offer.GetProperty("code").GetString(), Amount(offer, "total")));
        using var order = Purchase.Order(basket, countryCode: "FR");
        Assert.Equal(50, Amount(await ShopApi.OkAsync(shop.Client.SendAsync(order)), "total"));
    }

    [Theory]
    [InlineData("x@y")]
    [InlineData("ann smith@ex.com")]
    [InlineData("ann@ex com")]
    [InlineData("a@-")]
    [InlineData("\"q q\"@ex.com")]
    [InlineData("a,b@ex.com")]
    [InlineData("a..b@ex.com")]
    [InlineData(".a@ex.com")]
    [InlineData("a@ex..com")]
    [InlineData("a@-ex.com")]
    [InlineData("a@127.0.0.1")]
    [InlineData("jürgen@ex.com")]
    [InlineData("Ann <ann@ex.com>")]
    [InlineData("a@ex.com\n")]
    public async Task An_address_that_no_mail_can_be_sent_to_orders_nothing_and_opens_no_account(string email)
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        using var order = Purchase.Order(basket, email: email);
        await AssertRefusedAsync(shop.Client.SendAsync(order));
        await AssertRefusedAsync(shop.Guest().PostAsJsonAsync("/api/v1/accounts", new { email, password = ShopApi.Password }));
        await AssertRefusedAsync(shop.Admin.PostAsJsonAsync("/api/v1/admin/accounts", new { email, role = "staff" }));
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
        Assert.False(await db.Accounts.AnyAsync(u => u.Email == email));
    }

    [Theory]
    [InlineData("o'neil+prints@mail.example.ie")]
    [InlineData("ann@bücher.example")]
    public async Task An_address_of_another_script_or_with_signs_gets_its_order_and_its_payment_page(string email)
    {
        using var order = Purchase.Order(await Purchase.FillBasketAsync(shop, shop.Tide), email: email);
        var placed = await ShopApi.OkAsync(shop.Client.SendAsync(order));
        var purchase = new Purchase(shop, placed.GetProperty("number").GetString()!, placed.GetProperty("key").GetString()!, 0);
        var session = await shop.StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{await purchase.OpenSessionAsync()}");
        Assert.Equal(email.Replace("bücher", "xn--bcher-kva", StringComparison.Ordinal), session.GetProperty("customer_email").GetString());
    }

    private async Task<Guid> PricedAsync(long priceMinor)
    {
        await using var db = shop.Open();
        return await Goods.AddAsync(db, $"p-{Guid.NewGuid():N}", stock: 1, priceMinor);
    }

    private static async Task AssertNotChargeableAsync(Task<HttpResponseMessage> call, long totalMinor)
    {
        using var answer = await call;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.UnprocessableEntity, OrderRefusals.TotalNotChargeable), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal((totalMinor, 50, 99_999_999), (Amount(problem, "total"), Amount(problem, "least"), Amount(problem, "most")));
    }

    private static long Amount(JsonElement problem, string name) => problem.GetProperty(name).GetProperty("amountMinor").GetInt64();

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{answer.StatusCode}: {text}");
        Assert.Contains("no address that mail can be sent to", text);
    }

    private async Task AssertNothingOrderedAsync(string basket, Guid variant)
    {
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == basket));
        Assert.Equal(0, await db.StockItems.Where(s => s.VariantId == variant).SumAsync(s => s.Reserved));
    }
}
