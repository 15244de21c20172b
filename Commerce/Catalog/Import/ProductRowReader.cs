using Commerce.Baskets;

namespace Commerce.Catalog.Import;

/// <summary>A variant as a row gives it; amounts in minor units, quantity null when the row leaves the stock alone.</summary>
internal sealed record VariantRow(string? Sku, List<string> Options, string? Barcode, int? Grams, int? Quantity, IReadOnlyList<PriceCells> Prices);

/// <summary>A price as a row gives it. A file without the column does not say that there is no compare-at price.</summary>
internal sealed record PriceCells(string Currency, long Minor, long? CompareAtMinor, bool SaysCompareAt);

/// <summary>What the columns of a row mean for a product and its variant.</summary>
internal static class ProductRowReader
{
    public const string Policy = "Variant Inventory Policy";
    public const string CompareAt = "Variant Compare At Price";
    private const string Published = "Published";
    private const string PublishedAt = "Published At";
    private const string Status = "Status";
    private const string Body = "Body (HTML)";

    /// <summary>The first row of a product describes it. A column that the file does not have leaves what is known, and so does <see cref="ShopifyRow.Describes"/>' other rows.</summary>
    public static void Describe(Product product, bool isNew, ShopifyRow row, DateTimeOffset now)
    {
        if (row.Has(ShopifyRow.Title)) product.Title = row[ShopifyRow.Title];
        if (row.Describes(Body))
        {
            if (DescriptionText.TryClean(row[Body], out var description) is { } unfit) row.Refuse(Body, $"The description was left out. {unfit}");
            else product.DescriptionHtml = description;
        }
        if (row.Describes("Vendor")) product.Vendor = row["Vendor"];
        if (row.Describes("Type")) product.ProductType = row["Type"];
        if (row.Describes("Tags")) product.Tags = row.Tags;
        if (row.Describes("SEO Title")) product.SeoTitle = row["SEO Title"] is { Length: > 0 } seo ? seo : null;
        if (row.Describes("SEO Description")) product.SeoDescription = row["SEO Description"] is { Length: > 0 } text ? text : null;
        Publish(product, isNew, row, now);
    }

    /// <summary>The options the product is to have. One with a single variant and no choice is "Title: Default Title" in Shopify's files.</summary>
    public static List<string> OptionNames(Product product, ShopifyRow row) => row.OptionNames.Count == 0 ? product.OptionNames : row.IsDefault ? [] : row.OptionNames;

    /// <summary>
    /// A file that says nothing about it publishes what is new and leaves the rest as it is. So does one whose words cannot be read, but for what is new, which stays a draft:
    /// nothing goes on sale by a slip.
    /// </summary>
    private static void Publish(Product product, bool isNew, ShopifyRow row, DateTimeOffset now)
    {
        if (!(row.TryWord(Published, ["true", "false"], out var published) & row.TryWord(Status, ["active", "draft", "archived"], out var status)
            & row.TryMoment(PublishedAt, out var from) & row.TryMoment(ShopColumns.ArchivedAt, out var archivedAt))) return;
        if (published is null && status is null)
        {
            if (isNew) product.Publish(from ?? now);
            else if (from is not null && product.PublishedAt is not null) product.Publish(from.Value);
            else if (from is not null) row.Refuse(PublishedAt, $"'{product.Slug}' is a draft or archived, and stays so: a row that puts it on sale says so in {row.Header.NameOf(Status)} or {row.Header.NameOf(Published)}.");
        }
        else if (status == "archived") product.Archive(archivedAt ?? now);
        else if (published == "false" || status == "draft") product.Unpublish();
        else product.Publish(from ?? product.PublishedAt ?? now);
    }

    /// <summary>The values of the metafields' columns; several are separated as Shopify does it: <c>Oak; Ash</c>.</summary>
    public static void DescribeAttributes(Product product, ShopifyRow row, IReadOnlyDictionary<string, AttributeDefinition> definitions)
    {
        foreach (var column in row.Header.Attributes)
        {
            if (!row.Describes(column.Column)) continue;
            var definition = definitions[column.Key];
            var values = row.Values(column.Column);
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
            if (ordered.Select(a => a.Value).SequenceEqual(values) && ordered.DistinctBy(a => a.Position).Count() == ordered.Count) continue;
            foreach (var one in ordered) one.Position = row.Header.Columns[column.Column] * 100 + values.IndexOf(one.Value);
        }
    }

    /// <summary>False, and reported, when the row gives no variant that could be sold. A file that has no column of prices leaves what a variant costs.</summary>
    /// <param name="known">The variant of the product that has the row's SKU.</param>
    public static bool TryReadVariant(ShopifyRow row, int optionCount, Variant? known, out VariantRow read)
    {
        read = null!;
        var isGood = row.TryMoney(ShopifyRow.Price, Money.ShopCurrency, out var price) & row.TryMoney(CompareAt, Money.ShopCurrency, out var compareAt)
            & row.TryUnits(ShopifyRow.Quantity, out var quantity) & row.TryGrams("Variant Grams", CatalogLimits.WeightGrams, out var grams);
        // A file without the column says nothing of options: a list of prices by SKU leaves them as they are.
        var options = row.IsDefault ? [] : row.Options.Count > 0 || known is null || row.Speaks("Option1 Value") ? row.Options : [.. known.Options];
        if (isGood && options.Count != optionCount)
        {
            row.Refuse("Option1 Value", $"The product has {optionCount} options, this row gives {options.Count} values.");
            return false;
        }
        if (!isGood) return false;
        var prices = new List<PriceCells>();
        if (price is not null) prices.Add(new(Money.ShopCurrency, price.Value, compareAt, row.Speaks(CompareAt)));
        foreach (var currency in row.Header.Currencies)
        {
            if (!row.TryMoney(ShopifyHeader.PriceName(currency), currency, out var amount) || !row.TryMoney(ShopifyHeader.CompareAtName(currency), currency, out var was)) return false;
            if (amount is not null) prices.Add(new(currency, amount.Value, was, row.Speaks(ShopifyHeader.CompareAtName(currency))));
        }
        if (prices.Count == 0 && row.Header.HasPrices)
        {
            row.Refuse(ShopifyRow.Price, "A variant needs a price, in one currency at least.");
            return false;
        }
        read = new VariantRow(row.Sku is { Length: > 0 } sku ? sku : null, options, row["Variant Barcode"] is { Length: > 0 } code ? code : null, grams, quantity, prices);
        return true;
    }

    /// <summary>The terms a variant has with this row; null, and reported, when there can be none such. Cells that are missing leave what is known.</summary>
    public static SellingTerms? ReadTerms(ShopifyRow row, SellingTerms known, HashSet<string> taxClasses)
    {
        if (!(row.TryCount(ShopColumns.MinQuantity, Basket.MaxQuantity, out var min, 1) & row.TryCount(ShopColumns.MaxQuantity, Basket.MaxQuantity, out var max, 1)
            & row.TryCount(ShopColumns.QuantityStep, Basket.MaxQuantity, out var step, 1) & row.TryCount(ShopColumns.LowStock, SellingTerms.MaxLowStock, out var low)
            & row.TryWord(Policy, ["deny", "continue", "false", "true"], out var policy))) return null;
        var terms = known with
        {
            MinQuantity = min ?? known.MinQuantity,
            MaxQuantity = row.Speaks(ShopColumns.MaxQuantity) ? max : known.MaxQuantity,
            QuantityStep = step ?? known.QuantityStep,
            LowStockThreshold = row.Speaks(ShopColumns.LowStock) ? low : known.LowStockThreshold,
            AllowsBackorder = policy is null ? known.AllowsBackorder : policy is "continue" or "true",
            TaxClass = row.Has(ShopColumns.TaxClass) ? row[ShopColumns.TaxClass] : known.TaxClass,
        };
        if (terms.MaxQuantity < terms.MinQuantity) row.Refuse(ShopColumns.MaxQuantity, $"No quantity is at least {terms.MinQuantity} and at most {terms.MaxQuantity}.");
        else if (!taxClasses.Contains(terms.TaxClass)) row.Refuse(ShopColumns.TaxClass, $"No country has a VAT rate for '{terms.TaxClass}'.");
        else return terms;
        return null;
    }
}
