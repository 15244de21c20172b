using System.Text;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce.Catalog;

/// <summary>What the columns of a file mean: by which names they are known, and what it says that one is empty or not there.</summary>
public class ImportedColumnsTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Before =
        "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,"
        + "Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,SEO Title,SEO Description,Variant Image,Cost per item,Price / USD,Compare At Price / USD,Status\n";

    // As Shopify's sample file has them today, of which some mean nothing here.
    private const string Today =
        "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Price,Compare-at price,Cost per item,Charge tax,Inventory tracker,"
        + "Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description,Price / USD,Compare-at price / USD\n";

    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_variant_keeps_its_own_of_two_places_of_one_picture()
    {
        File.WriteAllBytes(Path.Combine(shop.Folder, "a.png"), Png);
        Assert.Empty((await ImportAsync($"Handle,Title,Variant SKU,Variant Price,Image Src,Image Position,Image Alt Text\ntwin-{_id},Twin,TW-{_id},1.00,a.png,1,one\ntwin-{_id},,,,a.png,2,two\n")).Problems);
        await using var db = shop.Open();
        var second = await db.Products.Where(p => p.Slug == $"twin-{_id}").SelectMany(p => p.Images).Where(i => i.Position == 2).Select(i => i.Id).SingleAsync();
        await db.Variants.Where(v => v.Sku == $"TW-{_id}").ExecuteUpdateAsync(v => v.SetProperty(x => x.ImageId, second));
        var exported = (await shop.ExportAsync()).Split("\r\n");
        var report = await ImportAsync(string.Join('\n', exported.Where((line, i) => i == 0 || line.StartsWith($"twin-{_id}", StringComparison.Ordinal))));
        Assert.Equal((0, 1), (report.Problems.Count, report.Unchanged));
        Assert.Equal(second, await db.Variants.Where(v => v.Sku == $"TW-{_id}").Select(v => v.ImageId).SingleAsync());
    }

    [Fact]
    public async Task A_description_that_cannot_be_kept_is_reported_and_the_one_of_before_stays()
    {
        Assert.Empty((await ImportAsync($"Handle,Title,Variant Price,Body (HTML)\nd-{_id},D,1.00,<p>Good</p>\n")).Problems);
        var report = await ImportAsync($"Handle,Title,Variant Price,Body (HTML)\nd-{_id},E,1.00,{string.Concat(Enumerable.Repeat("<div>", 600))}\n");
        Assert.Equal((2L, "Body (HTML)"), Assert.Single(report.Problems) is var problem ? (problem.Line, problem.Column) : default);
        await using var db = shop.Open();
        var product = await db.Products.SingleAsync(p => p.Slug == $"d-{_id}");
        Assert.Equal(("E", "<p>Good</p>"), (product.Title, product.DescriptionHtml));
    }

    [Fact]
    public async Task Handles_of_every_script_and_weights_with_decimals_are_taken_over()
    {
        var report = await ImportAsync($"Handle,Title,Variant Price,Variant Grams\nน้ำตาล-{_id},Sugar,1.00,453.59237\nहिन्दी-{_id},Hindi,1.00,0.5\nu-{_id},Stray\u0000,1.00,1\nv-{_id},Stray,1.00,1.0.0\nw-{_id},Stray,1.00,-1\nx-{_id},None\uffff,1.00,7\n");
        Assert.Equal([(4L, "Title"), (5L, "Variant Grams"), (6L, "Variant Grams")], report.Problems.Where(p => p.Column != "Handle").Select(p => (p.Line, p.Column)).Order());
        await using var db = shop.Open();
        Assert.Equal([1, 7, 454], await db.Variants.Where(v => v.Product.Slug.EndsWith(_id)).Select(v => v.WeightGrams).Order().ToListAsync());
        var exported = await shop.ExportAsync();
        Assert.Contains($"น้ำตาล-{_id},", exported);
        Assert.Contains($"x-{_id},None\uffff,", exported);
    }

    [Fact]
    public async Task A_file_with_the_names_that_Shopify_gives_its_columns_today_lands_as_one_with_those_of_before()
    {
        File.WriteAllBytes(Path.Combine(shop.Folder, "one.png"), Png);
        File.WriteAllBytes(Path.Combine(shop.Folder, "two.png"), [.. Png, 1]);
        var before = Before
            + "before-#,Tide,<p>Blue</p>,Ann,Home > Art,Print,\"sea, blue\",TRUE,Size,A4,b4-#,140,shopify,7,continue,29.00,35.00,123,one.png,1,A wave,Tide for you,About it,two.png,5.00,31.00,40.00,active\n"
            + "before-#,,,,,,,,,A3,b3-#,150,shopify,0,deny,49.00,,,,,,,,,,,,\n";
        var today = Today
            + "Tide,today-#,<p>Blue</p>,Ann,Home > Art,Print,\"sea, blue\",TRUE,active,t4-#,123,Size,A4,,29.00,35.00,5.00,TRUE,shopify,7,TRUE,140,g,one.png,1,A wave,two.png,FALSE,Tide for you,About it,31.00,40.00\n"
            + ",today-#,,,,,,,,t3-#,,,A3,,49.00,,,TRUE,shopify,0,FALSE,150,g,,,,,,,,,\n";
        Assert.Empty((await ImportAsync(before)).Problems);
        Assert.Empty((await ImportAsync(today)).Problems);
        var landed = await DescribeAsync("before");
        Assert.Equal(
            "Tide|<p>Blue</p>|Ann|Print|sea,blue|True|Tide for you|About it|Size|A wave,Tide|A4 140 123 True True 7 EUR 2900 3500 USD 3100 4000;A3 150  False False 0 EUR 4900 ", landed);
        Assert.Equal(landed, await DescribeAsync("today"));
        Assert.Equal((0, 0, 1), Counts(await ImportAsync(today)));
        Assert.Equal((0, 1, 0), Counts(await ImportAsync(today.ToUpperInvariant().Split('\n')[0] + '\n' + string.Join('\n', today.Replace(",0,FALSE,", ",0,continue,").Split('\n')[1..]))));
        Assert.Contains("A3 150  True ", await DescribeAsync("today"));
    }

    [Fact]
    public async Task Problems_name_a_column_as_the_file_does()
    {
        var report = await ImportAsync("url handle,title,Price,Compare-at price,Inventory quantity,Continue selling when out of stock,SKU,Barcode,Handle\n"
            + "a-#,A,ten,,1,,1,,\nb-#,B,1.00,twelve,1,,2,,\nc-#,C,1.00,,x,,3,,\nd-#,D,1.00,,1,perhaps,4,,\ne-#,E,,,1,,5,,\n");
        Assert.Equal([(1, "Handle"), (2, "Price"), (2, "url handle"), (3, "Compare-at price"), (3, "url handle"), (4, "Inventory quantity"), (4, "url handle"), (5, "Continue selling when out of stock"), (5, "url handle"), (6, "Price"), (6, "url handle")], Told(report));
        Assert.Contains("column 1 (url handle)", report.Problems[0].Reason);
    }

    [Fact]
    public async Task A_file_without_prices_changes_products_of_the_shop_and_says_what_a_new_one_lacks()
    {
        const string Tags = "Handle,Title,Tags\n";
        await ImportAsync("Handle,Title,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price\nold-#,Old,red,Size,S,S-#,5.00\nold-#,,,,M,M-#,6.00\n");
        var report = await ImportAsync($"{Tags}old-#,Old,blue\nnew-#,New,blue\n");
        Assert.Equal([(3, "Handle")], Told(report));
        Assert.Contains("needs a variant with a price", report.Problems[0].Reason);
        Assert.Equal((0, 1, 0), Counts(report));
        Assert.Equal((0, 0, 1), Counts(await ImportAsync($"{Tags}old-#,Old,blue\n")));

        const string Barcodes = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Barcode\n";
        report = await ImportAsync($"{Barcodes}old-#,Old,Size,S,S-#,111\nold-#,,,L,L-#,333\nnew-#,New,,,N-#,1\n");
        Assert.Equal([(3, "Variant Price"), (4, "Handle"), (4, "Variant Price")], Told(report));
        await using var db = shop.Open();
        var variants = await db.Variants.Where(v => v.Product.Slug.EndsWith(_id)).OrderBy(v => v.Position).Select(v => new { v.Sku, v.Barcode, Price = v.Prices.Single().AmountMinor }).ToListAsync();
        Assert.Equal([($"S-{_id}", "111", 500), ($"M-{_id}", null, 600)], variants.Select(v => (v.Sku, v.Barcode, v.Price)));
    }

    [Fact]
    public async Task A_list_of_prices_by_SKU_needs_no_options_and_leaves_them()
    {
        await ImportAsync("Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\nmug-#,Mug,Size,S,S-#,5.00\nmug-#,,,M,M-#,6.00\n");
        var report = await ImportAsync("Handle,Title,Variant SKU,Variant Price\nmug-#,,M-#,7.00\nmug-#,,S-#,5.50\nmug-#,,L-#,9.00\n");
        Assert.Equal([(4, "Option1 Value")], Told(report));
        Assert.Equal((0, 1, 0), Counts(report));
        // A cell that is there and empty is no value of an option.
        Assert.Equal([(2, "Option1 Value")], Told(await ImportAsync("Handle,Title,Option1 Value,Variant SKU,Variant Price\nmug-#,Mug,,S-#,1.00\n")));
        await using var db = shop.Open();
        var variants = await db.Variants.Where(v => v.Product.Slug == $"mug-{_id}").OrderBy(v => v.Position).Select(v => new { v.Sku, v.Options, Price = v.Prices.Single().AmountMinor }).ToListAsync();
        Assert.Equal([($"S-{_id}", "S", 550), ($"M-{_id}", "M", 700)], variants.Select(v => (v.Sku, v.Options.Single(), v.Price)));
    }

    [Fact]
    public async Task A_draft_without_variants_is_described_by_a_file_that_gives_it_none()
    {
        await using var db = shop.Open();
        db.Add(new Product { Id = Guid.CreateVersion7(), Slug = $"bare-{_id}", Title = "Bare", CreatedAt = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
        var report = await ImportAsync("Handle,Title,Tags,Status\nbare-#,Bare,blue,draft\n");
        Assert.Empty(report.Problems);
        Assert.Equal((0, 1, 0), Counts(report));
        Assert.Equal(["blue"], await db.Products.Where(p => p.Slug == $"bare-{_id}").Select(p => p.Tags).SingleAsync());
    }

    [Fact]
    public async Task An_empty_cell_of_the_row_with_the_title_empties_the_field_and_a_column_that_is_not_there_leaves_it()
    {
        const string Header = "Handle,Title,Body (HTML),Vendor,Type,Tags,SEO Title,SEO Description,P (product.metafields.custom.p),Option1 Name,Option1 Value,Variant SKU,Variant Price\n";
        const string Full = $"{Header}tide-#,Tide,<p>Blue</p>,Ann,Print,sea,For you,About,Linen,Size,S,S-#,1.00\n";
        const string Empty = $"{Header}tide-#,Tide,,,,,,,,Size,S,S-#,1.00\n";
        const string Described = "Tide|<p>Blue</p>|Ann|Print|sea|For you|About|custom.p=Linen";
        await ImportAsync(Full);
        Assert.Equal(Described, await FieldsAsync());
        Assert.Equal((0, 0, 1), Counts(await ImportAsync("Handle,Title,Variant SKU,Option1 Value,Variant Price\ntide-#,Tide,S-#,S,1.00\n")));
        // Further rows of a product are blank, in one piece with the first or not, and so is what follows a first row that cannot be read.
        foreach (var rows in (string[])["tide-#,,,,,,,,,,M,M-#,1.00\n", $"other-#,Other,,,,,,,,,,O-#,1.00\ntide-#,,,,,,,,,,M,M-#,1.00\n", $"tide-#,Tide,,{new string('x', 256)},,,,,,Size,S,S-#,1.00\ntide-#,,,,,,,,,,M,M-#,1.00\n"])
        {
            await ImportAsync(Header + rows);
            Assert.Equal(Described, await FieldsAsync());
        }
        Assert.Equal((0, 1, 0), Counts(await ImportAsync(Empty)));
        Assert.Equal("Tide||||||", await FieldsAsync());
        Assert.Equal((0, 0, 1), Counts(await ImportAsync(Empty)));
    }

    [Fact]
    public async Task What_was_written_after_an_export_goes_when_the_file_comes_back()
    {
        await ImportAsync("Handle,Title,Variant SKU,Variant Price\nbare-#,Bare,B-#,1.00\n");
        await ImportAsync("Handle,Title,Variant SKU,Variant Price,P (product.metafields.custom.p)\nfirst-#,First,F-#,1.00,Linen\n");
        var exported = await shop.ExportAsync();
        await ImportAsync("Handle,Title,Body (HTML),Vendor,Type,Tags,SEO Title,SEO Description,P (product.metafields.custom.p)\nbare-#,Bare,<p>Blue</p>,Ann,Print,sea,For you,About,Linen\n");
        Assert.NotEqual(exported, await shop.ExportAsync());
        var report = await ImportAsync(exported);
        Assert.Equal((1, 0), (report.Updated, report.ProblemCount));
        Assert.Equal(exported, await shop.ExportAsync());
    }

    [Fact]
    public async Task A_collection_that_its_rules_make_is_refused_by_the_cell_that_names_it_and_the_rest_of_the_row_lands()
    {
        await using var db = shop.Open();
        var id = Guid.CreateVersion7();
        db.Add(new Collection { Id = id, Slug = $"rule-{_id}", Title = $"Rule {_id}", Rules = [new CollectionRule { CollectionId = id, Position = 0, Field = RuleField.Tag, Relation = RuleRelation.Equals, Value = _id }] });
        await db.SaveChangesAsync();
        const string File = "Handle,Title,Variant SKU,Variant Price,Collection,Shop: Collection Handle\none-#,One,O-#,1.00,Rule #,\ntwo-#,Two,T-#,1.00,,rule-#\ntwo-#,,,,Hand #,\n";
        var report = await ImportAsync(File);
        Assert.Equal([(2, "Collection"), (3, "Shop: Collection Handle")], Told(report));
        Assert.Equal((2, 0, 0), Counts(report));
        report = await ImportAsync(File);
        Assert.Equal([(2, "Collection"), (3, "Shop: Collection Handle")], Told(report));
        Assert.Equal((0, 0, 2), Counts(report));
        Assert.Equal([$"hand-{_id}"], await db.Products.Where(p => p.Slug.EndsWith(_id)).SelectMany(p => p.Collections).Select(c => c.Collection.Slug).ToListAsync());
    }

    [Fact]
    public async Task Columns_of_prices_stock_and_attributes_are_read_capitals_aside_and_a_currency_that_no_card_is_charged_in_is_told()
    {
        var report = await ImportAsync("handle,TITLE,variant price,price / usd,COMPARE AT PRICE / USD,Price / ZZZ,Price / International,shop: stock / North #,P (product.metafields.n.p#),\"shop: attribute N.P# (Number, Not Filterable)\"\n"
            + "low-#,Low,1.00,2.00,3.00,4.00,5.00,6,7,\nbad-#,Bad,1.00,two,,,,,,\n");
        Assert.Equal([(1, "Price / ZZZ"), (3, "handle"), (3, "price / usd")], Told(report));
        await using var db = shop.Open();
        var variant = await db.Variants.Include(v => v.Prices).Include(v => v.Stock).SingleAsync(v => v.Product.Slug == $"low-{_id}");
        Assert.Equal([("EUR", 100, null), ("USD", 200, 300L)], variant.Prices.OrderBy(p => p.Currency).Select(p => (p.Currency, p.AmountMinor, p.CompareAtMinor)));
        Assert.Equal(6, Assert.Single(variant.Stock).OnHand);
        Assert.Equal(variant.Stock[0].LocationId, await db.Locations.Where(l => l.Name == $"North {_id}").Select(l => l.Id).SingleAsync());
        var definition = await db.Set<AttributeDefinition>().SingleAsync(a => a.Key == $"n.p{_id}");
        Assert.Equal((AttributeType.Number, false), (definition.Type, definition.Filterable));
    }

    private static (int Created, int Updated, int Unchanged) Counts(ImportReport report) => (report.Created, report.Updated, report.Unchanged);

    private static IEnumerable<(int, string)> Told(ImportReport report) => report.Problems.Select(p => ((int)p.Line, p.Column)).Order();

    private async Task<string> FieldsAsync()
    {
        await using var db = shop.Open();
        var p = await db.Products.Include(p => p.Attributes).SingleAsync(p => p.Slug == $"tide-{_id}");
        return string.Join('|', p.Title, p.DescriptionHtml, p.Vendor, p.ProductType, string.Join(',', p.Tags), p.SeoTitle, p.SeoDescription) + string.Concat(p.Attributes.Select(a => $"|{a.Key}={a.Value}"));
    }

    private async Task<string> DescribeAsync(string slug)
    {
        await using var db = shop.Open();
        var p = await db.Products.Include(p => p.Images).Include(p => p.Variants).ThenInclude(v => v.Prices).Include(p => p.Variants).ThenInclude(v => v.Stock).SingleAsync(p => p.Slug == $"{slug}-{_id}");
        var variants = p.Variants.OrderBy(v => v.Position).Select(v => $"{string.Join('/', v.Options)} {v.WeightGrams} {v.Barcode} {v.AllowsBackorder} {v.ImageId is not null} {v.Stock.Sum(s => s.OnHand)} "
            + string.Join(' ', v.Prices.OrderBy(x => x.Currency).Select(x => $"{x.Currency} {x.AmountMinor} {x.CompareAtMinor}")));
        return string.Join('|', p.Title, p.DescriptionHtml, p.Vendor, p.ProductType, string.Join(',', p.Tags), p.PublishedAt is not null, p.SeoTitle, p.SeoDescription, string.Join(',', p.OptionNames),
            string.Join(',', p.Images.OrderBy(i => i.Position).Select(i => i.Alt)), string.Join(';', variants));
    }

    private Task<ImportReport> ImportAsync(string csv) => shop.ImportAsync(Encoding.UTF8.GetBytes(csv.Replace("#", _id)));
}
