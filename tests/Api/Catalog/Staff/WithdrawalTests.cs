using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>A variant is taken out of a shop that has sold it, promised it and put it into baskets.</summary>
public class WithdrawalTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_withdrawn_variant_leaves_its_product_and_the_baskets_while_orders_and_the_ledger_keep_it()
    {
        var variant = await shop.AddGoodsAsync(stock: 5, variants: 2);
        var slug = await SlugOfAsync(variant);
        var order = await Purchase.PlaceAsync(shop, variant, 2);
        var basket = await Purchase.FillBasketAsync(shop, variant);

        var (id, etag) = await shop.Staff.FindAsync(slug);
        Assert.Equal("request.precondition-required", await shop.Staff.CallAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/variants/{variant}", null, null).CodeAsync());
        var answer = await shop.Staff.CallAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/variants/{variant}", etag, null);
        var left = await ShopApi.OkAsync(Task.FromResult(answer));
        Assert.Equal(["S2"], left.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("options")[0].GetString()));

        Assert.Equal(["S2"], (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products/{slug}"))).GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("title").GetString()));
        Assert.Equal(0, (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/baskets/{basket}"))).GetProperty("lines").GetArrayLength());
        Assert.Equal("baskets.variant-not-found", await shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity = 1 }).CodeAsync());
        var kept = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{order.Number}?key={order.Key}"));
        Assert.Equal(2, kept.GetProperty("lines")[0].GetProperty("quantity").GetInt32());
        await using var db = shop.Open();
        Assert.Equal((5, 2), (await db.StockItems.Where(s => s.VariantId == variant).Select(s => s.OnHand).SingleAsync(), await db.StockItems.Where(s => s.VariantId == variant).Select(s => s.Reserved).SingleAsync()));
        Assert.Equal(2, await db.StockMovements.CountAsync(m => db.StockItems.Any(s => s.Id == m.StockItemId && s.VariantId == variant)));
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Subject == $"product:{slug}" && a.Action == "catalogue.variant-withdrawn"));
        // What still lies there is found and written off; the SKU is free for another variant.
        var level = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/stock?variantId={variant}"));
        Assert.Equal(3, level.GetProperty("items")[0].GetProperty("available").GetInt32());
        var again = new { sku = $"{slug}-1", options = new[] { "S1" }, prices = new[] { new { currency = "EUR", amountMinor = 2000 } } };
        await shop.Staff.EditAsync(HttpMethod.Post, $"/api/v1/admin/products/{id}/variants", answer.Headers.ETag!.Tag, again);
    }

    [Fact]
    public async Task A_variant_that_a_bundle_is_made_of_is_not_withdrawn_before_the_bundle()
    {
        var (component, bundle) = (await shop.AddGoodsAsync(stock: 5), await shop.AddGoodsAsync(stock: 0));
        await shop.Staff.EditAsync($"/stock/{bundle}/bundle", new { components = new[] { new { variantId = component, quantity = 1 } } });
        var (id, etag) = await shop.Staff.FindAsync(await SlugOfAsync(component));
        var refused = await (await shop.Staff.CallAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/variants/{component}", etag, null)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("catalogue.variant-bundled", await SlugOfAsync(bundle)), (refused.GetProperty("code").GetString(), refused.GetProperty("bundles")[0].GetString()));
        Assert.Single((await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/products/{id}"))).GetProperty("variants").EnumerateArray());

        var (bundleId, bundleTag) = await shop.Staff.FindAsync(await SlugOfAsync(bundle));
        await shop.Staff.EditAsync(HttpMethod.Delete, $"/api/v1/admin/products/{bundleId}/variants/{bundle}", bundleTag, null);
        await shop.Staff.EditAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/variants/{component}", etag, null);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Client.GetAsync($"/api/v1/products/{await SlugOfAsync(component)}")).StatusCode);
    }

    private async Task<string> SlugOfAsync(Guid variant)
    {
        await using var db = shop.Open();
        return await db.Variants.IgnoreQueryFilters().Where(v => v.Id == variant).Select(v => v.Product.Slug).SingleAsync();
    }
}
