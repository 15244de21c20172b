using System.Text;
using Commerce.Baskets;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Commerce.Outbox;
using Commerce.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.Commerce.Catalog;

public class ImportTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Header = "Handle,Title,Body (HTML),Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Alt Text,Variant Image,Collection,Status";
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGOQs4mCIAY4CwAo3AQ5jwAmcgAAAABJRU5ErkJggg==");

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_file_lands_with_variants_stock_pictures_and_collections_and_a_second_run_changes_nothing()
    {
        var csv = $"""
            {Header}
            tide-{_id},Tide,"<p>Blue, ""deep""</p><script>x()</script>",Print,"sea, blue",TRUE,Size,A4,T4-{_id},7,29.00,35.00,tide.png,A wave,,Sea & Sky,active
            tide-{_id},,,,,,,A3,T3-{_id},0,49,,,,tide-a3.png,,
            """;
        var report = await ImportAsync(csv, "tide.png", "tide-a3.png");
        Assert.Empty(report.Problems);
        Assert.Equal((1, 0, 2, 2), (report.Created, report.Updated, report.Variants, report.Images));

        await using var db = shop.Open();
        var product = (await db.FindProductAsync($"tide-{_id}", DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.Equal("<p>Blue, \"deep\"</p>", product.DescriptionHtml);
        Assert.Equal(["sea", "blue"], product.Tags);
        Assert.Equal("sea-sky", Assert.Single(product.Collections).Slug);
        Assert.Equal(["A4", "A3"], Assert.Single(product.Options).Values);
        Assert.Equal([(2900, 3500, true), (4900, null, false)], product.Variants.Select(v => (v.Price.AmountMinor, v.CompareAt?.AmountMinor, v.Available)));
        Assert.Equal(("A wave", 3, 2), (product.Images[0].Alt, product.Images[0].Width, product.Images[0].Height));
        Assert.NotNull(product.Variants[1].Image);
        Assert.True(File.Exists(Path.Combine(shop.Folder, "media", product.Images[0].Hash[..2], $"{product.Images[0].Hash}.png")));

        var movements = await db.StockMovements.CountAsync();
        var again = await ImportAsync(csv, "tide.png", "tide-a3.png");
        Assert.Equal((0, 0, 1, 0), (again.Created, again.Updated, again.Unchanged, again.Images));
        Assert.Equal(movements, await db.StockMovements.CountAsync());
        var same = (await db.FindProductAsync($"tide-{_id}", DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.Equal(product.Variants.Select(v => v.Id), same.Variants.Select(v => v.Id));
        await Ledger.AssertBalancesAsync(db);
    }

    [Fact]
    public async Task Bad_rows_are_reported_by_line_and_column_while_the_good_ones_land()
    {
        var report = await ImportAsync($"""
            {Header}
            good-{_id},Good,,,,TRUE,Title,Default Title,G-{_id},1,10.00,,,,,,
            price-{_id},Price,,,,TRUE,Title,Default Title,P-{_id},1,ten euro,,,,,,
            broken-{_id},Broken,,,,TRUE,Title,Default Title,M-{_id},-4.5,10.00,,,,,,
            twin-{_id},Twin,,,,TRUE,Title,Default Title,G-{_id},1,10.00,,,,,,
            lost-{_id},Lost,,,,TRUE,Title,Default Title,L-{_id},1,10.00,,nowhere.png,,,,
            bad handle!,Bad,,,,TRUE,Title,Default Title,B-{_id},1,10.00,,,,,,
            untitled-{_id},,,,,TRUE,Title,Default Title,U-{_id},1,10.00,,,,,,
            last-{_id},Last,,,,TRUE,Title,Default Title,Z-{_id},1,10.005,,,,,,
            fine-{_id},Fine,,,,TRUE,Title,Default Title,F-{_id},2,10.00,,text.png,,,,
            half-{_id},Half,,,,TRUE,Title,Default Title,H-{_id},2,10.00,,half.png,,,,
            """, "text.png=this is no picture", "half.png<");
        Assert.Equal(
            [(3, "Variant Price"), (3, "Handle"), (4, "Variant Inventory Qty"), (4, "Handle"), (5, "Variant SKU"), (5, "Handle"), (6, "Image Src"),
                (7, "Handle"), (8, "Title"), (9, "Variant Price"), (9, "Handle"), (10, "Image Src"), (11, "Image Src")],
            report.Problems.OrderBy(p => p.Line).Select(p => ((int)p.Line, p.Column)));
        await using var db = shop.Open();
        Assert.Equal([$"fine-{_id}", $"good-{_id}", $"half-{_id}", $"lost-{_id}"], await db.Products.Where(p => p.Slug.EndsWith(_id)).Select(p => p.Slug).OrderBy(s => s).ToListAsync());
    }

    [Fact]
    public async Task Stock_below_0_is_taken_for_none_and_told_wherever_it_lies()
    {
        var report = await ImportAsync($"""
            Handle,Title,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Shop: Stock / Annex {_id}
            owed-{_id},Owed,O-{_id},shopify,-3,continue,10.00,-2
            """);
        Assert.Equal([(2, "Variant Inventory Qty"), (2, $"Shop: Stock / Annex {_id}")], report.Problems.Select(p => ((int)p.Line, p.Column)));
        Assert.Contains("'-3' is taken for 0 units", report.Problems[0].Reason);
        Assert.Equal((1, 1), (report.Created, report.Variants));
        await using var db = shop.Open();
        var stock = await db.StockItems.Where(s => db.Variants.Any(v => v.Id == s.VariantId && v.Sku == $"O-{_id}")).Select(s => s.OnHand).ToListAsync();
        Assert.Equal([0, 0], stock);
    }

    [Fact]
    public async Task What_no_field_can_hold_costs_its_row_and_what_the_database_refuses_its_product()
    {
        var columns = "Handle,Title,Vendor,Tags,Variant SKU,Variant Price,SEO Title,Image Alt Text,P (product.metafields.custom.p)";
        string Row(string handle, string title = "T", string vendor = "", string tags = "", string sku = "", string seo = "", string alt = "", string paper = "") =>
            $"{handle}-{_id},{title},{vendor},\"{tags}\",{sku},10.00,{seo},{alt},{paper}";
        var report = await ImportAsync(string.Join('\n', columns,
            Row("one"), Row("title", title: new string('x', 501)), Row("vendor", vendor: new string('x', 256)), Row("tag", tags: $"a, {new string('x', 256)}"),
            Row("tags", tags: string.Join(',', Enumerable.Range(0, 251))), Row("sku", sku: new string('x', 121)), Row("seo", seo: new string('x', 501)),
            Row("alt", alt: new string('x', 1001)), Row("nul", title: "a\0b"), Row("value", paper: new string('x', 501)), Row("taken", sku: $"K-{_id}"), Row("full", title: new string('x', 500))));
        Assert.Equal([(3, "Title"), (4, "Vendor"), (5, "Tags"), (6, "Tags"), (7, "Variant SKU"), (8, "SEO Title"), (9, "Image Alt Text"), (10, "Title"), (11, "P (product.metafields.custom.p)")],
            report.Problems.Select(p => ((int)p.Line, p.Column)).Order());
        await using var db = shop.Open();
        Assert.Equal(["full", "one", "taken", "value"], await db.Products.Where(p => p.Slug.EndsWith(_id)).Select(p => p.Slug.Substring(0, p.Slug.IndexOf("-"))).Order().ToListAsync());

        // A rule that the import knows nothing of.
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE products ADD CONSTRAINT ck_products_test CHECK (seo_title <> 'Never') NOT VALID");
        var refused = await ImportAsync(string.Join('\n', columns, Row("good"), Row("bad", seo: "Never"), Row("fine")));
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE products DROP CONSTRAINT ck_products_test");
        Assert.Equal((2, 3, "Handle"), (refused.Created, (int)Assert.Single(refused.Problems).Line, refused.Problems[0].Column));
        Assert.Contains("ck_products_test", refused.Problems[0].Reason);
        Assert.Equal(2, await db.Products.CountAsync(p => p.Slug == $"good-{_id}" || p.Slug == $"fine-{_id}"));
    }

    [Fact]
    public async Task A_price_in_each_currency_has_the_decimals_of_that_currency_and_can_be_charged()
    {
        var report = await ImportAsync($"""
            Handle,Title,Variant Price,Price / JPY,Price / KWD,Compare At Price / KWD
            yen-{_id},Yen,10.00,4900,9.5,12
            half-{_id},Half a yen,10.00,4900.5,9.5,
            fils-{_id},Five fils,10.00,4900,9.505,
            small-{_id},Less than a fils,10.00,4900,9.5005,
            much-{_id},Much,10.00,4900,1000000.01,
            """);
        Assert.Equal([(3, "Price / JPY"), (3, "Handle"), (4, "Price / KWD"), (4, "Handle"), (5, "Price / KWD"), (5, "Handle"), (6, "Price / KWD"), (6, "Handle")],
            report.Problems.OrderBy(p => p.Line).Select(p => ((int)p.Line, p.Column)));
        await using var db = shop.Open();
        var prices = await db.Products.Where(p => p.Slug.EndsWith(_id)).SelectMany(p => p.Variants).SelectMany(v => v.Prices).OrderBy(p => p.Currency).ToListAsync();
        Assert.Equal([("EUR", 1000, null), ("JPY", 4900, null), ("KWD", 9_500, 12_000L)], prices.Select(p => (p.Currency, p.AmountMinor, p.CompareAtMinor)));
    }

    [Fact]
    public async Task A_price_may_be_what_a_card_can_be_charged_in_its_currency()
    {
        var report = await ImportAsync($"""
            Handle,Title,Variant Price,Price / IDR
            dear-{_id},Dear,,15000000.00
            dearest-{_id},Dearest,,9999999999.99
            never-{_id},Never,,10000000000.00
            euros-{_id},Euros,10000000.01,
            """);
        Assert.Equal([(4, "Handle"), (4, "Price / IDR"), (5, "Handle"), (5, "Variant Price")], report.Problems.Select(p => ((int)p.Line, p.Column)).Order());
        await using var db = shop.Open();
        Assert.Equal([1_500_000_000, 999_999_999_999], await db.Products.Where(p => p.Slug.EndsWith(_id)).SelectMany(p => p.ListPrices).Select(p => p.FromMinor).Order().ToListAsync());
        Assert.Equal(SellableCurrencies.MaxPrice, SellableCurrencies.All.Max(SellableCurrencies.MaxPriceOf));
    }

    [Fact]
    public async Task A_broken_quote_costs_its_line_and_not_the_rest_of_the_file()
    {
        var report = await ImportAsync($"""
            {Header}
            one-{_id},"One,,,,TRUE,Title,Default Title,1-{_id},1,10.00,,,,,,
            two-{_id},Two,,,,TRUE,Title,Default Title,2-{_id},1,10.00,,,,,,
            three-{_id},Thr"ee,,,,TRUE,Title,Default Title,3-{_id},1,10.00,,,,,,
            four-{_id},"Four, with
            two lines",,,,TRUE,Title,Default Title,4-{_id},1,10.00,,,,,,
            five-{_id},Five,,,,TRUE,Title,Default Title,5-{_id},1
            six-{_id},Six,,,,TRUE,Title,Default Title,6-{_id},1,10.00,,,,,,
            """);
        Assert.Equal([2, 4, 7], report.Problems.Select(p => (int)p.Line));
        await using var db = shop.Open();
        Assert.Equal([$"four-{_id}", $"six-{_id}", $"two-{_id}"], await db.Products.Where(p => p.Slug.EndsWith(_id)).Select(p => p.Slug).OrderBy(s => s).ToListAsync());
        Assert.Equal("Four, with\ntwo lines", (await db.Products.SingleAsync(p => p.Slug == $"four-{_id}")).Title);
    }

    [Fact]
    public async Task What_is_no_product_file_is_refused_as_a_whole()
    {
        Assert.Contains("Handle (today: URL handle), Title", (await Assert.ThrowsAsync<ImportFileException>(() => shop.ImportAsync(Write("a,b\n1,2\n", Encoding.UTF8), shop.Folder))).Message);
        Assert.Contains("empty", (await Assert.ThrowsAsync<ImportFileException>(() => shop.ImportAsync(Write("", Encoding.UTF8), shop.Folder))).Message);
        Assert.Contains("no file", (await Assert.ThrowsAsync<ImportFileException>(() => shop.ImportAsync(Path.Combine(shop.Folder, "none.csv"), shop.Folder))).Message);
    }

    [Fact]
    public async Task Stock_that_is_promised_to_orders_cannot_be_imported_away()
    {
        string File(int quantity) => $"{Header}\nheld-{_id},Held,,,,TRUE,Title,Default Title,H-{_id},{quantity},10.00,,,,,,\n";
        await ImportAsync(File(5));
        await using var db = shop.Open();
        var variant = await db.Variants.SingleAsync(v => v.Sku == $"H-{_id}");
        await shop.Desk.PlaceAsync(TestShop.Wish(await shop.FillBasketAsync((variant.Id, 3))), CancellationToken.None);

        Assert.Equal("Variant Inventory Qty", Assert.Single((await ImportAsync(File(2))).Problems).Column);
        Assert.Empty((await ImportAsync(File(4))).Problems);
        var basket = (await db.FindBasketAsync(await shop.FillBasketAsync((variant.Id, 1)), DateTimeOffset.UtcNow, CancellationToken.None)).Value;
        Assert.Equal(1, Assert.Single(basket.Lines).MaxQuantity);
        await Ledger.AssertBalancesAsync(db);
    }

    [Fact]
    public async Task What_begins_low_says_so_and_is_told_in_one_mail_and_importing_again_heals_what_is_wrong()
    {
        var csv = $"Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Shop: Low Stock At\nlow-{_id},Low,L-{_id},1.00,1,10\nfew-{_id},Few,F-{_id},1.00,2,10\nmany-{_id},Many,M-{_id},1.00,40,10\n";
        await using var db = shop.Open();
        var jobs = await JobsAsync();
        await ImportAsync(csv);
        Assert.Equal([("F", true), ("L", true), ("M", false)], await LowAsync());
        Assert.Equal((jobs.Alerts, jobs.Digests + 1), await JobsAsync());

        await ImportAsync(csv);
        Assert.Equal((jobs.Alerts, jobs.Digests + 1), await JobsAsync());

        await db.StockItems.Where(s => db.Variants.Any(v => v.Id == s.VariantId && v.Sku!.EndsWith(_id))).ExecuteUpdateAsync(s => s.SetProperty(x => x.IsLow, x => x.OnHand != 1));
        Assert.Equal(3, (await ImportAsync(csv)).Unchanged);
        Assert.Equal([("F", true), ("L", true), ("M", false)], await LowAsync());
        Assert.Equal((jobs.Alerts, jobs.Digests + 2), await JobsAsync());

        async Task<IEnumerable<(string, bool)>> LowAsync() => (await db.Variants.AsNoTracking().Where(v => v.Sku!.EndsWith(_id)).OrderBy(v => v.Sku).Select(v => new { v.Sku, IsLow = v.Stock.All(s => s.IsLow) }).ToListAsync()).Select(v => (v.Sku![..1], v.IsLow));
        async Task<(int Alerts, int Digests)> JobsAsync() =>
            (await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.AlertLowStock), await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendLowStockDigest));
    }

    [Fact]
    public async Task The_old_handle_of_a_renamed_product_is_that_product_and_its_address_stays_the_new_one()
    {
        var csv = $"Handle,Title,Variant SKU,Variant Price\nold-{_id},Title,R-{_id},1.00\n";
        await ImportAsync(csv);
        await using var db = shop.Open();
        var product = await db.Products.SingleAsync(p => p.Slug == $"old-{_id}");
        Assert.Null(await db.RenameAsync(product, $"new-{_id}", CancellationToken.None));
        await db.SaveChangesAsync();

        var again = await ImportAsync(csv);
        Assert.Empty(again.Problems);
        Assert.Equal((0, 0, 1), (again.Created, again.Updated, again.Unchanged));
        var changed = await ImportAsync(csv.Replace("Title,R", "Other,R"));
        Assert.Equal((0, 1, 0), (changed.Created, changed.Updated, changed.Unchanged));
        var kept = await db.Products.AsNoTracking().SingleAsync(p => p.Slug.EndsWith(_id));
        Assert.Equal(($"new-{_id}", "Other"), (kept.Slug, kept.Title));
        Assert.Equal($"new-{_id}", await db.Set<SlugRedirect>().Where(r => r.Slug == $"old-{_id}").Join(db.Products, r => r.TargetId, p => p.Id, (_, p) => p.Slug).SingleAsync());
    }

    [Fact]
    public async Task A_picture_whose_file_was_replaced_keeps_its_text_and_its_variant()
    {
        var header = "Handle,Title,Variant SKU,Variant Price,Image Src";
        await ImportAsync($"{header},Image Alt Text,Variant Image\npic-{_id},Picture,I-{_id},1.00,p-{_id}.png,A wave,p-{_id}.png\n", $"p-{_id}.png");
        await using var db = shop.Open();
        var before = await PictureAsync();
        await File.WriteAllBytesAsync(Path.Combine(shop.Folder, $"p-{_id}.png"), [.. Png, 1, 2, 3]);
        var report = await ImportAsync($"{header}\npic-{_id},Picture,I-{_id},1.00,p-{_id}.png\n");
        Assert.Equal((0, 1, 1), (report.ProblemCount, report.Updated, report.Images));
        var after = await PictureAsync();
        Assert.NotEqual(before.Hash, after.Hash);
        Assert.Equal(("A wave", 1), (after.Alt, after.Position));
        Assert.Equal(after.Id, await db.Variants.Where(v => v.Sku == $"I-{_id}").Select(v => v.ImageId).SingleAsync());

        Task<ProductImage> PictureAsync() => db.Products.AsNoTracking().Where(p => p.Slug == $"pic-{_id}").SelectMany(p => p.Images).SingleAsync();
    }

    [Fact]
    public async Task Pictures_stand_as_their_positions_say_also_when_a_later_file_says_otherwise()
    {
        string Csv(params (string Picture, string At)[] rows) => "Handle,Title,Variant SKU,Variant Price,Image Src,Image Position\n"
            + string.Concat(rows.Select((r, i) => $"gal-{_id},{(i == 0 ? $"Gallery,G-{_id},1.00" : ",,")},{r.Picture}-{_id}.png,{r.At}\n"));
        string[] files = [.. new[] { "back", "front", "side" }.Select(name => $"{name}-{_id}.png")];
        await ImportAsync(Csv(("back", "2"), ("side", ""), ("front", "1")), files);
        Assert.Equal(["front", "back", "side"], await GalleryAsync());
        var corrected = Csv(("back", "1"), ("side", ""), ("front", "2"));
        Assert.Equal(1, (await ImportAsync(corrected)).Updated);
        Assert.Equal(["back", "front", "side"], await GalleryAsync());
        Assert.Equal(1, (await ImportAsync(corrected)).Unchanged);
        Assert.Equal((5, "Image Position"), (await ImportAsync(Csv(("back", "1"), ("side", ""), ("front", "2"), ("front", "first")))).Problems.Select(p => ((int)p.Line, p.Column)).Single());

        async Task<IEnumerable<string>> GalleryAsync()
        {
            await using var db = shop.Open();
            return (await db.Products.Where(p => p.Slug == $"gal-{_id}").SelectMany(p => p.Images).OrderBy(i => i.Position).Select(i => i.Source).ToListAsync()).Select(s => s[..s.IndexOf('-')]);
        }
    }

    private Task<ImportReport> ImportAsync(string csv, params string[] pictures)
    {
        foreach (var picture in pictures)
        {
            // wave.png: a picture; wave.png=text: that text; wave.png<: the first bytes of a picture.
            var parts = picture.Split('=', '<');
            byte[] content = parts.Length == 1 ? [.. Png, .. Encoding.UTF8.GetBytes(picture)] : picture.Contains('<') ? Png[..40] : Encoding.UTF8.GetBytes(parts[1]);
            File.WriteAllBytes(Path.Combine(shop.Folder, parts[0]), content);
        }
        return shop.ImportAsync(Write(csv, Encoding.UTF8), shop.Folder);
    }

    private string Write(string csv, Encoding encoding)
    {
        var path = Path.Combine(shop.Folder, $"{Guid.NewGuid():N}.csv");
        File.WriteAllText(path, csv, encoding);
        return path;
    }
}
