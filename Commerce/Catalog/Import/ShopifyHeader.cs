using System.Text.RegularExpressions;
using Commerce.Stock;

namespace Commerce.Catalog.Import;

/// <summary>The columns of a product CSV: Shopify's own, one per metafield, and a price per further currency.</summary>
internal sealed partial class ShopifyHeader
{
    private static readonly string[] Required = [ShopifyRow.Handle, ShopifyRow.Title, ShopifyRow.Price];

    /// <summary>The columns that are read wherever a file has them; each file may add some for attributes, locations and currencies.</summary>
    private static readonly string[] Fixed =
    [
        .. Required, "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Published At", "Status", "SEO Title", "SEO Description", "Collection",
        "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
        "Variant SKU", "Variant Grams", "Variant Barcode", ShopifyRow.Quantity, ProductRowReader.Policy, ProductRowReader.CompareAt,
        "Image Src", PictureIntake.Position, "Image Alt Text", "Variant Image", .. ShopColumns.All,
    ];

    private readonly int[] _kept;
    private readonly Dictionary<int, int> _places;

    /// <exception cref="ImportFileException">A required column is missing, or there are too many.</exception>
    public ShopifyHeader(string[] fields, string file, ImportReport report)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var name = fields[i].Trim();
            if (!Columns.TryAdd(name, i))
            {
                if (name != "") report.Add(1, name, $"The column is left out: column {Columns[name] + 1} has the same name, capitals aside.");
                continue;
            }
            if (DefinitionColumn().Match(name) is { Success: true } definition)
                Definitions[definition.Groups["key"].Value] = (Enum.Parse<AttributeType>(definition.Groups["type"].Value, ignoreCase: true), definition.Groups["filter"].Value == "filterable");
            if (StockColumn().Match(name) is { Success: true } stock && CsvCell.Unwrap(stock.Groups["location"].Value) is { Length: > 0 and <= Location.MaxNameLength } location)
                Locations.TryAdd(location, name);
            if (MetafieldColumn().Match(name) is { Success: true } metafield) AddAttribute(name, $"{metafield.Groups["space"]}.{metafield.Groups["key"]}".ToLowerInvariant(), metafield.Groups["label"].Value, report);
            if (CurrencyColumn().Match(name) is { Success: true } price) Currencies.Add(price.Groups["currency"].Value);
        }
        var missing = Required.Where(column => !Columns.ContainsKey(column)).ToList();
        if (missing.Count > 0)
            throw new ImportFileException($"{file} is not a product CSV in Shopify's format: the header has no column {string.Join(", ", missing)}.");
        string[] read = [.. Fixed, .. Attributes.Select(a => a.Column), .. Locations.Values, .. Currencies.SelectMany(c => new[] { PriceName(c), CompareAtName(c) })];
        Read = [.. Columns.Keys.Intersect(read, StringComparer.OrdinalIgnoreCase)];
        _kept = [.. Read.Select(name => Columns[name])];
        _places = _kept.Index().ToDictionary(k => k.Item, k => k.Index);
    }

    private void AddAttribute(string column, string key, string label, ImportReport report)
    {
        if (!AttributeDefinition.IsValidKey(key)) report.Add(1, column, $"The column is left out: a key has letters of a to z, digits, - and _, and at most {AttributeDefinition.MaxKeyLength} characters.");
        else if (label.Length > CatalogLimits.Name || label.Contains('\0')) report.Add(1, column, $"The column is left out: a label has at most {CatalogLimits.Name} characters.");
        else if (Attributes.Exists(a => a.Key == key)) report.Add(1, column, $"The column is left out: another one is {key} already.");
        else Attributes.Add(new(column, key, label));
    }

    /// <summary>All columns with a name of their own, and where in the file they stand.</summary>
    public Dictionary<string, int> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The columns that are read. Of a row nothing else is kept: a file may have thousands of columns that mean nothing here.</summary>
    public IReadOnlyList<string> Read { get; }

    public List<AttributeColumn> Attributes { get; } = [];

    public List<string> Currencies { get; } = [];

    /// <summary>What attributes are, by their keys, where they are not texts to filter by.</summary>
    public Dictionary<string, (AttributeType Type, bool Filterable)> Definitions { get; } = [];

    /// <summary>Columns of stock by the names of locations beside the main one.</summary>
    public Dictionary<string, string> Locations { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that say what lies where, or of whose stock a bundle is made.</summary>
    public IEnumerable<string> StockColumns => Columns.Keys.Where(name =>
        name.Equals(ShopifyRow.Quantity, StringComparison.OrdinalIgnoreCase) || name.Equals(ShopColumns.Components, StringComparison.OrdinalIgnoreCase) || StockColumn().IsMatch(name));

    /// <summary>What a row keeps of its fields.</summary>
    public string[] Keep(string[] fields) => Array.ConvertAll(_kept, at => fields[at]);

    /// <summary>The field of a column among what <see cref="Keep"/> kept; null when the file has no such column.</summary>
    public string? Find(string column, string[] kept) => Columns.TryGetValue(column, out var at) ? kept[_places[at]] : null;

    public static string AttributeName(string label, string key) => $"{label} (product.metafields.{key})";

    public static string PriceName(string currency) => $"Price / {currency}";

    public static string CompareAtName(string currency) => $"Compare At Price / {currency}";

    // Paper weight (product.metafields.custom.paper_weight)
    [GeneratedRegex(@"^(?<label>.*?) \(product\.metafields\.(?<space>[\w-]+)\.(?<key>[\w.-]+)\)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex MetafieldColumn();

    // Price / USD
    [GeneratedRegex("^Price / (?<currency>[A-Z]{3})$")]
    private static partial Regex CurrencyColumn();

    // Shop: Attribute custom.weight (number, not filterable)
    [GeneratedRegex(@"^Shop: Attribute (?<key>[\w.-]+) \((?<type>text|number|boolean), (?<filter>filterable|not filterable)\)$")]
    private static partial Regex DefinitionColumn();

    // Shop: Stock / Berlin
    [GeneratedRegex("^Shop: Stock / (?<location>.+)$", RegexOptions.Singleline)]
    private static partial Regex StockColumn();

    /// <summary>A column that feeds an attribute.</summary>
    public sealed record AttributeColumn(string Column, string Key, string Label);
}
