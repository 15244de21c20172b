using System.Globalization;
using System.Text;

namespace Local.Demo.Catalog;

/// <summary>The catalogue as Shopify's product CSV: a product's first row carries its texts, further rows its other variants and pictures.</summary>
internal static class CatalogCsv
{
    public static readonly string[] Header =
    [
        "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published",
        "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
        "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service",
        "Variant Price", "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode",
        "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description", "Variant Image", "Variant Weight Unit", "Status", "Collection",
        InksColumn, TechniqueColumn,
    ];

    private const string InksColumn = "Inks (product.metafields.custom.inks)";
    private const string TechniqueColumn = "Grown as (product.metafields.custom.technique)";

    public static string Write(IEnumerable<Product> products)
    {
        var text = new StringBuilder(Csv.Line(Header));
        foreach (var product in products)
        {
            for (var i = 0; i < Math.Max(product.Variants.Count, product.Images.Count); i++) text.Append(Csv.Line(Row(product, i)));
        }

        return text.ToString();
    }

    /// <summary>The distinct picture names of a catalogue file, in order.</summary>
    /// <exception cref="CatalogException">The file is missing or has no column for pictures.</exception>
    public static IReadOnlyList<string> ImageFiles(string path)
    {
        if (!File.Exists(path)) throw new CatalogException($"There is no catalogue at {path}.");
        var records = Csv.Records(File.ReadAllText(path)).ToList();
        var column = records.Count == 0 ? -1 : records[0].IndexOf("Image Src");
        if (column < 0) throw new CatalogException($"{path} is not a product CSV: its first line has no column 'Image Src'.");
        return [.. records.Skip(1).Select(r => column < r.Count ? r[column] : "").Where(f => f.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Row(Product product, int index)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal) { ["Handle"] = product.Handle };
        if (index == 0) Head(product, cells);
        if (index < product.Variants.Count) Variant(product, product.Variants[index], cells);
        if (index < product.Images.Count)
        {
            cells["Image Src"] = product.Images[index].File;
            cells["Image Position"] = (index + 1).ToString(CultureInfo.InvariantCulture);
            cells["Image Alt Text"] = product.Images[index].Alt;
        }

        return Header.Select(h => cells.GetValueOrDefault(h, ""));
    }

    private static void Head(Product product, Dictionary<string, string> cells)
    {
        cells["Title"] = product.Title;
        cells["Body (HTML)"] = product.Body;
        cells["Vendor"] = "Oddgrain";
        cells["Product Category"] = product.Category;
        cells["Type"] = product.Type;
        cells["Tags"] = string.Join(", ", product.Tags);
        cells["Published"] = "true";
        cells["Gift Card"] = "false";
        cells["SEO Title"] = product.SeoTitle;
        cells["SEO Description"] = product.SeoDescription;
        cells["Status"] = "active";
        cells["Collection"] = product.Collection;
        cells[InksColumn] = product.Inks;
        cells[TechniqueColumn] = product.Technique;
        for (var i = 0; i < product.OptionNames.Count; i++) cells[$"Option{i + 1} Name"] = product.OptionNames[i];
    }

    private static void Variant(Product product, Variant variant, Dictionary<string, string> cells)
    {
        for (var i = 0; i < product.OptionNames.Count; i++) cells[$"Option{i + 1} Value"] = variant.Options[i];
        cells["Variant SKU"] = variant.Sku;
        cells["Variant Grams"] = variant.Grams.ToString(CultureInfo.InvariantCulture);
        cells["Variant Inventory Tracker"] = "shopify";
        cells["Variant Inventory Qty"] = variant.Stock.ToString(CultureInfo.InvariantCulture);
        cells["Variant Inventory Policy"] = "deny";
        cells["Variant Fulfillment Service"] = "manual";
        cells["Variant Price"] = Price(variant.PriceMinor);
        cells["Variant Compare At Price"] = variant.CompareAtMinor is { } before ? Price(before) : "";
        cells["Variant Requires Shipping"] = "true";
        cells["Variant Taxable"] = "true";
        cells["Variant Barcode"] = variant.Barcode;
        cells["Variant Image"] = variant.Image;
        cells["Variant Weight Unit"] = "g";
    }

    private static string Price(int minor) => string.Create(CultureInfo.InvariantCulture, $"{minor / 100}.{minor % 100:00}");
}
