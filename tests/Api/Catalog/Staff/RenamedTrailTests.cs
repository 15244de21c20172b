using System.Net.Http.Json;
using System.Text.Json;
using Commerce;
using Commerce.Audit;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>The audit trail of what has had several slugs.</summary>
public class RenamedTrailTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task The_trail_of_a_renamed_product_has_what_was_done_to_it_under_all_its_slugs_and_nothing_of_who_had_them_later()
    {
        var (id, etag) = await MakeAsync("products", "First", "a");
        etag = await RenameAsync("products", id, etag, "First", "b");
        await RenameAsync("products", id, etag, "First", "c");
        // One is made under the first slug, another one is renamed to the second: only the first redirect is left.
        var (later, _) = await MakeAsync("products", "Later", "a");
        var (another, anotherTag) = await MakeAsync("products", "Another", "d");
        await RenameAsync("products", another, anotherTag, "Another", "b");

        Assert.Equal([(id, "product-changed", "c"), (id, "product-changed", "b"), (id, "product-created", "a")], await TrailAsync("product:", "c"));
        Assert.Equal([(another, "product-changed", "b"), (another, "product-created", "d"), (id, "product-changed", "b")], (await TrailAsync("product:", "b")).OrderByDescending(l => l.Id == another));
        Assert.Equal([(later, "product-created", "a"), (id, "product-created", "a")], await TrailAsync("product:", "a"));
    }

    [Fact]
    public async Task A_renamed_product_that_gets_its_slug_back_has_one_trail()
    {
        var (id, etag) = await MakeAsync("products", "First", "a");
        etag = await RenameAsync("products", id, etag, "First", "b");
        await RenameAsync("products", id, etag, "First", "a");
        Assert.Equal([(id, "product-changed", "a"), (id, "product-changed", "b"), (id, "product-created", "a")], await TrailAsync("product:", "a"));
        Assert.Equal([(id, "product-changed", "b")], await TrailAsync("product:", "b"));
    }

    [Fact]
    public async Task A_line_without_an_id_is_found_by_its_variant_and_else_not_taken_for_the_product_s()
    {
        var (id, etag) = await MakeAsync("products", "First", "a");
        var variant = new { sku = $"S-{_id}", options = Array.Empty<string>(), prices = new[] { new { currency = "EUR", amountMinor = 100 } } };
        etag = await shop.Staff.EditAsync(HttpMethod.Post, $"/api/v1/admin/products/{id}/variants", etag, variant);
        var variantId = (await shop.Staff.ReadAsync($"/products/{id}")).GetProperty("variants")[0].GetProperty("id").GetString();
        await using (var db = shop.Open())
        {
            db.Audit(Actor.System("test"), "catalogue.terms-set", $"product:a-{_id}", details: new { variantId });
            db.Audit(Actor.System("test"), "catalogue.terms-set", $"product:a-{_id}", details: new { variantId = Guid.NewGuid() });
            db.Audit(Actor.System("test"), "catalogue.terms-set", $"product:a-{_id}");
            await db.SaveChangesAsync();
        }
        await RenameAsync("products", id, etag, "First", "b");
        Assert.Equal(["product-changed", "terms-set", "variant-added", "product-created"], (await TrailAsync("product:", "b")).Select(l => l.Action));
    }

    [Fact]
    public async Task A_collection_s_trail_goes_on_too_page_by_page_with_three_statements_each()
    {
        var (id, etag) = await MakeAsync("collections", "Sea", "a");
        foreach (var slug in (string[])["b", "c", "d"]) etag = await RenameAsync("collections", id, etag, "Sea", slug);
        Assert.Equal([(id, "collection-changed", "d"), (id, "collection-changed", "c"), (id, "collection-changed", "b"), (id, "collection-created", "a")], await TrailAsync("collection:", "d"));
        await TrailAsync("collection:", "d"); // who asks is known by now
        var before = shop.Statements.Count;
        await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/audit?limit=100&subject=order:none-{_id}"));
        var others = shop.Statements.Count - before - 1;
        before = shop.Statements.Count;
        var page = await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/audit?limit=100&subject=collection:d-{_id}"));
        Assert.Equal((3, 4), (shop.Statements.Count - before - others, page.GetProperty("items").GetArrayLength()));
    }

    private async Task<(string Id, string ETag)> MakeAsync(string what, string title, string slug)
    {
        var made = await shop.Staff.CallAsync(HttpMethod.Post, $"/api/v1/admin/{what}", null, new { title, slug = $"{slug}-{_id}" });
        return ((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!, made.Headers.ETag!.Tag);
    }

    private Task<string> RenameAsync(string what, string id, string etag, string title, string slug) =>
        shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/{what}/{id}", etag, new { title, slug = $"{slug}-{_id}" });

    /// <summary>Newest first, in pages of two.</summary>
    private async Task<List<(string? Id, string Action, string Slug)>> TrailAsync(string kind, string slug)
    {
        var (lines, cursor) = (new List<(string?, string, string)>(), "");
        do
        {
            var page = await shop.Staff.ReadAsync($"/audit?limit=2&subject={kind}{slug}-{_id}{cursor}");
            lines.AddRange(page.GetProperty("items").EnumerateArray().Select(l => (
                l.GetProperty("details") is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty("id", out var id) ? id.GetString() : null,
                l.GetProperty("action").GetString()!.Replace("catalogue.", ""), l.GetProperty("subject").GetString()!.Replace(kind, "").Replace($"-{_id}", ""))));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor != "");
        return lines;
    }
}
