using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>What the audit trail says an edit of the catalogue changed.</summary>
public class ChangeTrailTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    private string Slug => $"told-{_id}";

    [Fact]
    public async Task A_product_s_line_has_the_fields_that_changed_with_their_values_before_and_after_and_no_others()
    {
        var (id, etag) = await CreateAsync();
        Assert.Equal($$$"""
            {"attributes.custom.paper":{"from":[],"to":["Cotton"]},"optionNames":{"from":null,"to":["Size"]},"slug":{"from":null,"to":"{{{Slug}}}"},"tags":{"from":null,"to":["sea"]},"title":{"from":null,"to":"Told"}}
            """, await ChangesAsync($"product:{Slug}"));
        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new
        {
            title = "Told anew",
            slug = Slug,
            tags = new[] { "sea", "calm" },
            vendor = "Oddgrain",
            attributes = new Dictionary<string, string[]> { ["custom.paper"] = ["Linen", "Cotton"] },
        });
        Assert.Equal("""
            {"attributes.custom.paper":{"from":["Cotton"],"to":["Linen","Cotton"]},"tags":{"from":["sea"],"to":["sea","calm"]},"title":{"from":"Told","to":"Told anew"},"vendor":{"from":"","to":"Oddgrain"}}
            """, await ChangesAsync($"product:{Slug}"));
        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/publication", etag, new { from = "2026-01-02T03:04:05Z" });
        Assert.Equal("""{"publishedAt":{"from":null,"to":"2026-01-02T03:04:05+00:00"}}""", await ChangesAsync($"product:{Slug}"));
        await shop.Staff.EditAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/attributes/custom.paper?value=Linen", etag, null);
        Assert.Equal("""{"attributes.custom.paper":{"from":["Linen","Cotton"],"to":["Cotton"]}}""", await ChangesAsync($"product:{Slug}"));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_says_the_product_and_its_version_alone()
    {
        var (id, etag) = await CreateAsync();
        await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new
        {
            title = "Told",
            slug = Slug,
            tags = new[] { "sea" },
            attributes = new Dictionary<string, string[]> { ["custom.paper"] = ["Cotton"] },
        });
        var details = await DetailsAsync($"product:{Slug}");
        Assert.Equal(["id", "version"], details.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal((id, 3), (details.GetProperty("id").GetString(), details.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Of_a_long_description_only_the_place_where_it_changed_is_told()
    {
        var (id, etag) = await CreateAsync();
        var (calm, rough) = (new string('a', 5_000) + " the calm sea " + new string('z', 5_000), new string('a', 5_000) + " the rough sea " + new string('z', 5_000));
        async Task WriteAsync(string text) => etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}", etag, new { title = "Told", slug = Slug, descriptionHtml = text });
        await WriteAsync(calm);
        await WriteAsync(rough);
        var change = (await DetailsAsync($"product:{Slug}")).GetProperty("changes").GetProperty("descriptionHtml");
        Assert.StartsWith("…aaaaaaaaaaaaaaa the calm sea zzz", change.GetProperty("from").GetString());
        Assert.StartsWith("…aaaaaaaaaaaaaaa the rough sea zzz", change.GetProperty("to").GetString());
        Assert.All(["from", "to"], side => Assert.Equal((257, '…'), (change.GetProperty(side).GetString()!.Length, change.GetProperty(side).GetString()![^1])));
    }

    [Fact]
    public async Task A_variant_s_prices_are_told_as_money_by_currency_and_its_terms_by_themselves()
    {
        var (id, etag) = await CreateAsync();
        etag = await shop.Staff.EditAsync(HttpMethod.Post, $"/api/v1/admin/products/{id}/variants", etag, Variant(140, (2900, 3500, "EUR"), (3100, null, "USD")));
        var variant = (await shop.Staff.ReadAsync($"/products/{id}")).GetProperty("variants")[0].GetProperty("id").GetString()!;
        var added = (await DetailsAsync($"product:{Slug}")).GetProperty("changes");
        Assert.Equal($"S-{_id}", added.GetProperty($"variants.{variant}.sku").GetProperty("to").GetString());
        Assert.Equal("""{"from":null,"to":{"amountMinor":3100,"currency":"USD"}}""", Compact(added.GetProperty($"variants.{variant}.price.USD")));

        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/variants/{variant}", etag, Variant(150, (2500, null, "EUR"), (9900, null, "PLN")));
        Assert.Equal(Sorted(new()
        {
            ["weightGrams"] = """{"from":140,"to":150}""",
            ["price.EUR"] = """{"from":{"amountMinor":2900,"currency":"EUR"},"to":{"amountMinor":2500,"currency":"EUR"}}""",
            ["compareAt.EUR"] = """{"from":{"amountMinor":3500,"currency":"EUR"},"to":null}""",
            ["price.USD"] = """{"from":{"amountMinor":3100,"currency":"USD"},"to":null}""",
            ["price.PLN"] = """{"from":null,"to":{"amountMinor":9900,"currency":"PLN"}}""",
        }), await OfVariantAsync());

        var terms = new { minQuantity = 1, maxQuantity = 5, quantityStep = 1, lowStockThreshold = (int?)null, allowsBackorder = true, taxClass = "standard" };
        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/variants/{variant}/terms", etag, terms);
        Assert.Equal(Sorted(new() { ["maxQuantity"] = """{"from":null,"to":5}""", ["allowsBackorder"] = """{"from":false,"to":true}""" }), await OfVariantAsync());
        Assert.Equal((id, variant), ((await DetailsAsync($"product:{Slug}")).GetProperty("id").GetString(), (await DetailsAsync($"product:{Slug}")).GetProperty("variantId").GetString()));

        etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/options", etag, new { options = new[] { new { name = "Format", from = (string?)"Size", value = (string?)null }, new { name = "Frame", from = (string?)null, value = (string?)"oak" } } });
        var options = (await DetailsAsync($"product:{Slug}")).GetProperty("changes");
        Assert.Equal("""{"from":["Size"],"to":["Format","Frame"]}""", Compact(options.GetProperty("optionNames")));
        Assert.Equal("""{"from":["A4"],"to":["A4","oak"]}""", Compact(options.GetProperty($"variants.{variant}.options")));

        await ShopApi.OkAsync(shop.Staff.CallAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/variants/{variant}", etag, null));
        var withdrawn = await OfVariantAsync();
        Assert.Contains($$"""sku {"from":"S-{{_id}}","to":null}""", withdrawn);
        Assert.Contains("""price.EUR {"from":{"amountMinor":2500,"currency":"EUR"},"to":null}""", withdrawn);

        async Task<IEnumerable<string>> OfVariantAsync() =>
            [.. (await DetailsAsync($"product:{Slug}")).GetProperty("changes").EnumerateObject().Select(p => $"{p.Name.Replace($"variants.{variant}.", "")} {Compact(p.Value)}").Order(StringComparer.Ordinal)];
        static IEnumerable<string> Sorted(Dictionary<string, string> fields) => [.. fields.Select(f => $"{f.Key} {f.Value}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_gallery_is_told_as_its_order_and_the_words_that_changed()
    {
        var (id, _) = await CreateAsync();
        var pictures = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        await using (var db = shop.Open())
        {
            db.AddRange(pictures.Select((p, i) => new ProductImage { Id = p, ProductId = Guid.Parse(id), Position = i + 1, Hash = new string('a', 64), Alt = $"Wave {i}", Width = 1, Height = 1, Source = "" }));
            await db.SaveChangesAsync();
        }
        var etag = await shop.Staff.EditAsync(HttpMethod.Put, $"/api/v1/admin/products/{id}/pictures", await shop.Staff.TagAsync($"/products/{id}"), new { pictures = new[] { new { id = pictures[1], alt = "Foam" }, new { id = pictures[0], alt = "Wave 0" } } });
        var changes = (await DetailsAsync($"product:{Slug}")).GetProperty("changes");
        Assert.Equal($$"""{"from":["{{pictures[0]}}","{{pictures[1]}}"],"to":["{{pictures[1]}}","{{pictures[0]}}"]}""", Compact(changes.GetProperty("pictures")));
        Assert.Equal("""{"from":"Wave 1","to":"Foam"}""", Compact(changes.GetProperty($"pictures.{pictures[1]}.alt")));
        Assert.Equal(2, changes.EnumerateObject().Count());
        await shop.Staff.EditAsync(HttpMethod.Delete, $"/api/v1/admin/products/{id}/pictures/{pictures[1]}", etag, null);
        changes = (await DetailsAsync($"product:{Slug}")).GetProperty("changes");
        Assert.Equal("""{"from":"Foam","to":null}""", Compact(changes.GetProperty($"pictures.{pictures[1]}.alt")));
    }

    [Fact]
    public async Task A_collection_and_an_attribute_tell_their_changes_too()
    {
        await CreateAsync();
        object Sea(string title, params string[] tags) => new { title, slug = $"sea-{_id}", rules = tags.Select(value => new { field = "tag", relation = "equals", value }) };
        var made = await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/collections", null, Sea("Sea", "sea", "calm"));
        var path = $"/api/v1/admin/collections/{(await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}";
        var etag = await shop.Staff.EditAsync(HttpMethod.Put, path, made.Headers.ETag!.Tag, Sea("Sea", "sea", "rough"));
        Assert.Equal("""{"rules":{"from":["tag equals sea","tag equals calm"],"to":["tag equals sea","tag equals rough"]}}""", await ChangesAsync($"collection:sea-{_id}"));
        etag = await shop.Staff.EditAsync(HttpMethod.Put, path, etag, Sea("The sea", "sea", "rough"));
        Assert.Equal("""{"title":{"from":"Sea","to":"The sea"}}""", await ChangesAsync($"collection:sea-{_id}"));
        Assert.True((await shop.Staff.CallAsync(HttpMethod.Delete, path, etag, null)).IsSuccessStatusCode);
        Assert.Equal("""{"from":"The sea","to":null}""", Compact((await DetailsAsync($"collection:sea-{_id}")).GetProperty("changes").GetProperty("title")));

        var key = $"custom.told-{_id}";
        await ShopApi.OkAsync(shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/products", null, new { title = "Bearer", slug = $"bearer-{_id}", attributes = new Dictionary<string, string[]> { [key] = ["12"] } }));
        await shop.Staff.EditAsync($"/attributes/{key}", new { label = "Weight", type = "number", filterable = true });
        Assert.Equal($$$"""{"label":{"from":"told-{{{_id}}}","to":"Weight"},"type":{"from":"text","to":"number"}}""", await ChangesAsync($"attribute:{key}"));
    }

    private async Task<(string Id, string ETag)> CreateAsync()
    {
        var made = await shop.Staff.CallAsync(HttpMethod.Post, "/api/v1/admin/products", null, new
        {
            title = "Told",
            slug = Slug,
            tags = new[] { "sea" },
            optionNames = new[] { "Size" },
            attributes = new Dictionary<string, string[]> { ["custom.paper"] = ["Cotton"] },
        });
        return ((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!, made.Headers.ETag!.Tag);
    }

    private object Variant(int weightGrams, params (int AmountMinor, int? CompareAtMinor, string Currency)[] prices) =>
        new { sku = $"S-{_id}", weightGrams, options = new[] { "A4" }, prices = prices.Select(p => new { currency = p.Currency, amountMinor = p.AmountMinor, compareAtMinor = p.CompareAtMinor }) };

    /// <summary>Of the newest line about the thing.</summary>
    private async Task<JsonElement> DetailsAsync(string subject) =>
        (await shop.Staff.ReadAsync($"/audit?limit=1&subject={Uri.EscapeDataString(subject)}")).GetProperty("items")[0].GetProperty("details");

    private async Task<string> ChangesAsync(string subject) => Compact((await DetailsAsync(subject)).GetProperty("changes"));

    /// <summary>Properties by their names: jsonb has an order of its own.</summary>
    private static string Compact(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', json.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"\"{p.Name}\":{Compact(p.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Compact))}]",
        JsonValueKind.String => $"\"{json.GetString()}\"",
        _ => json.GetRawText(),
    };
}
