using Ganss.Xss;

namespace Commerce.Catalog.Import;

/// <summary>A variant as a row gives it; amounts in minor units, quantity null when the row leaves the stock alone.</summary>
internal sealed record VariantRow(string? Sku, List<string> Options, string? Barcode, int Grams, long PriceMinor, long? CompareAtMinor, int? Quantity);

/// <summary>What the columns of a row mean for a product and its variant.</summary>
internal static class ProductRowReader
{
    private const int MaxQuantity = 10_000_000;
    private const int MaxGrams = 10_000_000;
    private const int MaxSkuLength = 120;

    /// <summary>The first row of a product describes it; cells that are empty or missing leave what is known.</summary>
    public static void Describe(Product product, ShopifyRow row, HtmlSanitizer sanitizer, DateTimeOffset now)
    {
        if (row.Has(ShopifyRow.Title)) product.Title = row[ShopifyRow.Title];
        if (row.Has("Body (HTML)")) product.DescriptionHtml = sanitizer.Sanitize(row["Body (HTML)"]);
        if (row.Has("Vendor")) product.Vendor = row["Vendor"];
        if (row.Has("Type")) product.ProductType = row["Type"];
        if (row.Has("Tags")) product.Tags = [.. row["Tags"].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (row.Has("SEO Title")) product.SeoTitle = row["SEO Title"];
        if (row.Has("SEO Description")) product.SeoDescription = row["SEO Description"];
        // A product with one variant and no choice is "Title: Default Title" in Shopify's files.
        if (row.OptionNames.Count > 0) product.OptionNames = IsDefault(row) ? [] : row.OptionNames;
        var isPublished = !IsFalse(row["Published"]) && row["Status"].ToLowerInvariant() is "" or "active";
        product.PublishedAt = isPublished ? product.PublishedAt ?? now : null;
        product.UpdatedAt = now;
    }

    /// <summary>False, and reported, when the row gives no variant that could be sold.</summary>
    public static bool TryReadVariant(ShopifyRow row, Product product, out VariantRow read)
    {
        read = null!;
        var isGood = row.TryMoney(ShopifyRow.Price, out var price) & row.TryMoney("Variant Compare At Price", out var compareAt)
            & row.TryCount("Variant Inventory Qty", MaxQuantity, out var quantity) & row.TryCount("Variant Grams", MaxGrams, out var grams);
        if (isGood && price is null) row.Refuse(ShopifyRow.Price, "A variant needs a price.");
        var options = IsDefault(row) ? [] : row.Options;
        if (isGood && options.Count != product.OptionNames.Count)
        {
            row.Refuse("Option1 Value", $"The product has {product.OptionNames.Count} options, this row gives {options.Count} values.");
            return false;
        }
        var sku = row["Variant SKU"].TrimStart('\'');
        if (isGood && sku.Length > MaxSkuLength)
        {
            row.Refuse("Variant SKU", $"Longer than {MaxSkuLength} characters.");
            return false;
        }
        if (!isGood || price is null) return false;
        read = new VariantRow(sku == "" ? null : sku, options, row["Variant Barcode"] is { Length: > 0 } code ? code : null, grams ?? 0, price.Value, compareAt, quantity);
        return true;
    }

    private static bool IsDefault(ShopifyRow row) => row["Option1 Value"] == "Default Title";

    private static bool IsFalse(string cell) => cell.Equals("false", StringComparison.OrdinalIgnoreCase);
}
