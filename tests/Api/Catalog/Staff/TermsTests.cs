using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>How a variant is sold, as staff decide it and as shoppers meet it.</summary>
public class TermsTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private static readonly Dictionary<string, object?> Usual = new()
    {
        ["minQuantity"] = 1,
        ["maxQuantity"] = null,
        ["quantityStep"] = 1,
        ["lowStockThreshold"] = null,
        ["allowsBackorder"] = false,
        ["taxClass"] = "standard",
    };

    [Fact]
    public async Task Quantities_are_held_when_a_basket_is_filled_and_again_when_it_is_ordered()
    {
        var variant = await shop.AddGoodsAsync(stock: 50);
        var before = await Purchase.FillBasketAsync(shop, variant, quantity: 3);
        await SetAsync(variant, new() { ["minQuantity"] = 4, ["maxQuantity"] = 12, ["quantityStep"] = 4 });
        var product = await ProductOfAsync(variant);
        Assert.Equal(("catalogue.terms-set", "staff@shop.test", "because"), await shop.NewestAuditAsync($"product:{product.Slug}"));

        var basket = await Purchase.FillBasketAsync(shop, variant, quantity: 8);
        foreach (var quantity in (int[])[1, 3, 5, 13, 16])
        {
            var refused = await shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity });
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((409, "baskets.quantity-not-allowed"), ((int)refused.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Equal((4, 12, 4), (problem.GetProperty("minQuantity").GetInt32(), problem.GetProperty("maxQuantity").GetInt32(), problem.GetProperty("quantityStep").GetInt32()));
        }
        var line = (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/baskets/{before}"))).GetProperty("lines")[0];
        Assert.Equal((3, false), (line.GetProperty("quantity").GetInt32(), line.GetProperty("available").GetBoolean()));
        var tooFew = await Purchase.SendOrderAsync(shop, before);
        Assert.Equal((409, "orders.quantity-not-allowed"), ((int)tooFew.StatusCode, (await tooFew.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        await using var db = shop.Open();
        Assert.False(await db.Orders.AnyAsync(o => o.BasketId == before));
        Assert.Equal(201, (int)(await Purchase.SendOrderAsync(shop, basket)).StatusCode);
    }

    [Fact]
    public async Task In_which_quantities_a_variant_is_sold_is_told_by_its_product_and_by_the_baskets_line()
    {
        var variant = await shop.AddGoodsAsync(stock: 50);
        var slug = (await ProductOfAsync(variant)).Slug;
        Assert.Equal((1, 99, 1), Rule(await VariantAsync()));
        await SetAsync(variant, new() { ["minQuantity"] = 6, ["maxQuantity"] = 60, ["quantityStep"] = 6 });
        var shown = await VariantAsync();
        for (var tries = 0; Rule(shown) == (1, 99, 1) && tries < 100; tries++)
        {
            await Task.Delay(50);
            shown = await VariantAsync();
        }
        Assert.Equal((6, 60, 6), Rule(shown));
        var basket = await Purchase.FillBasketAsync(shop, variant, quantity: 6);
        // Of the line: no more than there is.
        Assert.Equal((6, 48, 6), Rule((await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/baskets/{basket}"))).GetProperty("lines")[0]));

        async Task<JsonElement> VariantAsync() => (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{slug}"))).GetProperty("variants")[0];

        static (int, int, int) Rule(JsonElement of) => (of.GetProperty("minQuantity").GetInt32(), of.GetProperty("maxQuantity").GetInt32(), of.GetProperty("quantityStep").GetInt32());
    }

    [Fact]
    public async Task A_backorder_is_sold_once_it_is_allowed_and_ended_only_when_nothing_is_owed()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        await SetAsync(variant, new() { ["allowsBackorder"] = true });
        var purchase = await Purchase.PlaceAsync(shop, variant, quantity: 3);
        await RefusedAsync(variant, new() { ["allowsBackorder"] = false }, 409, "stock.units-promised");
        await using var db = shop.Open();
        Assert.Equal((1, 3, true), await ItemAsync());

        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{variant}/adjustments", new { locationId = Location.MainId, delta = 2 }));
        await SetAsync(variant, []);
        Assert.Equal((3, 3, false), await ItemAsync());
        Assert.Equal("awaiting-payment", await purchase.StatusAsync());
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));

        async Task<(int, int, bool)> ItemAsync()
        {
            var item = await db.StockItems.AsNoTracking().SingleAsync(s => s.VariantId == variant);
            return (item.OnHand, item.Reserved, item.AllowsBackorder);
        }
    }

    [Fact]
    public async Task What_never_lay_anywhere_can_be_ordered_as_a_backorder()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var (id, _, tag) = await ProductOfAsync(variant);
        var made = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}", new { sku = $"N-{variant:N}", prices = new[] { new { currency = "EUR", amountMinor = 2500 } } }, tag));
        Assert.Equal(1, made.GetProperty("variants")[0].GetProperty("terms").GetProperty("minQuantity").GetInt32());
        var product = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/products", new { title = "New", slug = $"new-{variant:N}" }));
        var newId = product.GetProperty("id").GetGuid();
        var added = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/products/{newId}/variants", new { sku = $"X-{variant:N}", prices = new[] { new { currency = "EUR", amountMinor = 900 } } }, "*"));
        var fresh = added.GetProperty("variants")[0].GetProperty("id").GetGuid();
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/products/{newId}/publication", new { from = DateTimeOffset.UtcNow.AddMinutes(-1) }, "*"));
        await SetAsync(fresh, new() { ["allowsBackorder"] = true });
        await Purchase.PlaceAsync(shop, fresh, quantity: 2);
    }

    [Fact]
    public async Task Another_threshold_is_judged_at_once_and_told_once()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        await SetAsync(variant, new() { ["lowStockThreshold"] = 10 });
        await SetAsync(variant, new() { ["lowStockThreshold"] = 12 });
        await using var db = shop.Open();
        Assert.Equal(1, (await db.Set<OutboxRow>().Where(r => r.Kind == JobKinds.AlertLowStock).Select(r => r.Arguments).ToListAsync()).Count(a => a.Contains(variant.ToString(), StringComparison.Ordinal)));
        Assert.True((await db.StockItems.AsNoTracking().SingleAsync(s => s.VariantId == variant)).IsLow);
        await SetAsync(variant, new() { ["lowStockThreshold"] = 1 });
        Assert.False((await db.StockItems.AsNoTracking().SingleAsync(s => s.VariantId == variant)).IsLow);
        Assert.Equal(1, await db.StockMovements.CountAsync(m => db.StockItems.Any(s => s.Id == m.StockItemId && s.VariantId == variant)));
    }

    [Fact]
    public async Task A_tax_class_is_one_that_has_a_rate_and_its_rate_is_charged()
    {
        var variant = await shop.AddGoodsAsync(stock: 5); // 25.00
        await RefusedAsync(variant, new() { ["taxClass"] = "books" }, 422, "catalogue.tax-class-unknown");
        var vat = await shop.Staff.ReadAsync("/vat-rates");
        var rates = vat.GetProperty("items").EnumerateArray().Select(r => (object)r).Append(new { countryCode = "DE", taxClass = "books", percent = 7 }).ToList();
        await shop.Staff.EditAsync("/vat-rates", new { items = rates });
        Assert.Equal("shop.vat-rates-replaced", (await shop.NewestAuditAsync("shop:vat")).Action);
        await SetAsync(variant, new() { ["taxClass"] = "books" });
        var order = await (await Purchase.SendOrderAsync(shop, await Purchase.FillBasketAsync(shop, variant))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(2500 - (long)Math.Round(2500 / 1.07m) + 490 - (long)Math.Round(490 / 1.19m), order.GetProperty("taxIncluded").GetProperty("amountMinor").GetInt64());
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, "/vat-rates", vat, 409, "shipping.tax-class-in-use", tag: "*");
        await SetAsync(variant, []);
        await shop.Staff.EditAsync("/vat-rates", vat);
    }

    [Theory]
    [InlineData("minQuantity", 0, 400, "request.invalid")]
    [InlineData("minQuantity", -4, 400, "request.invalid")]
    [InlineData("minQuantity", 100, 400, "request.invalid")]
    [InlineData("minQuantity", "2", 400, "request.malformed")]
    [InlineData("minQuantity", 99999999999L, 400, "request.malformed")]
    [InlineData("maxQuantity", 0, 400, "request.invalid")]
    [InlineData("maxQuantity", 100, 400, "request.invalid")]
    [InlineData("quantityStep", 0, 400, "request.invalid")]
    [InlineData("quantityStep", null, 400, "request.malformed")]
    [InlineData("lowStockThreshold", -1, 400, "request.invalid")]
    [InlineData("lowStockThreshold", 1_000_001, 400, "request.invalid")]
    [InlineData("allowsBackorder", "yes", 400, "request.malformed")]
    [InlineData("allowsBackorder", null, 400, "request.malformed")]
    [InlineData("taxClass", null, 400, "request.malformed")]
    [InlineData("taxClass", "Bücher", 400, "request.invalid")]
    public Task Terms_that_cannot_be_are_refused_and_stay_as_they_were(string field, object? value, int status, string code) =>
        RefusedAsync(shop.Tide, new() { [field] = value }, status, code);

    [Fact]
    public async Task Terms_are_of_a_variant_of_the_product_and_their_editors_do_not_overwrite_each_other()
    {
        await RefusedAsync(shop.Tide, new() { ["minQuantity"] = 5, ["maxQuantity"] = 4 }, 400, "request.invalid");
        var (id, _, _) = await ProductOfAsync(shop.Tide);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/products/{id}/variants/{shop.Mug}/terms", Usual, 404, "products.not-found", tag: "*");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/products/{Guid.NewGuid()}/variants/{shop.Tide}/terms", Usual, 404, "products.not-found", tag: "*");
        using var robot = await shop.MachineAsync("catalog:read", "stock:write");
        await robot.AssertRefusedAsync(HttpMethod.Put, $"/products/{id}/variants/{shop.Tide}/terms", Usual, 403, "accounts.forbidden", tag: "*");
        await shop.Staff.AssertOneOfManyWinsAsync($"/products/{id}/variants/{shop.Tide}/terms", i => new Dictionary<string, object?>(Usual) { ["lowStockThreshold"] = i }, $"/products/{id}");
    }

    [Fact]
    public async Task A_variant_has_one_price_in_each_currency()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var (id, slug, tag) = await ProductOfAsync(variant);
        object Body(params (string Currency, long Minor)[] prices) => new { sku = slug, prices = prices.Select(p => new { currency = p.Currency, amountMinor = p.Minor }) };
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}", Body(("EUR", 2500), ("USD", 2700), ("USD", 2800)), 422, "catalogue.price-twice", tag);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}", Body(("EUR", -1)), 400, "request.invalid", tag);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}", Body(("euro", 1)), 400, "request.invalid", tag);
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}", Body(("EUR", 2600), ("USD", 2700)), tag));
        Assert.Equal(("catalogue.variant-changed", "staff@shop.test", "because"), await shop.NewestAuditAsync($"product:{slug}"));
    }

    private async Task SetAsync(Guid variant, Dictionary<string, object?> changes)
    {
        var (id, _, tag) = await ProductOfAsync(variant);
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}/terms", Terms(changes), tag));
    }

    private async Task RefusedAsync(Guid variant, Dictionary<string, object?> changes, int status, string code)
    {
        var (id, slug, tag) = await ProductOfAsync(variant);
        var (before, trail) = (await shop.Staff.ReadAsync($"/products/{id}"), await shop.AuditCountAsync($"product:{slug}"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/products/{id}/variants/{variant}/terms", Terms(changes), status, code, tag);
        Assert.Equal(before.GetRawText(), (await shop.Staff.ReadAsync($"/products/{id}")).GetRawText());
        Assert.Equal(trail, await shop.AuditCountAsync($"product:{slug}"));
    }

    private async Task<(Guid Id, string Slug, string Tag)> ProductOfAsync(Guid variant)
    {
        await using var db = shop.Open();
        var product = await db.Variants.Where(v => v.Id == variant).Select(v => new { v.ProductId, v.Product.Slug }).SingleAsync();
        return (product.ProductId, product.Slug, await shop.Staff.TagAsync($"/products/{product.ProductId}"));
    }

    private static Dictionary<string, object?> Terms(Dictionary<string, object?> changes)
    {
        var terms = new Dictionary<string, object?>(Usual);
        foreach (var (name, value) in changes) terms[name] = value;
        return terms;
    }
}
