using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Orders;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;
using Tests.Api.Staff;

namespace Tests.Api.Orders;

/// <summary>What was sold before it is there: its buyer and staff see it, and nobody sends it unawares.</summary>
public class AwaitedUnitsTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Units_that_are_not_in_stock_are_told_and_not_sent_until_they_came_in()
    {
        var variant = await shop.AddBackorderAsync(stock: 2);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        Assert.Equal((3, 3), (await desk.ShownAsync(), await desk.StaffSeeAsync()));

        using (var refused = await desk.FulfilAsync(new { }))
        {
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.Conflict, OrderRefusals.NotInStock), (refused.StatusCode, problem.GetProperty("code").GetString()));
            var line = Assert.Single(problem.GetProperty("lines").EnumerateArray());
            Assert.Equal((1, 5, 2), (line.GetProperty("position").GetInt32(), line.GetProperty("quantity").GetInt32(), line.GetProperty("available").GetInt32()));
        }
        await ShopApi.OkAsync(desk.FulfilAsync(Units(2)));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(Units(1)), HttpStatusCode.Conflict, OrderRefusals.NotInStock);
        Assert.Equal((3, 3), (await desk.ShownAsync(), await desk.StaffSeeAsync()));

        await shop.ReceiveAsync(variant, 2);
        Assert.Equal((1, 1), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.NotInStock);
        await shop.ReceiveAsync(variant, 1);
        Assert.Equal((0, 0), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
        await ShopApi.OkAsync(desk.FulfilAsync(new { }));
        Assert.Equal(0, await LyingAsync(variant));
        await using var db = shop.Open();
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task Staff_who_know_better_than_the_count_may_insist()
    {
        var variant = await shop.AddBackorderAsync(stock: 0);
        var desk = await StaffDesk.PaidAsync(shop, variant);
        await ShopApi.OkAsync(desk.FulfilAsync(new { evenMissing = true }));
        Assert.Equal((0, -1), (await desk.ShownAsync(), await LyingAsync(variant)));
    }

    [Fact]
    public async Task Who_paid_first_waits_for_less_and_staff_say_who_is_sent_first()
    {
        var variant = await shop.AddBackorderAsync(stock: 0);
        var (first, second) = (await StaffDesk.PaidAsync(shop, variant, quantity: 3), await StaffDesk.PaidAsync(shop, variant, quantity: 3));
        await shop.ReceiveAsync(variant, 4);
        Assert.Equal((0, 2), (await first.ShownAsync(), await second.ShownAsync()));
        await ShopApi.OkAsync(second.FulfilAsync(new { }));
        Assert.Equal((2, 0), (await first.ShownAsync(), await second.ShownAsync()));
        await StaffDesk.AssertRefusedAsync(first.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.NotInStock);
    }

    [Fact]
    public async Task The_same_units_are_not_sent_twice_at_once()
    {
        var variant = await shop.AddBackorderAsync(stock: 3);
        var desks = new List<StaffDesk>();
        for (var i = 0; i < 6; i++) desks.Add(await StaffDesk.PaidAsync(shop, variant));
        var answers = await Task.WhenAll(desks.Select(desk => desk.FulfilAsync(new { })));
        Assert.Equal((3, 3), (answers.Count(a => a.StatusCode == HttpStatusCode.Created), answers.Count(a => a.StatusCode == HttpStatusCode.Conflict)));
        Assert.Equal(0, await LyingAsync(variant));
    }

    [Fact]
    public async Task A_bundle_waits_for_its_scarcest_component_and_lines_that_share_stock_are_added_up()
    {
        var (print, frame, set) = (await shop.AddBackorderAsync(stock: 5), await shop.AddGoodsAsync(stock: 20), await shop.AddGoodsAsync(stock: 0));
        await shop.Staff.EditAsync($"/stock/{set}/bundle", new { components = new[] { new { variantId = print, quantity = 2 }, new { variantId = frame, quantity = 1 } } });
        var desk = await StaffDesk.PaidAsync(shop, set, quantity: 4); // eight prints
        Assert.Equal((2, 2), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(Units(3)), HttpStatusCode.Conflict, OrderRefusals.NotInStock);
        await ShopApi.OkAsync(desk.FulfilAsync(Units(2)));
        Assert.Equal((1, 18), (await LyingAsync(print), await LyingAsync(frame)));
    }

    [Fact]
    public async Task What_lies_elsewhere_is_there_and_what_a_count_found_missing_is_not()
    {
        var variant = await shop.AddBackorderAsync(stock: 0);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 2); // owed by the main location
        var far = (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = $"far {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();
        await shop.ReceiveAsync(variant, 2, far);
        Assert.Equal(0, await desk.ShownAsync());
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = far, onHand = 1 }));
        Assert.Equal(1, await desk.ShownAsync());
        await ShopApi.OkAsync(desk.FulfilAsync(Units(1)));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.NotInStock);
    }

    private static object Units(int quantity) => new { lines = new[] { new { position = 1, quantity } } };

    /// <summary>Physically, in all locations.</summary>
    private async Task<int> LyingAsync(Guid variant) =>
        (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Get, $"/stock?variantId={variant}"))).GetProperty("items").EnumerateArray().Sum(level => level.GetProperty("onHand").GetInt32());
}

/// <summary>The same of orders whose money is promised and not taken.</summary>
public class AwaitedPromiseTests(CautiousShop shop) : IClassFixture<CautiousShop>
{
    [Fact]
    public async Task An_authorised_order_says_what_is_not_in_stock_yet_as_it_will_when_its_money_is_taken()
    {
        var variant = await shop.AddBackorderAsync(stock: 2);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5);
        Assert.Equal(("authorised", 3, 3), (await desk.Purchase.StatusAsync(), await desk.ShownAsync(), await desk.StaffSeeAsync()));
        await shop.ReceiveAsync(variant, 2);
        Assert.Equal((1, 1), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
        await ShopApi.OkAsync(desk.PostAsync("capture"));
        Assert.Equal(("paid", 1, 1), (await desk.Purchase.StatusAsync(), await desk.ShownAsync(), await desk.StaffSeeAsync()));
        await shop.ReceiveAsync(variant, 1);
        Assert.Equal((0, 0), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
    }

    [Fact]
    public async Task Who_paid_is_served_before_who_is_authorised_and_of_those_who_ordered_first()
    {
        var variant = await shop.AddBackorderAsync(stock: 0);
        var (first, second) = (await StaffDesk.PaidAsync(shop, variant, quantity: 3), await StaffDesk.PaidAsync(shop, variant, quantity: 3));
        Assert.Equal((3, 3), (await first.ShownAsync(), await second.ShownAsync()));
        await shop.ReceiveAsync(variant, 4);
        Assert.Equal((0, 2), (await first.ShownAsync(), await second.ShownAsync()));
        Assert.Equal((0, 2), (await first.StaffSeeAsync(), await second.StaffSeeAsync()));

        await ShopApi.OkAsync(second.PostAsync("capture"));
        Assert.Equal((2, 0), (await first.ShownAsync(), await second.ShownAsync()));
        await ShopApi.OkAsync(second.FulfilAsync(new { }));
        Assert.Equal(2, await first.ShownAsync());
        await ShopApi.OkAsync(first.PostAsync("cancellation", new { restock = true }));
        Assert.Equal((0, 0), (await first.ShownAsync(), await first.StaffSeeAsync()));
    }

    [Fact]
    public async Task Units_that_somebody_may_yet_pay_are_not_sold()
    {
        var variant = await shop.AddBackorderAsync(stock: 2);
        var undecided = await Purchase.PlaceAsync(shop, variant, quantity: 2);
        var desk = await StaffDesk.PaidAsync(shop, variant);
        Assert.Equal((0, 0), (await undecided.ShownAsync(), await desk.ShownAsync()));
        var later = await StaffDesk.PaidAsync(shop, variant, quantity: 2);
        Assert.Equal((0, 1), (await desk.ShownAsync(), await later.ShownAsync()));
    }

    [Fact]
    public async Task An_authorised_bundle_waits_for_its_scarcest_component_wherever_that_lies()
    {
        var (print, frame, set) = (await shop.AddBackorderAsync(stock: 5), await shop.AddGoodsAsync(stock: 20), await shop.AddGoodsAsync(stock: 0));
        await shop.Staff.EditAsync($"/stock/{set}/bundle", new { components = new[] { new { variantId = print, quantity = 2 }, new { variantId = frame, quantity = 1 } } });
        var desk = await StaffDesk.PaidAsync(shop, set, quantity: 4); // eight prints
        Assert.Equal((2, 2), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
        var far = (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = $"far {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();
        await shop.ReceiveAsync(print, 2, far);
        Assert.Equal((1, 1), (await desk.ShownAsync(), await desk.StaffSeeAsync()));
    }
}

/// <summary>Goods that are sold before they are there, and who sees what of it.</summary>
internal static class BackorderedGoods
{
    public static async Task<Guid> AddBackorderAsync(this ShopApi shop, int stock)
    {
        var variant = await shop.AddGoodsAsync(stock);
        await using var db = shop.Open();
        await db.Variants.Where(v => v.Id == variant).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true));
        return variant;
    }

    public static Task<JsonElement> ReceiveAsync(this ShopApi shop, Guid variant, int delta, Guid? location = null) =>
        ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = location ?? Location.MainId, delta }));

    public static async Task<int> ShownAsync(this StaffDesk desk) => await desk.Purchase.ShownAsync();

    public static async Task<int> ShownAsync(this Purchase purchase) =>
        AwaitedOf(await ShopApi.OkAsync(purchase.Shop.Client.GetAsync($"/api/v1/orders/{purchase.Number}?key={purchase.Key}")));

    public static async Task<int> StaffSeeAsync(this StaffDesk desk) => AwaitedOf(await desk.ReadAsync());

    private static int AwaitedOf(JsonElement order) => order.GetProperty("lines").EnumerateArray().Single().GetProperty("awaited").GetInt32();
}
