using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api;

public class OrderTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task The_same_key_answers_the_same_bytes_and_another_payload_is_refused()
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        var key = Guid.NewGuid().ToString();
        var first = await Purchase.SendOrderAsync(shop, basket, key);
        var again = await Purchase.SendOrderAsync(shop, basket, key);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
        var other = await Purchase.SendOrderAsync(shop, basket, key, new { amountMinor = 1, currency = "EUR" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency.key-reused"), (other.StatusCode, await CodeAsync(other)));
    }

    [Fact]
    public async Task The_last_unit_is_sold_once_and_the_others_are_told_which_line_is_gone()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var baskets = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Purchase.FillBasketAsync(shop, variant)));
        var answers = await Task.WhenAll(baskets.Select(basket => Purchase.SendOrderAsync(shop, basket)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("orders.out-of-stock", problem.GetProperty("code").GetString());
            Assert.Equal(variant, Assert.Single(problem.GetProperty("lines").EnumerateArray()).GetProperty("variantId").GetGuid());
        }
        await using var db = shop.Open();
        Assert.Equal(1, await db.Orders.CountAsync(o => o.Lines.Any(l => l.VariantId == variant)));
    }

    [Fact]
    public async Task An_order_is_only_shown_to_who_knows_its_key_and_its_basket_is_gone()
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        var order = await (await Purchase.SendOrderAsync(shop, basket)).Content.ReadFromJsonAsync<JsonElement>();
        var number = order.GetProperty("number").GetString();
        Assert.Matches("^OG-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", number);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync($"/api/v1/orders/{number}?key={new string('0', 32)}")).StatusCode);
        var read = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{number}?key={order.GetProperty("key").GetString()}"));
        Assert.Equal(order.GetRawText(), read.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync($"/api/v1/baskets/{basket}")).StatusCode);
    }

    [Fact]
    public async Task An_order_carries_the_trace_it_was_placed_in()
    {
        var basket = await Purchase.FillBasketAsync(shop, shop.Tide);
        using var activity = new Activity("shopper").Start();
        await Purchase.SendOrderAsync(shop, basket);
        await using var db = shop.Open();
        Assert.Contains(activity.TraceId.ToString(), (await db.Orders.SingleAsync(o => o.BasketId == basket)).TraceParent);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
