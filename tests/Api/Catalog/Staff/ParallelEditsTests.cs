using System.Net;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>Staff who edit different things at the same moment.</summary>
public class ParallelEditsTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_collection_by_rule_has_every_member_when_its_rule_and_the_products_are_edited_at_once()
    {
        var products = await MakeAsync(8);
        var made = await MakeCollectionAsync("tag", "never");
        for (var round = 0; round < 8; round++)
        {
            var tag = $"{_mark}-{round}";
            var tags = await Task.WhenAll(products.Select(p => shop.Staff.TagAsync($"/products/{p.Id}")));
            var rule = shop.Staff.EditAsync($"/collections/{made}", new { title = "Race", slug = _mark, rules = new[] { new { field = "tag", relation = "equals", value = tag } } });
            await Task.WhenAll(products.Select(async (p, i) => await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/products/{p.Id}", new { title = p.Slug, slug = p.Slug, tags = new[] { tag } }, tags[i]))));
            await rule;
            await using var db = shop.Open();
            Assert.Equal(products.Select(p => p.Slug), await db.Products.Where(p => p.Collections.Any(c => c.CollectionId == made)).Select(p => p.Slug).Order().ToListAsync());
        }
    }

    [Fact]
    public async Task Different_products_are_put_into_a_collection_and_taken_out_at_once_and_nobody_is_refused()
    {
        var products = await MakeAsync(10);
        var made = await MakeCollectionAsync(null, null);
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            // Each of them twice: the second finds it done.
            var answers = await Task.WhenAll(products.Concat(products).Select(p => shop.Staff.AskAsync(method, $"/collections/{made}/products/{p.Id}")));
            Assert.All(answers, a => Assert.Equal(HttpStatusCode.NoContent, a.StatusCode));
            await using var db = shop.Open();
            Assert.Equal(method == HttpMethod.Put ? products.Count : 0, await db.Products.CountAsync(p => p.Collections.Any(c => c.CollectionId == made)));
        }
        Assert.Equal(1 + (2 * products.Count), await shop.AuditCountAsync($"collection:{_mark}"));
        Assert.Equal(2 + (2 * products.Count), (await shop.Staff.ReadAsync($"/collections/{made}")).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Several_who_use_the_same_new_attribute_at_once_all_have_it()
    {
        var products = await MakeAsync(6);
        var tags = await Task.WhenAll(products.Select(p => shop.Staff.TagAsync($"/products/{p.Id}")));
        var key = $"race.{_mark}";
        await Task.WhenAll(products.Select(async (p, i) => await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/products/{p.Id}",
            new { title = p.Slug, slug = p.Slug, attributes = new Dictionary<string, string[]> { [key] = ["x"], [$"{key}.b"] = ["y"] } }, tags[i]))));
        var attributes = (await shop.Staff.ReadAsync("/attributes")).GetProperty("items").EnumerateArray().Where(a => a.GetProperty("key").GetString()!.StartsWith(key, StringComparison.Ordinal));
        Assert.Equal([6, 6], attributes.Select(a => a.GetProperty("productCount").GetInt32()));
    }

    private async Task<List<(string Id, string Slug)>> MakeAsync(int count)
    {
        var made = new List<(string, string)>();
        for (var i = 0; i < count; i++)
        {
            var slug = $"{_mark}-{i:00}";
            made.Add(((await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/products", new { title = slug, slug }))).GetProperty("id").GetString()!, slug));
        }
        return made;
    }

    private async Task<Guid> MakeCollectionAsync(string? field, string? value)
    {
        var rules = field is null ? [] : new[] { new { field, relation = "equals", value } };
        return (await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/collections", new { title = "Race", slug = _mark, rules }))).GetProperty("id").GetGuid();
    }
}
