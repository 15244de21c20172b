using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Local.Demo.Catalog;
using Local.Demo.Families;
using Local.Demo.Rendering;

namespace Tests.Demo;

public partial class CatalogueTests
{
    private static readonly string Committed = Path.GetFullPath(Path.Combine(Here(), "../../local/Demo/catalog.csv"));
    private static readonly List<List<string>> Records = [.. Csv.Records(File.ReadAllText(Committed))];
    private static readonly List<Dictionary<string, string>> Rows = [.. Records.Skip(1).Select(r => Records[0].Zip(r).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal))];
    private static readonly List<Dictionary<string, string>> Products = [.. Rows.Where(r => r["Title"].Length > 0)];

    [Fact]
    public void The_committed_catalogue_is_what_the_generator_writes()
    {
        Assert.Equal(CatalogCsv.Write(Assortment.All()), File.ReadAllText(Committed));
    }

    [Fact]
    public void There_are_at_least_two_hundred_products_and_every_row_has_every_column()
    {
        Assert.True(Products.Count >= 200, $"Only {Products.Count} products.");
        Assert.All(Records, r => Assert.Equal(CatalogCsv.Header.Length, r.Count));
    }

    [Fact]
    public void Handles_and_titles_are_unique_and_handles_are_slugs()
    {
        Assert.Equal(Products.Count, Products.Select(p => p["Handle"]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Products.Count, Products.Select(p => p["Title"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Products, p => Assert.Matches(Slug(), p["Handle"]));
    }

    [Fact]
    public void Rows_of_a_product_stand_together()
    {
        var changes = Rows.Zip(Rows.Skip(1)).Count(p => p.First["Handle"] != p.Second["Handle"]);
        Assert.Equal(Products.Count - 1, changes);
    }

    [Fact]
    public void Variants_have_unique_skus_and_barcodes_valid_prices_and_a_stock()
    {
        var variants = Rows.Where(r => r["Variant SKU"].Length > 0).ToList();
        Assert.Equal(variants.Count, variants.Select(v => v["Variant SKU"]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(variants.Count, variants.Select(v => v["Variant Barcode"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(variants, v =>
        {
            Assert.Matches(Amount(), v["Variant Price"]);
            var price = decimal.Parse(v["Variant Price"], CultureInfo.InvariantCulture);
            Assert.InRange(price, 3m, 250m);
            if (v["Variant Compare At Price"].Length > 0) Assert.True(decimal.Parse(v["Variant Compare At Price"], CultureInfo.InvariantCulture) > price);
            Assert.True(int.Parse(v["Variant Inventory Qty"], CultureInfo.InvariantCulture) >= 0);
            Assert.True(int.Parse(v["Variant Grams"], CultureInfo.InvariantCulture) > 0);
        });
        Assert.Contains(variants, v => v["Variant Inventory Qty"] == "0");
        Assert.Contains(variants, v => int.Parse(v["Variant Inventory Qty"], CultureInfo.InvariantCulture) is > 0 and <= 5);
    }

    [Fact]
    public void Every_option_value_combination_of_a_product_occurs_once()
    {
        foreach (var product in Rows.Where(r => r["Variant SKU"].Length > 0).GroupBy(r => r["Handle"], StringComparer.Ordinal))
            Assert.Equal(product.Count(), product.Select(r => $"{r["Option1 Value"]}|{r["Option2 Value"]}|{r["Option3 Value"]}").Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_picture_is_known_to_the_renderer_and_has_its_own_description()
    {
        var pictures = Rows.Where(r => r["Image Src"].Length > 0).ToList();
        Assert.All(pictures, r => Assert.NotNull(Recipe.For(r["Image Src"])));
        Assert.All(pictures, r => Assert.InRange(r["Image Alt Text"].Length, 20, 400));
        Assert.All(Rows.Where(r => r["Variant Image"].Length > 0), r => Assert.Contains(pictures, p => p["Handle"] == r["Handle"] && p["Image Src"] == r["Variant Image"]));
        Assert.All(pictures.GroupBy(r => r["Handle"], StringComparer.Ordinal), p => Assert.InRange(p.Count(), 2, 6));
        var described = pictures.DistinctBy(r => r["Image Src"]).ToList();
        Assert.Equal(described.Count, described.Select(r => r["Image Alt Text"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Products_have_texts_of_their_own_and_belong_to_one_of_the_collections()
    {
        Assert.Equal(Products.Count, Products.Select(p => p["Body (HTML)"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Products, p => Assert.InRange(p["SEO Description"].Length, 50, 320));
        Assert.InRange(Products.Select(p => p["Collection"]).Distinct(StringComparer.Ordinal).Count(), 6, 8);
        Assert.All(Products, p => Assert.NotEmpty(p["Inks (product.metafields.custom.inks)"]));
        Assert.All(Products, p => Assert.NotEmpty(p["Grown as (product.metafields.custom.technique)"]));
    }

    [Fact]
    public void Every_work_names_a_family_a_palette_and_a_collection_that_exist_and_its_seed_fits_the_dots()
    {
        Assert.InRange(Works.All.Count, 48, 64);
        Assert.All(Works.All, w =>
        {
            Assert.Contains(w.Family, Family.All.Keys);
            Assert.NotEmpty(Local.Demo.Print.Palettes.Named(w.Palette).Inks);
            Assert.Contains(w.Collection, Collection.All.Keys);
            Assert.InRange(w.Seed, 1, 65535);
        });
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Slug();

    [GeneratedRegex("^[0-9]+\\.[0-9]{2}$")]
    private static partial Regex Amount();
}
