using System.Text.Json;
using Commerce.Catalog;

namespace Tests.Api.Catalog;

/// <summary>Names and values of options hold colons too: what facets count, the filter finds.</summary>
public class OptionColonTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task Whatever_the_facets_count_is_found_by_its_name_and_value()
    {
        await MakeAsync("shoe", ["Size: EU", ":Fit"], ["42", "Wide"], ["43", ":x"]);
        await MakeAsync("train", ["Scale", "Size"], ["1:87", "L"], ["1:160:N", "M"]);
        await MakeAsync("long", [new string('n', CatalogLimits.Name)], [new string('v', CatalogLimits.Name)]);
        var asked = 0;
        foreach (var facet in (await JsonAsync("facets?tag=colon")).GetProperty("items").EnumerateArray().Where(f => f.GetProperty("kind").GetString() == "option"))
        {
            foreach (var value in facet.GetProperty("values").EnumerateArray())
            {
                var text = Uri.EscapeDataString($"{facet.GetProperty("name").GetString()}:{value.GetProperty("value").GetString()}");
                Assert.Equal(value.GetProperty("count").GetInt32(), (await SlugsAsync($"option={text}")).Count);
                Assert.Equal(value.GetProperty("count").GetInt32(), (await JsonAsync($"facets?tag=colon&option={text}")).GetProperty("productCount").GetInt32());
                asked++;
            }
        }
        Assert.Equal(9, asked);
        Assert.Equal(["shoe"], await SlugsAsync("option=Size%3A%20EU%3A42&option=Size%3A%20EU%3A43"));
        Assert.Equal(["train"], await SlugsAsync("option=Scale:1:87&option=Scale:none&option=Size:L"));
        Assert.Empty(await SlugsAsync("option=Size%3A%20EU%3A42&option=Size:L"));
        Assert.Empty(await SlugsAsync("option=Size%3A%20EU%3A44"));
        // A second value of the same option can be added: the facet counts it as if nothing were chosen in it.
        var facets = await JsonAsync("facets?tag=colon&option=Size%3A%20EU%3A42");
        Assert.Equal(2, facets.GetProperty("items").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "Size: EU").GetProperty("values").GetArrayLength());
    }

    private async Task<List<string>> SlugsAsync(string filter) =>
        [.. (await JsonAsync($"products?limit=100&tag=colon&{filter}")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("slug").GetString()!).Order()];

    private Task<JsonElement> JsonAsync(string path) => ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/{path}"));

    private async Task MakeAsync(string slug, List<string> names, params List<string>[] variants)
    {
        await using var db = shop.Open();
        var product = new Product { Id = Guid.CreateVersion7(), Slug = slug, Title = slug, Tags = ["colon"], OptionNames = names, PublishedAt = DateTimeOffset.UtcNow.AddMinutes(-1), CreatedAt = DateTimeOffset.UtcNow };
        foreach (var (position, options) in variants.Index())
        {
            var variant = new Variant { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = position + 1, Options = options };
            variant.SetPrice(100, null);
            product.Variants.Add(variant);
        }
        product.Reprice();
        db.Add(product);
        await db.SaveChangesAsync();
    }
}
