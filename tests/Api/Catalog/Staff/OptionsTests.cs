using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>What can be chosen of a product, as staff change it.</summary>
public class OptionsTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _slug = $"o-{Guid.NewGuid():N}";

    [Fact]
    public async Task Options_are_renamed_ordered_added_and_removed_and_variants_keep_what_stays()
    {
        var path = await MakeAsync();
        var tag = await shop.Staff.TagAsync(path);
        var added = await shop.Staff.EditAsync($"{path}/options", new { options = new object[] { new { name = "Frame", value = "Oak" }, new { name = "Format", from = "Size" }, new { name = "Paper" } } }, path);
        Assert.Equal(["Frame", "Format", "Paper"], Texts(added.GetProperty("optionNames")));
        Assert.Equal(["Oak A4 Matt", "Oak A3 Matt", "Oak A3 Gloss"], added.GetProperty("variants").EnumerateArray().Select(v => string.Join(' ', Texts(v.GetProperty("options")))));
        Assert.Equal(("catalogue.options-changed", "staff@shop.test", "because"), await shop.NewestAuditAsync($"product:{_slug}"));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"{path}/options", new { options = Array.Empty<object>() }, 412, "request.precondition-failed", tag);

        var removed = await shop.Staff.EditAsync($"{path}/options", new { options = new object[] { new { name = "Paper" }, new { name = "Format" } } }, path);
        Assert.Equal(["Matt A4", "Matt A3", "Gloss A3"], removed.GetProperty("variants").EnumerateArray().Select(v => string.Join(' ', Texts(v.GetProperty("options")))));
    }

    [Fact]
    public async Task Options_that_variants_cannot_have_are_refused_and_all_stays_as_it_was()
    {
        var path = await MakeAsync();
        var before = (await shop.Staff.ReadAsync(path)).GetRawText();
        foreach (var options in (object[][])
            [
                [],
                [new { name = "Size" }],
                [new { name = "Size" }, new { name = "Paper" }, new { name = "Frame" }],
                [new { name = "Size" }, new { name = "Paper" }, new { name = "Size" }],
                [new { name = "Size" }, new { name = "Paper", from = "Size" }],
                [new { name = "Size" }, new { name = "Paper", from = "Colour" }],
                [new { name = "Size", value = "A5" }, new { name = "Paper" }],
            ])
            await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"{path}/options", new { options }, 422, "catalogue.options-invalid", await shop.Staff.TagAsync(path));
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, path, new { title = "Options", slug = _slug, optionNames = new[] { "Paper", "Size" } }, 422, "catalogue.options-invalid", await shop.Staff.TagAsync(path));
        Assert.Equal(before, (await shop.Staff.ReadAsync(path)).GetRawText());
        await shop.Staff.EditAsync(path, new { title = "As it was", slug = _slug, optionNames = new[] { "Size", "Paper" } });
    }

    [Theory]
    [InlineData("Size")]
    [InlineData("size")]
    [InlineData(" Size ")]
    public async Task A_product_is_not_made_with_two_options_of_one_name(string same)
    {
        await shop.Staff.AssertRefusedAsync(HttpMethod.Post, "/products", new { title = "Twice", slug = $"{_slug}-twice", optionNames = new[] { "Size", same } }, 422, "catalogue.options-invalid");
        await using var db = shop.Open();
        Assert.False(await db.Products.AnyAsync(p => p.Slug == $"{_slug}-twice"));
    }

    [Fact]
    public async Task Of_variants_that_lack_a_value_the_options_are_refused_until_they_have_one_and_the_option_may_go()
    {
        var path = await MakeAsync();
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE variants SET options = '{{A5}}' WHERE product_id IN (SELECT id FROM products WHERE slug = {_slug}) AND options = '{{A4,Matt}}'");
        await shop.Staff.AssertRefusedAsync(HttpMethod.Put, $"{path}/options", new { options = new[] { new { name = "Paper" }, new { name = "Size" } } }, 422, "catalogue.options-invalid", await shop.Staff.TagAsync(path));
        var broken = (await shop.Staff.ReadAsync(path)).GetProperty("variants")[0].GetProperty("id").GetString();
        await shop.Staff.EditAsync($"{path}/variants/{broken}", new { options = new[] { "A5", "Matt" }, prices = new[] { new { currency = "EUR", amountMinor = 100 } } }, path);
        await shop.Staff.EditAsync($"{path}/options", new { options = new[] { new { name = "Paper" }, new { name = "Size" } } }, path);
    }

    [Fact]
    public async Task Of_several_who_change_the_options_at_once_one_is_heard()
    {
        var path = await MakeAsync();
        await shop.Staff.AssertOneOfManyWinsAsync($"{path}/options", i => new { options = new object[] { new { name = $"Size {i}", from = "Size" }, new { name = "Paper" } } }, path);
    }

    private async Task<string> MakeAsync()
    {
        var made = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/products", new { title = "Options", slug = _slug, optionNames = new[] { "Size", "Paper" } }));
        var path = $"/products/{made.GetProperty("id").GetString()}";
        foreach (var options in (string[][])[["A4", "Matt"], ["A3", "Matt"], ["A3", "Gloss"]])
            await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"{path}/variants", new { options, prices = new[] { new { currency = "EUR", amountMinor = 100 } } }, await shop.Staff.TagAsync(path)));
        return path;
    }

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(t => t.GetString()!);
}
