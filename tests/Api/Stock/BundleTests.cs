using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Stock;

public class BundleTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_variant_is_made_a_bundle_sells_its_components_and_is_an_ordinary_variant_again()
    {
        var (print, frame, set) = (await shop.AddGoodsAsync(stock: 5), await shop.AddGoodsAsync(stock: 5), await shop.AddGoodsAsync(stock: 0));
        var path = $"/stock/{set}/bundle";
        await shop.Staff.EditAsync(path, Parts((print, 2), (frame, 1)));
        Assert.Equal(("stock.bundle-set", "staff@shop.test", "because"), await shop.NewestAuditAsync($"variant:{set}"));
        var read = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Get, path));
        Assert.Equal(new[] { (print, 2), (frame, 1) }.Order(), read.GetProperty("components").EnumerateArray().Select(c => (c.GetProperty("variantId").GetGuid(), c.GetProperty("quantity").GetInt32())).Order());

        await Purchase.PlaceAsync(shop, set, quantity: 2);
        await using var db = shop.Open();
        Task<int> ReservedAsync(Guid variant) => db.StockItems.AsNoTracking().Where(s => s.VariantId == variant).Select(s => s.Reserved).SingleAsync();
        Assert.Equal((4, 2, 0), (await ReservedAsync(print), await ReservedAsync(frame), await ReservedAsync(set)));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, $"/stock/{set}/adjustments", new { locationId = Location.MainId, delta = 1 }, 409, "stock.is-bundle");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{set}/count", new { locationId = Location.MainId, onHand = 1 }, 409, "stock.is-bundle");

        await shop.Staff.EditAsync(path, Parts());
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"/stock/{set}/adjustments", new { locationId = Location.MainId, delta = 1 }));
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task A_variant_with_units_of_its_own_becomes_no_bundle_and_a_bundle_is_in_no_list_of_stock()
    {
        var (print, set) = (await shop.AddGoodsAsync(stock: 5), await shop.AddGoodsAsync(stock: 2));
        var path = $"/stock/{set}/bundle";
        var tag = await shop.Staff.TagAsync(path);
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, Parts((print, 1)), 409, "stock.has-units", tag);
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/stock/{set}/count", new { locationId = Location.MainId, onHand = 0 }));
        Assert.Single((await shop.Staff.ReadAsync($"/stock?variantId={set}&low=true")).GetProperty("items").EnumerateArray());
        await shop.Staff.EditAsync(path, Parts((print, 1)));
        foreach (var low in (string[])["", "&low=true"]) Assert.Empty((await shop.Staff.ReadAsync($"/stock?variantId={set}{low}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_is_no_bundle_is_refused_and_the_variant_stays_what_it_was()
    {
        var (print, set) = (await shop.AddGoodsAsync(stock: 5), await shop.AddGoodsAsync(stock: 0));
        var path = $"/stock/{set}/bundle";
        await shop.Staff.EditAsync(path, Parts((print, 2)));
        var tag = await shop.Staff.TagAsync(path);
        var other = await shop.AddGoodsAsync(stock: 1);
        await RefusedAsync(Parts((Guid.NewGuid(), 1)), 404, "stock.variant-not-found");
        await RefusedAsync(Parts((set, 1)), 422, "stock.bundle-nested");
        await RefusedAsync(Parts((print, 1), (print, 2)), 422, "stock.bundle-nested");
        await RefusedAsync(Parts((print, 0)), 400, "request.invalid");
        await RefusedAsync(Parts((print, -2)), 400, "request.invalid");
        await RefusedAsync(Parts((print, BundleComponent.MaxQuantity + 1)), 400, "request.invalid");
        await RefusedAsync(Parts([.. Enumerable.Range(0, BundleComponent.MaxComponents + 1).Select(_ => (Guid.NewGuid(), 1))]), 400, "request.invalid");
        await RefusedAsync("""{"components":null}""", 400, "request.malformed");
        await RefusedAsync("""{"components":[null]}""", 400, "request.malformed");
        await RefusedAsync("""{"components":{}}""", 400, "request.malformed");
        // A bundle in a bundle, from both ends.
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{other}/bundle", Parts((set, 1)), 422, "stock.bundle-nested", tag: await shop.Staff.TagAsync($"/stock/{other}/bundle"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{print}/bundle", Parts((other, 1)), 422, "stock.bundle-nested", tag: await shop.Staff.TagAsync($"/stock/{print}/bundle"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"/stock/{Guid.NewGuid()}/bundle", Parts((print, 1)), 404, "stock.variant-not-found", tag: "*");
        Assert.Equal(tag, await shop.Staff.TagAsync(path));
        Assert.Equal(1, await shop.AuditCountAsync($"variant:{set}"));

        Task RefusedAsync(object body, int status, string code) => shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, body, status, code, tag);
    }

    [Fact]
    public async Task Of_several_who_compose_a_bundle_at_once_one_is_heard_and_the_others_are_told()
    {
        var (print, set) = (await shop.AddGoodsAsync(stock: 5), await shop.AddGoodsAsync(stock: 0));
        await shop.Staff.AssertOneOfManyWinsAsync($"/stock/{set}/bundle", i => Parts((print, i + 1)));
        await using var db = shop.Open();
        Assert.Equal(1, await db.BundleComponents.CountAsync(c => c.BundleId == set));
        Assert.Equal(1, await shop.AuditCountAsync($"variant:{set}"));
    }

    private static object Parts(params (Guid VariantId, int Quantity)[] parts) => new { components = parts.Select(p => new { variantId = p.VariantId, quantity = p.Quantity }) };
}
