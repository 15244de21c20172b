using System.Net;
using System.Text;
using System.Text.Json;
using Tests.Api.Staff;

namespace Tests.Api.Catalog.Staff;

/// <summary>What is left of an import for those who ask later: its lines in the audit trail, and the list of runs.</summary>
public class ImportTrailTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Each_product_s_trail_says_which_import_made_it_and_which_changed_what_of_it()
    {
        await ImportAsync($"Handle,Title,Vendor,Variant SKU,Variant Price\na-{_id},Ebb,Sea,A-{_id},10.00\nb-{_id},Flow,Sea,B-{_id},20.00\n");
        var second = await ImportAsync($"Handle,Title,Vendor,Variant SKU,Variant Price\na-{_id},Ebb,Ocean,A-{_id},12.50\nb-{_id},Flow,Sea,B-{_id},20.00\n");

        var variant = (await shop.Staff.ReadAsync($"/products/{(await shop.Staff.FindAsync($"a-{_id}")).Id}")).GetProperty("variants")[0].GetProperty("id").GetString();
        var lines = await LinesAsync($"product:a-{_id}");
        Assert.Equal(["catalogue.product-changed", "catalogue.product-created"], lines.Select(l => l.GetProperty("action").GetString()));
        var details = lines[0].GetProperty("details");
        Assert.Equal(($"import:{second}", lines[1].GetProperty("details").GetProperty("version").GetInt32() + 1), (details.GetProperty("by").GetString(), details.GetProperty("version").GetInt32()));
        var changes = details.GetProperty("changes").EnumerateObject().ToDictionary(c => c.Name, c => (From: c.Value.GetProperty("from"), To: c.Value.GetProperty("to")));
        Assert.Equal(["variants.*.price.EUR", "vendor"], changes.Keys.Select(k => k.Replace(variant!, "*")).Order(StringComparer.Ordinal));
        Assert.Equal(("Sea", "Ocean"), (changes["vendor"].From.GetString(), changes["vendor"].To.GetString()));
        var price = changes[$"variants.{variant}.price.EUR"];
        Assert.Equal((1000, 1250), (price.From.GetProperty("amountMinor").GetInt32(), price.To.GetProperty("amountMinor").GetInt32()));

        var trace = Assert.Single(await LinesAsync($"import:{second}"), l => l.GetProperty("action").GetString() == "catalogue.import-started").GetProperty("traceId").GetString();
        Assert.Equal((trace, true), (lines[0].GetProperty("traceId").GetString(), trace is not null));

        Assert.Equal(["catalogue.product-created"], (await LinesAsync($"product:b-{_id}")).Select(l => l.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task A_collection_s_trail_says_which_products_an_import_put_into_it()
    {
        var first = await ImportAsync($"Handle,Title,Variant Price,Collection\na-{_id},Ebb,10.00,Tides {_id}\n");
        await ImportAsync($"Handle,Title,Variant Price,Collection\na-{_id},Ebb,10.00,Tides {_id}\n");
        var lines = await LinesAsync($"collection:tides-{_id}");
        Assert.Equal(["catalogue.product-collected", "catalogue.collection-created"], lines.Select(l => l.GetProperty("action").GetString()));
        Assert.All(lines, line => Assert.Equal($"import:{first}", line.GetProperty("details").GetProperty("by").GetString()));
        Assert.Equal((await shop.Staff.FindAsync($"a-{_id}")).Id, lines[0].GetProperty("details").GetProperty("productId").GetString());
    }

    [Fact]
    public async Task A_bundle_s_product_that_goes_on_sale_when_its_bundles_are_made_says_so_by_the_import()
    {
        var run = await ImportAsync($"Handle,Title,Variant SKU,Variant Price,Shop: Components\nset-{_id},Set,S-{_id},10.00,2 x sku:P-{_id}\npart-{_id},Part,P-{_id},4.00,\n");
        var lines = await LinesAsync($"product:set-{_id}");
        var sold = lines.Single(l => l.GetProperty("action").GetString() == "catalogue.product-changed").GetProperty("details");
        Assert.Equal($"import:{run}", sold.GetProperty("by").GetString());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.String), (sold.GetProperty("changes").GetProperty("publishedAt").GetProperty("from").ValueKind, sold.GetProperty("changes").GetProperty("publishedAt").GetProperty("to").ValueKind));
    }

    [Fact]
    public async Task Imports_are_listed_newest_first_page_by_page_without_their_problems()
    {
        var older = await ImportAsync($"Handle,Title,Variant Price\na-{_id},Ebb,ten\n");
        var newer = await ImportAsync($"Handle,Title,Variant Price\nb-{_id},Ebb,10.00\n");

        var all = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var page = await shop.Staff.ReadAsync($"/imports?limit=1{cursor}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("nextCursor").GetString() is not { } next) break;
            cursor = $"&cursor={next}";
        }
        Assert.Equal([newer, older], all.Select(l => l.GetProperty("id").GetString()).Where(id => id == newer || id == older));
        var (last, first) = (all.Find(l => l.GetProperty("id").GetString() == newer), all.Find(l => l.GetProperty("id").GetString() == older));
        Assert.Equal(("done", 1, 0), (last.GetProperty("state").GetString(), last.GetProperty("created").GetInt32(), last.GetProperty("problemCount").GetInt32()));
        Assert.True(first.GetProperty("problemCount").GetInt32() > 0);
        Assert.False(first.TryGetProperty("problems", out _));
        Assert.Equal("products.cursor-invalid", await shop.Staff.GetAsync("/api/v1/admin/imports?cursor=x").CodeAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await (await shop.MachineAsync("orders:read")).GetAsync("/api/v1/admin/imports")).StatusCode);
    }

    /// <summary>The id of the run, which is done.</summary>
    private async Task<string> ImportAsync(string csv)
    {
        var run = await shop.Staff.ImportAsync(new StringContent(csv, Encoding.UTF8, "text/csv"));
        Assert.Equal("done", run.GetProperty("state").GetString());
        return run.GetProperty("id").GetString()!;
    }

    private async Task<IReadOnlyList<JsonElement>> LinesAsync(string subject) =>
        [.. (await shop.Staff.ReadAsync($"/audit?limit=50&subject={Uri.EscapeDataString(subject)}")).GetProperty("items").EnumerateArray()];
}
