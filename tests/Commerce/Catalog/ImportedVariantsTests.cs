using System.Text;
using Commerce.Audit;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Catalog;

/// <summary>What a file makes of products the shop has already.</summary>
public class ImportedVariantsTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string One = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n";
    private const string Two = "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price\n";

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Of_several_variants_that_cost_the_least_the_first_is_struck_through_and_a_second_run_changes_nothing()
    {
        var csv = string.Concat(Enumerable.Range(0, 12).Select(i => $"tie{i}-{_id},Tie,TRUE,Size,A,5,20.00,25.00\ntie{i}-{_id},,,,B,5,20.00,30.00\ntie{i}-{_id},,,,C,5,20.00,\n")
            .Prepend("Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Qty,Variant Price,Variant Compare At Price\n"));
        Assert.Equal((12, 0), (await ImportAsync(csv)) is var first ? (first.Created, first.Problems.Count) : default);
        for (var run = 0; run < 3; run++) Assert.Equal(12, (await ImportAsync(csv)).Unchanged);
        await using var db = shop.Open();
        Assert.Equal([2500L], await db.Products.Where(p => p.Slug.EndsWith(_id)).SelectMany(p => p.ListPrices).Select(l => l.CompareAtFromMinor ?? 0).Distinct().ToListAsync());
    }

    [Theory]
    [InlineData("a row that cannot be taken", Two + "#,O,Size,S,Frame,Oak,S#,2.00\n#,,,M,,Oak,M#,abc\n")]
    [InlineData("a row without a value", Two + "#,O,Size,S,Frame,Oak,S#,2.00\n#,,,M,,,M#,2.00\n")]
    [InlineData("a variant without a row", Two + "#,O,Size,S,Frame,Oak,S#,2.00\n#,,,L,,Oak,L#,2.00\n")]
    [InlineData("no choice at all", One + "#,O,Title,Default Title,D#,2.00\n")]
    [InlineData("two rows that would be the same", Two + "#,O,Size,S,Frame,Oak,S#,2.00\n#,,,S,,Oak,M#,2.00\n")]
    public async Task Options_that_not_every_variant_would_have_are_refused_with_the_new_rows_and_all_stays_as_it_was(string what, string file)
    {
        await ImportAsync(One + "#,O,Size,S,S#,1.00\n#,,,M,M#,1.00\n");
        var report = await ImportAsync(file);
        Assert.True(report.Problems.Any(p => p is { Line: 2, Column: "options" }), what);
        Assert.Equal("Size: S 100 S#, M 100 M#", await DescribeAsync());
        Assert.Empty((await ImportAsync(Two + "#,O,Size,S,Frame,Oak,S#,2.00\n#,,,M,,Oak,M#,2.00\n#,,,L,,Oak,L#,2.00\n")).Problems);
        Assert.Equal("Size, Frame: S/Oak 200 S#, M/Oak 200 M#, L/Oak 200 L#", await DescribeAsync());
    }

    [Theory]
    [InlineData("Size", "Size")]
    [InlineData("Size", "sIZE")]
    [InlineData("Size", "\"\"\" Size \"\"\"")]
    public async Task A_product_whose_options_have_the_same_name_is_not_taken_and_the_others_are(string one, string same)
    {
        await ImportAsync(One + "#,O,Size,S,S#,1.00\n");
        var report = await ImportAsync(Two + $"#,Other,{one},S,{same},Oak,S#,2.00\n#,,,M,,Oak,M#,2.00\nnew-#,New,{one},S,{same},Oak,N#,2.00\nfine-#,Fine,{one},S,Frame,Oak,F#,2.00\n");
        Assert.Equal([(2L, "Option2 Name"), (4L, "Option2 Name")], report.Problems.Select(p => (p.Line, p.Column)));
        Assert.All(report.Problems, p => Assert.Equal("Two options have the same name: '" + same.Trim('"', ' ') + "'. The product was not imported.", p.Reason));
        Assert.Equal("Size: S 100 S#", await DescribeAsync());
        await using var db = shop.Open();
        Assert.Equal(["Fine", "O"], await db.Products.Where(p => p.Slug.EndsWith(_id)).Select(p => p.Title).Order().ToListAsync());
    }

    [Fact]
    public async Task Fewer_options_or_the_same_ones_in_another_order_need_every_variant_and_another_name_does_not()
    {
        await ImportAsync(Two + "#,O,Size,S,Frame,Oak,S#,1.00\n#,,,M,,Oak,M#,1.00\n");
        foreach (var file in (string[])[One + "#,O,Size,S,S#,2.00\n", Two + "#,O,Frame,Oak,Size,S,S#,2.00\n"])
            Assert.Equal([(2L, "options")], (await ImportAsync(file)).Problems.Select(p => (p.Line, p.Column)));
        Assert.Equal("Size, Frame: S/Oak 100 S#, M/Oak 100 M#", await DescribeAsync());
        Assert.Empty((await ImportAsync(Two + "#,O,Format,S,Frame,Oak,S#,2.00\n")).Problems);
        Assert.Equal("Format, Frame: S/Oak 200 S#, M/Oak 100 M#", await DescribeAsync());
        Assert.Empty((await ImportAsync(One + "#,O,Format,S,S#,3.00\n#,,,M,M#,3.00\n")).Problems);
        Assert.Equal("Format: S 300 S#, M 300 M#", await DescribeAsync());
    }

    [Fact]
    public async Task Variants_exchange_their_options_in_one_file_and_only_what_would_be_the_same_in_the_end_is_refused()
    {
        await ImportAsync(One + "#,O,Size,S,A#,1.00\n#,,,M,B#,1.00\n#,,,L,C#,1.00\n");
        Assert.Empty((await ImportAsync(One + "#,O,Size,M,A#,2.00\n#,,,S,B#,2.00\n")).Problems);
        Assert.Equal("Size: M 200 A#, S 200 B#, L 100 C#", await DescribeAsync());
        // B takes what C leaves; A would take what C takes.
        var report = await ImportAsync(One + "#,O,Size,XL,A#,3.00\n#,,,L,B#,3.00\n#,,,XL,C#,3.00\n#,,,XS,C#,3.00\n");
        Assert.Equal([(3, "Option1 Value"), (4, "Option1 Value"), (5, "Variant SKU")], report.Problems.Select(p => ((int)p.Line, p.Column)).Order());
        Assert.Equal("Size: XL 300 A#, S 200 B#, L 100 C#", await DescribeAsync());
    }

    [Fact]
    public async Task A_row_with_the_options_of_a_variant_gives_it_another_SKU_unless_the_file_names_that_variant_too()
    {
        await ImportAsync("Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\n#,O,a#,1.00,5\n");
        var report = await ImportAsync("Handle,Title,Variant SKU,Variant Price\n#,O,a-2#,2.00\n");
        Assert.Equal((1, 0), (report.Updated, report.ProblemCount));
        Assert.Equal(":  200 a-2#", await DescribeAsync());
        await using var db = shop.Open();
        Assert.Equal(5, await db.StockItems.Where(s => db.Variants.Any(v => v.Id == s.VariantId && v.Sku == "a-2" + _id)).SumAsync(s => s.OnHand));

        await ImportAsync(One + "#,O,Size,S,a-2#,1.00\n#,,,M,B#,1.00\n");
        // C takes what B has, and B goes elsewhere.
        Assert.Empty((await ImportAsync(One + "#,O,Size,M,C#,3.00\n#,,,L,B#,3.00\n")).Problems);
        Assert.Equal("Size: S 100 a-2#, L 300 B#, M 300 C#", await DescribeAsync());
    }

    [Fact]
    public async Task Options_that_another_variant_keeps_are_refused_with_its_name_and_those_of_another_row_with_that()
    {
        await ImportAsync(One + "#,O,Size,S,A#,1.00\n#,,,M,B#,1.00\n");
        var report = await ImportAsync(One + "#,O,Size,S,B#,2.00\n");
        Assert.Equal((2L, "Option1 Value"), (Assert.Single(report.Problems).Line, report.Problems[0].Column));
        Assert.Contains($"The variant A{_id} of this product has the same options", report.Problems[0].Reason);
        report = await ImportAsync(One + "#,O,Size,XL,A#,2.00\n#,,,XL,B#,2.00\n");
        Assert.Contains("Another row of this product", Assert.Single(report.Problems).Reason);
        Assert.Equal("Size: XL 200 A#, M 100 B#", await DescribeAsync());
    }

    [Fact]
    public async Task A_file_without_the_column_leaves_compare_at_prices_and_an_empty_cell_takes_them_away()
    {
        var columns = "Handle,Title,Variant SKU,Variant Price,Variant Compare At Price,Price / USD,Compare At Price / USD\n";
        await ImportAsync($"{columns}#,O,A#,10.00,15.00,11.00,16.00\n");
        Assert.Empty((await ImportAsync("Handle,Title,Variant SKU,Variant Price,Price / USD\n#,O,A#,9.00,8.00\n")).Problems);
        Assert.Equal([("EUR", 900, 1500), ("USD", 800, 1600L)], await PricesAsync());
        Assert.Empty((await ImportAsync($"{columns}#,O,A#,9.00,,8.00,16.00\n")).Problems);
        Assert.Equal([("EUR", 900, null), ("USD", 800, 1600L)], await PricesAsync());
    }

    [Fact]
    public async Task A_new_variant_stands_behind_the_others_though_one_was_withdrawn()
    {
        await ImportAsync(One + "#,O,Size,S,S#,1.00\n#,,,M,M#,1.00\n#,,,L,L#,1.00\n");
        await using var db = shop.Open();
        var product = (await db.LoadProductAsync(await db.Products.Where(p => p.Slug == _id).Select(p => p.Id).SingleAsync(), CancellationToken.None))!;
        Assert.Null(await db.WithdrawAsync(product, product.Variants.Single(v => v.Options[0] == "S").Id, Actor.System("test"), null, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Empty((await ImportAsync(One + "#,O,Size,XL,X#,1.00\n")).Problems);
        Assert.Equal([("M", 2), ("L", 3), ("XL", 4)], (await db.Variants.AsNoTracking().Where(v => v.ProductId == product.Id).OrderBy(v => v.Position).ToListAsync()).Select(v => (v.Options[0], v.Position)));
    }

    private async Task<string> DescribeAsync()
    {
        await using var db = shop.Open();
        var product = await db.Products.Include(p => p.Variants).ThenInclude(v => v.Prices).SingleAsync(p => p.Slug == _id);
        return $"{string.Join(", ", product.OptionNames)}: {string.Join(", ", product.Variants.OrderBy(v => v.Position).Select(v => $"{string.Join('/', v.Options)} {v.Prices[0].AmountMinor} {v.Sku}"))}".Replace(_id, "#");
    }

    private async Task<List<(string, long, long?)>> PricesAsync()
    {
        await using var db = shop.Open();
        return [.. (await db.Variants.Where(v => v.Sku == $"A{_id}").SelectMany(v => v.Prices).OrderBy(p => p.Currency).ToListAsync()).Select(p => (p.Currency, p.AmountMinor, p.CompareAtMinor))];
    }

    private Task<ImportReport> ImportAsync(string csv) => shop.ImportAsync(Encoding.UTF8.GetBytes(csv.Replace("#", _id)));
}
