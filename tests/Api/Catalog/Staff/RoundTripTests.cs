using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Staff;
using Tests.Fixture;

namespace Tests.Api.Catalog.Staff;

/// <summary>A shop that has none of what the other one has, but for the two goods that every shop of these tests has.</summary>
public sealed class NewShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis);

/// <summary>What staff can make goes out as a file and comes into another shop the same.</summary>
public class RoundTripTests(ShopApi shop, NewShop other) : IClassFixture<ShopApi>, IClassFixture<NewShop>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    [Fact]
    public async Task Everything_staff_can_say_about_products_is_the_same_in_another_shop_and_its_file_the_same_bytes()
    {
        await MakeAsync();
        var first = await ExportAsync(shop);
        var run = await ImportAsync(other, first);
        Assert.True(run.GetProperty("problemCount").GetInt32() == 0, run.GetRawText());
        Assert.Equal(first, await ExportAsync(other));
        Assert.Equal(await DescribeAsync(shop), await DescribeAsync(other));

        foreach (var one in (ShopApi[])[shop, other])
        {
            var again = await ImportAsync(one, first);
            Assert.Equal((0, 0, 0), (again.GetProperty("created").GetInt32(), again.GetProperty("updated").GetInt32(), again.GetProperty("problemCount").GetInt32()));
        }
        Assert.Equal(first, await ExportAsync(shop));
    }

    private async Task MakeAsync()
    {
        // A bundle of what comes after it in the file, one of them without a SKU.
        var bundle = await ProductAsync(new { title = " Set ", slug = "a-set" }, Variant([], "SET", ("EUR", 5000, null)));
        var odd = await ProductAsync(
            new
            {
                title = "\"Tide\", deep",
                slug = "odd",
                descriptionHtml = " <p>Two\r\nlines</p> ",
                vendor = "\" Ann \"",
                productType = "Default Title",
                tags = new[] { "a, b", " edge ", "\"hello\"", "plain", "5\" wide", "'quoted'" },
                optionNames = new[] { " Size ", "Frame" },
                seoTitle = "line\rone\r\ntwo\nthree",
                seoDescription = "'= 1 + 1",
                attributes = new Dictionary<string, string[]> { ["custom.wood"] = ["Oak; Ash", " Elm ", "\"Yew\"", "b", "a"], ["custom.weight.net"] = ["1.50"], ["custom.framed"] = ["true"] },
            },
            Variant([" L ", "Oak"], "'RVE-3", ("EUR", 2900, 3500), ("USD", 3100, null), ("KWD", 9500, 12350)),
            Variant(["L", "Oak"], "''two", ("USD", 4100, 5000)),
            Variant(["Default Title", "Title"], null, ("JPY", 4900, null)));
        await ProductAsync(new { title = "Choice", slug = "choice", optionNames = new[] { "Title" } }, Variant(["Default Title"], " sp aced ", ("USD", 100, null)));
        await ProductAsync(new { title = "No variants yet", slug = "none", optionNames = new[] { "Size" }, descriptionHtml = string.Concat(Enumerable.Repeat("<p>line</p>\n", 3000)) });
        await ProductAsync(new { title = "Neither options", slug = "neither" });
        var old = await ProductAsync(new { title = "Old", slug = "old" }, Variant([], "O-1", ("EUR", 0, null)));
        var soon = await ProductAsync(new { title = "Soon", slug = "soon" }, Variant([], "S-1", ("EUR", 100, null)));
        await EditAsync($"/products/{old.Id}/publication", new { archived = true });
        await EditAsync($"/products/{soon.Id}/publication", new { from = DateTimeOffset.UtcNow.AddDays(30) });

        await EditAsync($"/products/{odd.Id}/variants/{odd.Variants[0]}/terms", new { minQuantity = 2, maxQuantity = 12, quantityStep = 2, lowStockThreshold = 4, allowsBackorder = true, taxClass = "books" }, $"/products/{odd.Id}", before: AddBooksAsync);
        await EditAsync($"/attributes/custom.wood", new { label = " Wood (product.metafields.x.y) ", type = "text", filterable = false });
        await EditAsync($"/attributes/custom.weight.net", new { label = "Weight", type = "number", filterable = true });

        // One picture in two places.
        foreach (var alt in (string[])["%20a%20%22wave%22", "again"])
        {
            var picture = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/products/{odd.Id}/pictures?alt={alt}") { Content = Typed(Png, "image/png") };
            picture.Headers.TryAddWithoutValidation("If-Match", await shop.Staff.TagAsync($"/products/{odd.Id}"));
            await ShopApi.OkAsync(shop.Staff.SendAsync(picture));
        }

        var far = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/stock/locations", new { name = "Far, \"away\"", priority = 7 }));
        await CountAsync(odd.Variants[0], Location.MainId, 12);
        await CountAsync(odd.Variants[0], far.GetProperty("id").GetGuid(), 5);
        await CountAsync(odd.Variants[2], far.GetProperty("id").GetGuid(), 20_000_000);
        await EditAsync($"/stock/{bundle.Variants[0]}/bundle", new { components = new object[] { new { variantId = odd.Variants[0], quantity = 2 }, new { variantId = odd.Variants[2], quantity = 1 } } });

        var sea = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/collections", new { title = "The Sea, & so on", slug = "sea" }));
        await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/collections/{sea.GetProperty("id").GetString()}/products/{odd.Id}"));

        async Task AddBooksAsync()
        {
            foreach (var one in (ShopApi[])[shop, other])
            {
                await using var db = one.Open();
                await db.Database.ExecuteSqlAsync($"INSERT INTO vat_rates (country_code, tax_class, percent) VALUES ('DE', 'books', 7) ON CONFLICT DO NOTHING");
            }
        }
    }

    private static object Variant(string[] options, string? sku, params (string Currency, long Amount, long? Was)[] prices) =>
        new { sku, barcode = sku is null ? "" : " 00123 ", weightGrams = 140, options, prices = prices.Select(p => new { currency = p.Currency, amountMinor = p.Amount, compareAtMinor = p.Was }) };

    private async Task<(string Id, Guid[] Variants)> ProductAsync(object text, params object[] variants)
    {
        var made = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, "/products", text));
        var path = $"/products/{made.GetProperty("id").GetString()}";
        foreach (var variant in variants) made = await ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Post, $"{path}/variants", variant, await shop.Staff.TagAsync(path)));
        return (made.GetProperty("id").GetString()!, [.. made.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("id").GetGuid())]);
    }

    private async Task EditAsync(string path, object body, string? read = null, Func<Task>? before = null)
    {
        if (before is not null) await before();
        await shop.Staff.EditAsync(path, body, read ?? (path.EndsWith("/publication", StringComparison.Ordinal) ? path[..^"/publication".Length] : path));
    }

    private Task CountAsync(Guid variant, Guid location, int onHand) =>
        ShopApi.OkAsync(shop.Staff.AskAsync(HttpMethod.Put, $"/stock/{variant}/count", new { locationId = location, onHand }));

    private static async Task<string> ExportAsync(ShopApi from) => Encoding.UTF8.GetString(await from.Staff.GetByteArrayAsync("/api/v1/admin/exports/products.csv"));

    private static async Task<JsonElement> ImportAsync(ShopApi into, string csv)
    {
        using var packed = new MemoryStream();
        await using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using (var file = archive.CreateEntry("products.csv").Open()) await file.WriteAsync(Encoding.UTF8.GetBytes(csv));
            await using (var file = archive.CreateEntry($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Png))}.png").Open()) await file.WriteAsync(Png);
        }
        return await into.Staff.ImportAsync(Typed(packed.ToArray(), "application/zip"));
    }

    /// <summary>All the API says of products, attributes, collections and stock, without what names one shop's rows: ids, versions, and the order of a product's attributes.</summary>
    private static async Task<string> DescribeAsync(ShopApi one)
    {
        var text = new StringBuilder();
        var list = await one.Staff.ReadAsync("/products?limit=100");
        foreach (var item in list.GetProperty("items").EnumerateArray().OrderBy(i => i.GetProperty("slug").GetString(), StringComparer.Ordinal))
        {
            var product = JsonNode.Parse((await one.Staff.ReadAsync($"/products/{item.GetProperty("id").GetString()}")).GetRawText())!.AsObject();
            var pictures = product["pictures"]!.AsArray().ToDictionary(p => p!["id"]!.GetValue<string>(), p => p!["hash"]!.GetValue<string>());
            foreach (var node in product["variants"]!.AsArray().Concat(product["pictures"]!.AsArray()).Append(product).Select(n => n!.AsObject()))
            {
                if (node["pictureId"] is { } shown) node["pictureId"] = pictures[shown.GetValue<string>()];
                node.Remove("id");
                node.Remove("version");
            }
            product["attributes"] = new JsonObject(product["attributes"]!.AsObject().OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => KeyValuePair.Create(a.Key, a.Value?.DeepClone())));
            text.AppendLine(product.ToJsonString());
        }
        text.AppendLine((await one.Staff.ReadAsync("/attributes")).GetRawText());
        await using var db = one.Open();
        var stock = await db.StockItems.Join(db.Variants, s => s.VariantId, v => v.Id, (s, v) => new { v.Product.Slug, v.Options, s.OnHand, s.AllowsBackorder, Location = db.Locations.First(l => l.Id == s.LocationId).Name })
            .ToListAsync();
        foreach (var line in stock.Select(s => $"{s.Slug} {string.Join('/', s.Options)} {s.Location}: {s.OnHand} {s.AllowsBackorder}").Order(StringComparer.Ordinal)) text.AppendLine(line);
        var bundles = await db.BundleComponents.Select(c => new { Bundle = db.Variants.First(v => v.Id == c.BundleId).Sku, Part = db.Variants.First(v => v.Id == c.ComponentId).Options, c.Quantity }).ToListAsync();
        foreach (var line in bundles.Select(b => $"{b.Bundle}: {b.Quantity} x {string.Join('/', b.Part)}").Order(StringComparer.Ordinal)) text.AppendLine(line);
        var collections = await db.Collections.Select(c => new { c.Slug, c.Title, Products = c.Products.Select(p => p.Product.Slug).ToList() }).OrderBy(c => c.Slug).ToListAsync();
        foreach (var line in collections.Select(c => $"{c.Slug} {c.Title}: {string.Join(' ', c.Products)}")) text.AppendLine(line);
        return text.ToString();
    }

    private static ByteArrayContent Typed(byte[] file, string type) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
