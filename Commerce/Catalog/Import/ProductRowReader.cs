using System.Globalization;
using Ganss.Xss;

namespace Commerce.Catalog.Import;

/// <summary>A variant as a row gives it; amounts in minor units, quantity null when the row leaves the stock alone.</summary>
internal sealed record VariantRow(string? Sku, List<string> Options, string? Barcode, int? Grams, long PriceMinor, long? CompareAtMinor, int? Quantity,
    IReadOnlyList<(string Currency, long Minor, long? CompareAtMinor)> Foreign);

/// <summary>What the columns of a row mean for a product and its variant.</summary>
internal static class ProductRowReader
{
    private const int MaxQuantity = 10_000_000;

    /// <summary>The first row of a product describes it; cells that are empty or missing leave what is known.</summary>
    public static void Describe(Product product, ShopifyRow row, HtmlSanitizer sanitizer, DateTimeOffset now)
    {
        if (row.Has(ShopifyRow.Title)) product.Title = row[ShopifyRow.Title];
        if (row.Has("Body (HTML)")) product.DescriptionHtml = sanitizer.Sanitize(row["Body (HTML)"]);
        if (row.Has("Vendor")) product.Vendor = row["Vendor"];
        if (row.Has("Type")) product.ProductType = row["Type"];
        if (row.Has("Tags")) product.Tags = row.Tags;
        if (row.Has("SEO Title")) product.SeoTitle = row["SEO Title"];
        if (row.Has("SEO Description")) product.SeoDescription = row["SEO Description"];
        // A product with one variant and no choice is "Title: Default Title" in Shopify's files.
        if (row.OptionNames.Count > 0) product.OptionNames = IsDefault(row) ? [] : row.OptionNames;
        Publish(product, row, now);
    }

    /// <summary>A file that says nothing about it publishes what is new and leaves the rest as it is.</summary>
    private static void Publish(Product product, ShopifyRow row, DateTimeOffset now)
    {
        if (!row.Has("Published") && !row.Has("Status"))
        {
            if (product.Variants.Count == 0) product.Publish(now);
            return;
        }
        if (row["Status"].Equals("archived", StringComparison.OrdinalIgnoreCase)) product.Archive(now);
        else if (IsFalse(row["Published"]) || row["Status"].ToLowerInvariant() is not ("" or "active")) product.Unpublish();
        else if (DateTimeOffset.TryParse(row["Published At"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) product.Publish(at);
        else product.Publish(product.PublishedAt ?? now);
    }

    /// <summary>The values of the metafields' columns; several are separated as Shopify does it: <c>Oak; Ash</c>.</summary>
    public static void DescribeAttributes(Product product, ShopifyRow row, IReadOnlyDictionary<string, AttributeDefinition> definitions)
    {
        foreach (var column in row.Header.Attributes)
        {
            if (!row.Has(column.Column)) continue;
            var definition = definitions[column.Key];
            var values = row[column.Column].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
            if (values.Find(v => !definition.TryRead(v, out _)) is { } bad)
            {
                row.Refuse(column.Column, $"'{bad}' is no {definition.Type.ToString().ToLowerInvariant()} of at most {ProductAttribute.MaxValueLength} characters.");
                continue;
            }
            product.Attributes.RemoveAll(a => a.Key == column.Key && !values.Contains(a.Value));
            foreach (var value in values)
            {
                var known = product.Attributes.Find(a => a.Key == column.Key && a.Value == value);
                if (known is null) product.Attributes.Add(known = new ProductAttribute { ProductId = product.Id, Key = column.Key, Value = value, Position = 0 });
                definition.TryRead(value, out var number);
                known.Number = number;
            }
            // Where an attribute stands among the others is not said by a file; only the order of its values is.
            var ordered = product.Attributes.Where(a => a.Key == column.Key).OrderBy(a => a.Position).ToList();
            if (ordered.Select(a => a.Value).SequenceEqual(values)) continue;
            foreach (var one in ordered) one.Position = row.Header.Columns[column.Column] * 100 + values.IndexOf(one.Value);
        }
    }

    /// <summary>False, and reported, when the row gives no variant that could be sold.</summary>
    public static bool TryReadVariant(ShopifyRow row, Product product, out VariantRow read)
    {
        read = null!;
        var isGood = row.TryMoney(ShopifyRow.Price, Money.ShopCurrency, out var price) & row.TryMoney("Variant Compare At Price", Money.ShopCurrency, out var compareAt)
            & row.TryCount("Variant Inventory Qty", MaxQuantity, out var quantity) & row.TryCount("Variant Grams", CatalogLimits.WeightGrams, out var grams);
        if (isGood && price is null) row.Refuse(ShopifyRow.Price, "A variant needs a price.");
        var options = IsDefault(row) ? [] : row.Options;
        if (isGood && options.Count != product.OptionNames.Count)
        {
            row.Refuse("Option1 Value", $"The product has {product.OptionNames.Count} options, this row gives {options.Count} values.");
            return false;
        }
        var sku = row["Variant SKU"].TrimStart('\'');
        if (!isGood || price is null) return false;
        var foreign = new List<(string, long, long?)>();
        foreach (var currency in row.Header.Currencies)
        {
            if (!row.TryMoney(ShopifyHeader.PriceName(currency), currency, out var amount) || !row.TryMoney(ShopifyHeader.CompareAtName(currency), currency, out var was)) return false;
            if (amount is not null) foreign.Add((currency, amount.Value, was));
        }
        read = new VariantRow(sku == "" ? null : sku, options, row["Variant Barcode"] is { Length: > 0 } code ? code : null, grams, price.Value, compareAt, quantity, foreign);
        return true;
    }

    private static bool IsDefault(ShopifyRow row) => row["Option1 Value"] == "Default Title";

    private static bool IsFalse(string cell) => cell.Equals("false", StringComparison.OrdinalIgnoreCase);
}
