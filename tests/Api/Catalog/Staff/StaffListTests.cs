using System.Net;
using System.Text.Json;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

public class StaffListTests(StaffListTests.Assortment shop) : IClassFixture<StaffListTests.Assortment>
{
    [Fact]
    public async Task Every_product_is_found_once_page_by_page_whatever_its_state_newest_first()
    {
        var (seen, cursor, pages) = (new List<string>(), (string?)null, 0);
        do
        {
            var page = await ListAsync($"limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(SlugsOf(page));
            cursor = page.GetProperty("nextCursor").GetString();
            pages++;
        }
        while (cursor is not null);
        await using var db = shop.Open();
        Assert.Equal(await db.Products.OrderByDescending(p => p.Id).Select(p => p.Slug).ToListAsync(), seen);
        Assert.True(pages > 2);
        Assert.Equal("catalogue.cursor-invalid", await shop.Staff.GetAsync("/api/v1/admin/products?cursor=nothing").CodeAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Client.GetAsync("/api/v1/admin/products")).StatusCode);
    }

    [Theory]
    [InlineData("search=ebb%20and", "draft")]
    [InlineData("search=SKU-OF-THE-DR", "draft")]
    [InlineData("search=100%25", "later")]
    [InlineData("search=0%25_", null)]
    [InlineData("search=late&state=scheduled", "later")]
    [InlineData("search=late&state=on-sale", null)]
    [InlineData("state=archived", "gone")]
    [InlineData("state=draft", "draft")]
    public async Task Products_are_found_by_a_part_of_title_slug_or_sku_and_by_state(string query, string? slug) =>
        Assert.Equal(slug is null ? [] : [slug], SlugsOf(await ListAsync(query)));

    [Fact]
    public async Task A_line_says_what_staff_decide_by_and_costs_one_statement_however_long_the_page()
    {
        var tide = (await ListAsync("search=tide")).GetProperty("items")[0];
        Assert.Equal(("on-sale", 1, 100_000, 2900), (tide.GetProperty("state").GetString(), tide.GetProperty("variantCount").GetInt32(), tide.GetProperty("available").GetInt32(),
            tide.GetProperty("priceFrom").GetProperty("amountMinor").GetInt32()));
        Assert.Equal(JsonValueKind.Null, (await ListAsync("state=draft")).GetProperty("items")[0].GetProperty("priceFrom").ValueKind);
    }

    [Fact]
    public async Task A_collection_counts_what_its_list_shows()
    {
        await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/collections", null, new { title = "All", slug = "all-there-is", rules = new[] { new { field = "title", relation = "not-equals", value = "-" } } });
        await using (var db = shop.Open())
        {
            db.Add(new Product { Id = Guid.CreateVersion7(), Slug = "bare", Title = "Without variants", CreatedAt = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync();
            var bare = await db.Products.SingleAsync(p => p.Slug == "bare");
            bare.Publish(DateTimeOffset.UtcNow.AddDays(-1));
            db.Add(new CollectionProduct { CollectionId = (await db.Collections.SingleAsync(c => c.Slug == "all-there-is")).Id, ProductId = bare.Id });
            await db.SaveChangesAsync();
        }
        var shown = (await ShopApi.OkAsync(shop.Client.GetAsync("/api/v1/products?collection=all-there-is&limit=100"))).GetProperty("items").GetArrayLength();
        Assert.True(shown > 0);
        Assert.Equal(shown, (await ShopApi.OkAsync(shop.Client.GetAsync("/api/v1/collections/all-there-is"))).GetProperty("productCount").GetInt32());
    }

    [Fact]
    public async Task Collections_are_listed_with_the_ids_that_edits_need_and_one_is_taken_away_with_its_redirects()
    {
        var made = await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/collections", null, new { title = "Short", slug = "short", rules = new[] { new { field = "title", relation = "contains", value = "tide" } } });
        var renamed = await shop.Staff.EditAsync(HttpMethod.Put, made.Headers.Location!.OriginalString, made.Headers.ETag!.Tag, new { title = "Short", slug = "shorter" });
        var line = (await ShopApi.OkAsync(shop.Staff.GetAsync("/api/v1/admin/collections?limit=1"))).GetProperty("items")[0];
        Assert.Equal(("shorter", false, 1), (line.GetProperty("slug").GetString(), line.GetProperty("isByRule").GetBoolean(), line.GetProperty("productCount").GetInt32()));
        foreach (var slug in (string[])["shorter", "short"]) // an old link to a list leads where the old address does
        {
            Assert.Equal(["tide"], SlugsOf(await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?collection={slug}"))));
            Assert.Equal(1, (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/facets?collection={slug}"))).GetProperty("productCount").GetInt32());
        }
        var path = $"/api/v1/admin/collections/{line.GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await shop.Staff.CallAsync(HttpMethod.Delete, path, made.Headers.ETag!.Tag, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Staff.CallAsync(HttpMethod.Delete, path, renamed, null)).StatusCode);
        await using var db = shop.Open();
        Assert.False(await db.Collections.AnyAsync(c => c.Slug == "shorter") || await db.Set<SlugRedirect>().AnyAsync(r => r.Slug == "short"));
        Assert.True(await db.Products.AnyAsync(p => p.Slug == "tide"));
    }

    private Task<JsonElement> ListAsync(string query) => ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/products?{query}"));

    private static List<string> SlugsOf(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()!)];

    /// <summary>Products in every state, beside the two on sale.</summary>
    public class Assortment(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
    {
        protected override async Task FillAsync()
        {
            await using var db = Open();
            var now = DateTimeOffset.UtcNow;
            Product Make(string slug, string title) => new() { Id = Guid.CreateVersion7(now = now.AddSeconds(1)), Slug = slug, Title = title, CreatedAt = now, UpdatedAt = now };
            var (draft, later, gone) = (Make("draft", "Ebb and flow"), Make("later", "100% cotton, late"), Make("gone", "Gone"));
            draft.Variants.Add(new Variant { Id = Guid.CreateVersion7(), ProductId = draft.Id, Position = 1, Sku = "sku-of-the-draft" });
            later.Publish(DateTimeOffset.UtcNow.AddDays(1));
            gone.Archive(now);
            db.AddRange(draft, later, gone);
            for (var i = 0; i < 5; i++)
            {
                var more = Make($"more-{i}", $"More {i}");
                more.Publish(DateTimeOffset.UtcNow.AddDays(-1));
                db.Add(more);
            }
            await db.SaveChangesAsync();
        }
    }
}
