using System.Globalization;
using System.Text;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Catalog;

/// <summary>What a file puts on sale: what it says, what is new when it says nothing, and nothing by a slip.</summary>
public class ImportedPublicationTests(TestShop shop) : IClassFixture<TestShop>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_file_that_says_nothing_about_it_puts_neither_a_draft_without_variants_on_sale_nor_what_is_archived()
    {
        await using var db = shop.Open();
        foreach (var slug in (string[])["draft", "archived"])
        {
            var product = new Product { Id = Guid.CreateVersion7(), Slug = $"{slug}-{_id}", Title = slug, CreatedAt = DateTimeOffset.UtcNow };
            if (slug == "archived") product.Archive(DateTimeOffset.UtcNow);
            db.Add(product);
        }
        await db.SaveChangesAsync();
        Assert.Empty((await ImportAsync("Handle,Title,Variant SKU,Variant Price\ndraft-#,Draft,D-#,1.00\narchived-#,Archived,A-#,1.00\nnew-#,New,N-#,1.00\n")).Problems);
        Assert.Equal([("archived", false, true), ("draft", false, false), ("new", true, false)], await StatesAsync());
    }

    [Theory]
    [InlineData("TRUE", "active", "24.12.2026 10:00", "Published At")]
    [InlineData("TRUE", "active", "01.02.2027", "Published At")]
    [InlineData("TRUE", "active", "12/24/2026", "Published At")]
    [InlineData("no", "", "", "Published")]
    [InlineData("0", "active", "", "Published")]
    [InlineData("TRUE", "aktiv", "", "Status")]
    [InlineData("", "", "soon", "Published At")]
    public async Task What_cannot_be_read_is_refused_by_its_column_and_changes_nothing_about_what_is_on_sale(string published, string status, string at, string column)
    {
        const string Header = "Handle,Title,Variant SKU,Variant Price,Published,Status,Published At\n";
        await ImportAsync($"{Header}sold-#,Sold,S-#,1.00,TRUE,active,2026-01-02T03:04:05Z\ndraft-#,Draft,D-#,1.00,FALSE,draft,\n");
        var report = await ImportAsync(Header + string.Concat(new[] { "sold", "draft", "new" }.Select(slug => $"{slug}-#,T,{char.ToUpperInvariant(slug[0])}-#,2.00,{published},{status},{at}\n")));
        Assert.Equal([(2L, column), (3L, column), (4L, column)], report.Problems.Select(p => (p.Line, p.Column)));
        Assert.Equal([("draft", false, false), ("new", false, false), ("sold", true, false)], await StatesAsync());
        await using var db = shop.Open();
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), (await db.Products.SingleAsync(p => p.Slug == $"sold-{_id}")).PublishedAt);
    }

    [Theory]
    [InlineData("2027-02-01", "2027-02-01T00:00:00Z")]
    [InlineData("2027-02-01T10:00", "2027-02-01T10:00:00Z")]
    [InlineData("2027-02-01T10:00:00+02:00", "2027-02-01T08:00:00Z")]
    [InlineData("2027-02-01T10:00:00.5000000+00:00", "2027-02-01T10:00:00.5Z")]
    [InlineData("2027-02-01 10:00:00 -0500", "2027-02-01T15:00:00Z")]
    [InlineData("2027-02-01 10:00:00 UTC", "2027-02-01T10:00:00Z")]
    public async Task A_moment_is_read_as_ISO_8601_and_as_Shopify_writes_it_and_nothing_new_is_on_sale_before(string written, string meant)
    {
        Assert.Empty((await ImportAsync($"Handle,Title,Variant Price,Published,Published At\nsaid-#,Said,1.00,true,{written}\nonly-#,Only,1.00,,{written}\n")).Problems);
        await using var db = shop.Open();
        Assert.All(await db.Products.Where(p => p.Slug.EndsWith(_id)).Select(p => p.PublishedAt).ToListAsync(), at => Assert.Equal(DateTimeOffset.Parse(meant, CultureInfo.InvariantCulture), at));
    }

    [Fact]
    public async Task A_moment_alone_moves_what_is_on_sale_and_is_refused_for_a_draft()
    {
        await ImportAsync("Handle,Title,Variant SKU,Variant Price,Status\nsold-#,Sold,S-#,1.00,active\ndraft-#,Draft,D-#,1.00,draft\n");
        var report = await ImportAsync("Handle,Title,Variant SKU,Variant Price,Published At\nsold-#,Sold,S-#,1.00,2127-02-01T10:00:00Z\ndraft-#,Draft,D-#,1.00,2127-02-01T10:00:00Z\n");
        Assert.Equal((3L, "Published At"), (Assert.Single(report.Problems).Line, report.Problems[0].Column));
        Assert.Equal([("draft", false, false), ("sold", false, false)], await StatesAsync());
        await using var db = shop.Open();
        Assert.Equal(new DateTimeOffset(2127, 2, 1, 10, 0, 0, TimeSpan.Zero), (await db.Products.SingleAsync(p => p.Slug == $"sold-{_id}")).PublishedAt);
        Assert.Null((await db.Products.SingleAsync(p => p.Slug == $"draft-{_id}")).PublishedAt);
    }

    [Fact]
    public async Task Units_of_a_bundle_are_refused_by_their_row_and_the_bundle_is_made()
    {
        const string Header = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Shop: Components\n";
        var report = await ImportAsync($"{Header}one-#,One,O-#,1.00,7,\nset-#,Set,B-#,2.00,3,2 x sku:O-#\n");
        Assert.Equal((3L, "Variant Inventory Qty"), (Assert.Single(report.Problems).Line, report.Problems[0].Column));
        report = await ImportAsync("Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\nset-#,Set,B-#,2.00,4\n");
        Assert.Equal((2L, "Variant Inventory Qty"), (Assert.Single(report.Problems).Line, report.Problems[0].Column));
        await using var db = shop.Open();
        var set = await db.Variants.SingleAsync(v => v.Sku == $"B-{_id}");
        Assert.Equal(2, (await db.BundleComponents.SingleAsync(c => c.BundleId == set.Id)).Quantity);
        Assert.Equal(0, await db.StockItems.Where(s => s.VariantId == set.Id).SumAsync(s => s.OnHand));
    }

    [Fact]
    public async Task A_bundle_that_cannot_be_made_is_not_on_sale_until_a_file_makes_it()
    {
        const string Header = "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty,Variant Inventory Policy,Shop: Components\n";
        const string Sold = "sold-#,Sold,TRUE,Size,S,S-#,1.00,7,deny,\n";
        await ImportAsync(Header + Sold);
        var file = $"{Header}{Sold}sold-#,,,,Set,X-#,2.00,,continue,2 x sku:TYPO-#\nset-#,Set,TRUE,Title,Default Title,B-#,2.00,,continue,2 x sku:TYPO-#\n";
        foreach (var _ in (int[])[1, 2])
        {
            var report = await ImportAsync(file);
            Assert.Equal([3L, 4L], report.Problems.Select(p => p.Line));
            Assert.DoesNotContain("draft", report.Problems[0].Reason, StringComparison.Ordinal);
            Assert.EndsWith("stays a draft, or archived.", report.Problems[1].Reason, StringComparison.Ordinal);
            Assert.Equal([("set", false, false), ("sold", true, false)], await StatesAsync());
            Assert.Equal([("B", 0), ("S", 7), ("X", 0)], await OrderableAsync());
        }
        Assert.Empty((await ImportAsync(file.Replace("TYPO", "S"))).Problems);
        Assert.Equal([("set", true, false), ("sold", true, false)], await StatesAsync());
        Assert.Equal([("B", 3), ("S", 7), ("X", 3)], await OrderableAsync());
        Assert.Equal((0, 0, 2), await ImportAsync(file.Replace("TYPO", "S")) is var again ? (again.Created, again.Updated, again.Unchanged) : default);
        await using var db = shop.Open();
        Assert.True(await db.Variants.Where(v => v.Sku == $"B-{_id}").Select(v => v.AllowsBackorder).SingleAsync());
    }

    private async Task<IEnumerable<(string, int)>> OrderableAsync()
    {
        await using var db = shop.Open();
        var variants = await db.Variants.Where(v => v.Sku!.EndsWith(_id)).OrderBy(v => v.Sku).Select(v => new { v.Sku, v.Availability!.Orderable }).ToListAsync();
        return variants.Select(v => (v.Sku![..1], v.Orderable));
    }

    private async Task<IEnumerable<(string, bool, bool)>> StatesAsync()
    {
        await using var db = shop.Open();
        var products = await db.Products.Where(p => p.Slug.EndsWith(_id)).OrderBy(p => p.Slug).ToListAsync();
        return products.Select(p => (p.Slug[..p.Slug.IndexOf('-')], p.PublishedAt <= DateTimeOffset.UtcNow, p.ArchivedAt is not null));
    }

    private Task<ImportReport> ImportAsync(string csv) => shop.ImportAsync(Encoding.UTF8.GetBytes(csv.Replace("#", _id)));
}
