using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Catalog;

public class CursorTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_cursor_of_the_shops_own_order_says_no_rank_and_ends_clearly_with_the_product_it_stood_at()
    {
        await using var db = shop.Open();
        foreach (var slug in (string[])["ranked-1", "ranked-2", "ranked-3"]) await Goods.AddAsync(db, slug, 1, 7100);
        await db.Products.Where(p => p.Slug == "ranked-1").ExecuteUpdateAsync(set => set.SetProperty(p => p.FeaturedRank, 4711));
        await db.Products.Where(p => p.Slug == "ranked-2").ExecuteUpdateAsync(set => set.SetProperty(p => p.FeaturedRank, 4712));
        await db.Products.Where(p => p.Slug == "ranked-3").ExecuteUpdateAsync(set => set.SetProperty(p => p.FeaturedRank, 4713));
        var page = await ShopApi.OkAsync(shop.Client.GetAsync("/api/v1/products?limit=2&priceMin=7100&priceMax=7100"));
        var cursor = page.GetProperty("nextCursor").GetString()!;
        var second = await db.Products.AsNoTracking().SingleAsync(p => p.Slug == "ranked-2");
        Assert.Equal($"Featured|{second.Id:N}|", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)));
        var rest = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?limit=2&priceMin=7100&priceMax=7100&cursor={cursor}"));
        Assert.Equal("ranked-3", Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("slug").GetString());

        var gone = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"Featured|{Guid.NewGuid():N}|"));
        var refused = await shop.Client.GetAsync($"/api/v1/products?limit=2&cursor={gone}");
        Assert.Equal((HttpStatusCode.BadRequest, "products.cursor-invalid"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        await db.Products.Where(p => p.Slug.StartsWith("ranked-")).ExecuteUpdateAsync(set => set.SetProperty(p => p.PublishedAt, (DateTimeOffset?)null));
    }

    [Fact]
    public async Task A_cursor_that_is_no_text_is_refused()
    {
        byte[] cursor = [.. Encoding.ASCII.GetBytes($"Title|{Guid.Empty:N}|"), 0xC3, 0x28];
        using var refused = await shop.Client.GetAsync($"/api/v1/products?sort=title&cursor={Base64Url.EncodeToString(cursor)}");
        Assert.Equal((HttpStatusCode.BadRequest, "products.cursor-invalid"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("cursor=", HttpStatusCode.BadRequest, "products.cursor-invalid")]
    [InlineData("collection=", HttpStatusCode.NotFound, "collections.not-found")]
    public async Task What_is_empty_is_not_what_is_missing_and_shares_no_answer_with_it(string empty, HttpStatusCode status, string code)
    {
        await ShopApi.OkAsync(shop.Client.GetAsync("/api/v1/products?limit=3")); // and is in the cache from now on
        var refused = await shop.Client.GetAsync($"/api/v1/products?limit=3&{empty}");
        Assert.Equal((status, code), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_cursor_after_the_longest_title_leads_to_the_rest_of_the_list()
    {
        await using var db = shop.Open();
        foreach (var slug in (string[])["long-1", "long-2"]) await Goods.AddAsync(db, slug, 1, 100);
        foreach (var product in db.Products.Where(p => p.Slug.StartsWith("long-")).ToList()) product.Title = new string('水', 500);
        await db.SaveChangesAsync();
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/products?sort=title&limit=1{cursor}"));
            seen.Add(page.GetProperty("items")[0].GetProperty("slug").GetString()!);
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        Assert.Equal(["long-1", "long-2", "mug", "tide"], seen.Order());
    }
}
