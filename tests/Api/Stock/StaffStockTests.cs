using System.Net;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Stock;

public class StaffStockTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string Nowhere = "00000000-0000-0000-0000-000000000000";

    [Fact]
    public async Task Units_that_came_went_and_were_counted_are_in_the_ledger_and_in_the_trail_with_who_and_why()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        Assert.Equal(34, (await AdjustAsync(variant, 24, "Lieferung Müller")).GetProperty("onHand").GetInt32());
        Assert.Equal(33, (await AdjustAsync(variant, -1, "broken glass")).GetProperty("onHand").GetInt32());
        Assert.Equal(("stock.adjusted", "staff@shop.test", "broken glass"), await shop.NewestAuditAsync($"variant:{variant}"));
        var level = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = Location.MainId, onHand = 30 }));
        Assert.Equal((30, 0, 30), (level.GetProperty("onHand").GetInt32(), level.GetProperty("reserved").GetInt32(), level.GetProperty("available").GetInt32()));
        Assert.Equal(("stock.counted", "staff@shop.test", "because"), await shop.NewestAuditAsync($"variant:{variant}"));

        var lines = await LedgerAsync(variant);
        Assert.Equal([-3, -1, 24, 10], lines.Select(l => l.GetProperty("onHandChange").GetInt32()));
        Assert.Equal(["because", "broken glass", "Lieferung Müller", "test"], lines.Select(l => l.GetProperty("reason").GetString()));
        await AssertBalancedAsync();
    }

    [Theory]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{main}","delta":1000001}""", 400, "request.invalid")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{main}","delta":99999999999}""", 400, "request.malformed")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{main}","delta":1.5}""", 400, "request.malformed")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{main}","delta":"1"}""", 400, "request.malformed")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{main}"}""", 400, "request.malformed")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"here","delta":1}""", 400, "request.malformed")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{none}","delta":1}""", 404, "stock.location-not-found")]
    [InlineData("POST", "/stock/{none}/adjustments", """{"locationId":"{main}","delta":1}""", 404, "stock.variant-not-found")]
    [InlineData("POST", "/stock/{v}/adjustments", """{"locationId":"{main}","delta":-9}""", 409, "stock.units-promised")]
    [InlineData("POST", "/stock/TIDE-1/adjustments", """{"locationId":"{main}","delta":1}""", 404, "request.no-such-address")]
    [InlineData("PUT", "/stock/{v}/count", """{"locationId":"{main}","onHand":-1}""", 400, "request.invalid")]
    [InlineData("PUT", "/stock/{v}/count", """{"locationId":"{main}","onHand":100000001}""", 400, "request.invalid")]
    [InlineData("PUT", "/stock/{v}/count", """{"locationId":"{main}","onHand":1}""", 409, "stock.units-promised")]
    [InlineData("PUT", "/stock/{v}/count", """{"locationId":"{none}","onHand":9}""", 404, "stock.location-not-found")]
    [InlineData("PUT", "/stock/{none}/count", """{"locationId":"{main}","onHand":9}""", 404, "stock.variant-not-found")]
    [InlineData("POST", "/stock/{v}/transfers", """{"fromId":"{main}","toId":"{far}","quantity":0}""", 400, "request.invalid")]
    [InlineData("POST", "/stock/{v}/transfers", """{"fromId":"{main}","toId":"{far}","quantity":-3}""", 400, "request.invalid")]
    [InlineData("POST", "/stock/{v}/transfers", """{"fromId":"{main}","toId":"{far}","quantity":9}""", 409, "stock.units-promised")]
    [InlineData("POST", "/stock/{v}/transfers", """{"fromId":"{far}","toId":"{main}","quantity":1}""", 409, "stock.units-promised")]
    [InlineData("POST", "/stock/{v}/transfers", """{"fromId":"{main}","toId":"{main}","quantity":1}""", 422, "stock.same-location")]
    [InlineData("POST", "/stock/{v}/transfers", """{"fromId":"{main}","toId":"{none}","quantity":1}""", 404, "stock.location-not-found")]
    [InlineData("POST", "/stock/{none}/transfers", """{"fromId":"{main}","toId":"{far}","quantity":1}""", 404, "stock.variant-not-found")]
    public async Task What_cannot_be_is_refused_and_neither_stock_nor_ledger_nor_trail_has_changed(string method, string path, string body, int status, string code)
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        await Purchase.PlaceAsync(shop, variant, quantity: 2); // eight are free
        var far = (await AddLocationAsync()).ToString();
        string Filled(string text) => text.Replace("{v}", variant.ToString()).Replace("{main}", Location.MainId.ToString()).Replace("{far}", far).Replace("{none}", Nowhere);

        var before = await LedgerAsync(variant);
        await shop.Staff.AssertRefusedAsync(new HttpMethod(method), Filled(path), Filled(body), status, code);
        Assert.Equal(before.Count, (await LedgerAsync(variant)).Count);
        Assert.Equal(0, await shop.AuditCountAsync($"variant:{variant}"));
        await using var db = shop.Open();
        var item = await db.StockItems.SingleAsync(s => s.VariantId == variant && s.LocationId == Location.MainId);
        Assert.Equal((10, 2), (item.OnHand, item.Reserved));
    }

    [Fact]
    public async Task A_location_is_never_filled_beyond_what_a_shelf_can_count()
    {
        var variant = await shop.AddGoodsAsync(stock: 0);
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = Location.MainId, onHand = StockItem.MaxOnHand }));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = 1 }, 422, "stock.too-many");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = 0 }, 422, "stock.no-change");
        var far = await AddLocationAsync();
        await AdjustAsync(variant, 5, "more", far);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/transfers", new { fromId = far, toId = Location.MainId, quantity = 5 }, 422, "stock.too-many");
        await AssertBalancedAsync();
    }

    [Fact]
    public async Task Stock_is_not_adjusted_or_counted_by_who_does_not_say_why_nor_by_who_may_not()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        var (adjust, count) = (new { locationId = Location.MainId, delta = 1 }, new { locationId = Location.MainId, onHand = 3 });
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", adjust, 400, "audit.reason-missing", reason: null);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{variant}/count", count, 400, "audit.reason-missing", reason: null);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", adjust, 400, "request.malformed", reason: new string('x', 501));
        await shop.Client.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", adjust, 401, "accounts.sign-in-needed");
        using var reader = await shop.MachineAsync("stock:read", "orders:write");
        await ShopApi.OkAsync(reader.AskAsync(HttpMethod.Get, $"/stock?variantId={variant}"));
        await reader.AssertRefusedAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", adjust, 403, "accounts.forbidden");
        Assert.Single(await LedgerAsync(variant));

        using var robot = await shop.MachineAsync("stock:write");
        await ShopApi.OkAsync(robot.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", adjust));
        Assert.Equal(("stock.adjusted", "robot", "because"), await shop.NewestAuditAsync($"variant:{variant}"));
    }

    [Fact]
    public async Task Many_who_adjust_and_transfer_at_once_lose_no_unit()
    {
        var variant = await shop.AddGoodsAsync(stock: 20);
        var far = await AddLocationAsync();
        var moves = Enumerable.Range(0, 12).Select(i => i % 3 == 0
            ? shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/transfers", new { fromId = i % 2 == 0 ? Location.MainId : far, toId = i % 2 == 0 ? far : Location.MainId, quantity = 2 })
            : shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = i % 3 == 1 ? 3 : -2 }));
        var answers = await Task.WhenAll(moves);
        Assert.All(answers, a => Assert.Contains(a.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict]));
        await using var db = shop.Open();
        Assert.Equal(20 + (4 * 3) - (4 * 2), await db.StockItems.Where(s => s.VariantId == variant).SumAsync(s => s.OnHand));
        await AssertBalancedAsync();
    }

    [Fact]
    public async Task Falling_to_the_threshold_leaves_one_alert_and_shows_in_the_list_of_what_is_low()
    {
        var variant = await shop.AddGoodsAsync(stock: 20);
        await AdjustAsync(variant, -15, "sold at the fair");
        await AdjustAsync(variant, -1, "sold at the fair");
        await using var db = shop.Open();
        Assert.Equal(1, (await db.Set<OutboxRow>().Where(r => r.Kind == JobKinds.AlertLowStock).Select(r => r.Arguments).ToListAsync()).Count(a => a.Contains(variant.ToString(), StringComparison.Ordinal)));
        Assert.Single(await ItemsAsync($"/stock?low=true&variantId={variant}"));
        Assert.Empty(await ItemsAsync($"/stock?low=true&variantId={shop.Tide}"));
    }

    [Fact]
    public async Task Levels_and_ledger_are_walked_page_by_page_and_meet_every_line_once()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        for (var i = 0; i < 3; i++) await AdjustAsync(variant, 1, $"{i}", await AddLocationAsync());
        Assert.Equal(4, (await WalkAsync($"/stock?variantId={variant}")).Select(l => l.GetProperty("locationId").GetGuid()).Distinct().Count());
        Assert.Equal(["2", "1", "0", "test"], (await WalkAsync($"/stock/{variant}/ledger?")).Select(l => l.GetProperty("reason").GetString()));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, "/stock?cursor=nonsense", null, 400, "stock.cursor-invalid");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, $"/stock/{variant}/ledger?cursor=nonsense", null, 400, "stock.cursor-invalid");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, "/stock?limit=101", null, 400, "request.invalid");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Get, $"/stock/{Nowhere}/ledger", null, 404, "stock.variant-not-found");
    }

    private Task<JsonElement> AdjustAsync(Guid variant, int delta, string reason, Guid? location = null) =>
        ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = location ?? Location.MainId, delta }, reason: reason));

    private async Task<Guid> AddLocationAsync() =>
        (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = $"Loft {Guid.NewGuid():N}", priority = 9 }))).GetProperty("id").GetGuid();

    private async Task<List<JsonElement>> ItemsAsync(string path) =>
        [.. (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Get, path))).GetProperty("items").EnumerateArray()];

    private Task<List<JsonElement>> LedgerAsync(Guid variant) => ItemsAsync($"/stock/{variant}/ledger?limit=100");

    private async Task<List<JsonElement>> WalkAsync(string path)
    {
        var all = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Get, $"{path}&limit=1{(cursor is null ? "" : $"&cursor={cursor}")}"));
            all.Add(Assert.Single(page.GetProperty("items").EnumerateArray()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return all;
    }

    private async Task AssertBalancedAsync()
    {
        await using var db = shop.Open();
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }
}
