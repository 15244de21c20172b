using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Commerce.Pricing;
using Commerce.Stock;

namespace Commerce.Catalog.Import;

/// <summary>
/// The columns of a product CSV: Shopify's own, one per metafield, and a price per further currency. Everywhere here a column goes by the name that Shopify
/// gave it first; <see cref="NameOf"/> is what the file calls it.
/// </summary>
internal sealed partial class ShopifyHeader
{
    private static readonly string[] Required = [ShopifyRow.Handle, ShopifyRow.Title];

    /// <summary>What Shopify calls its columns today, where it is another name than before in more than capitals. Both are read.</summary>
    private static readonly FrozenDictionary<string, string> Synonyms = new Dictionary<string, string>
    {
        ["URL handle"] = ShopifyRow.Handle,
        ["Description"] = "Body (HTML)",
        ["Published on online store"] = "Published",
        ["SKU"] = "Variant SKU",
        ["Barcode"] = "Variant Barcode",
        ["Weight value (grams)"] = "Variant Grams",
        ["Inventory quantity"] = ShopifyRow.Quantity,
        ["Inventory policy"] = ProductRowReader.Policy,
        ["Continue selling when out of stock"] = ProductRowReader.Policy,
        ["Price"] = ShopifyRow.Price,
        ["Compare-at price"] = ProductRowReader.CompareAt,
        ["Product image URL"] = "Image Src",
        ["Variant image URL"] = "Variant Image",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The columns that are read wherever a file has them; each file may add some for attributes, locations and currencies.</summary>
    private static readonly string[] Fixed =
    [
        .. Required, ShopifyRow.Price, "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Published At", "Status", "SEO Title", "SEO Description", "Collection",
        "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
        "Variant SKU", "Variant Grams", "Variant Barcode", ShopifyRow.Quantity, ProductRowReader.Policy, ProductRowReader.CompareAt,
        "Image Src", PictureIntake.Position, "Image Alt Text", "Variant Image", .. ShopColumns.All,
    ];

    private readonly int[] _kept;
    private readonly Dictionary<int, int> _places;
    private readonly Dictionary<string, string> _names;

    /// <exception cref="ImportFileException">A required column is missing, or there are too many.</exception>
    public ShopifyHeader(string[] fields, string file, ImportReport report)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var name = KnownAs(fields[i].Trim());
            if (!Columns.TryAdd(name, i))
            {
                if (name != "") report.Add(1, fields[i].Trim(), $"The column is left out: column {Columns[name] + 1} ({fields[Columns[name]].Trim()}) is the same one; capitals make no difference.");
                continue;
            }
            if (DefinitionColumn().Match(name) is { Success: true } definition)
                Definitions[definition.Groups["key"].Value.ToLowerInvariant()] = (Enum.Parse<AttributeType>(definition.Groups["type"].Value, ignoreCase: true), definition.Groups["filter"].Value.Equals("filterable", StringComparison.OrdinalIgnoreCase));
            if (StockColumn().Match(name) is { Success: true } stock && CsvCell.Unwrap(stock.Groups["location"].Value) is { Length: > 0 and <= Location.MaxNameLength } location)
                Locations.TryAdd(location, name);
            if (MetafieldColumn().Match(name) is { Success: true } metafield) AddAttribute(name, $"{metafield.Groups["space"]}.{metafield.Groups["key"]}".ToLowerInvariant(), metafield.Groups["label"].Value, report);
            if (CurrencyColumn().Match(name) is { Success: true } price) AddCurrency(name, price.Groups["currency"].Value.ToUpperInvariant(), report);
        }
        var missing = Required.Where(column => !Columns.ContainsKey(column)).ToList();
        if (missing.Count > 0)
            throw new ImportFileException($"{file} is not a product CSV in Shopify's format: the header has no column {string.Join(", ", missing.Select(Either))}.");
        string[] read = [.. Fixed, .. Attributes.Select(a => a.Column), .. Locations.Values, .. Currencies.SelectMany(c => new[] { PriceName(c), CompareAtName(c) })];
        Read = [.. Columns.Keys.Intersect(read, StringComparer.OrdinalIgnoreCase)];
        _kept = [.. Read.Select(name => Columns[name])];
        _places = _kept.Index().ToDictionary(k => k.Item, k => k.Index);
        _names = Read.ToDictionary(name => name, name => fields[Columns[name]].Trim(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A market of Shopify's has such a column too; one whose name is no currency's is told, since it looks like a price that would be taken.</summary>
    private void AddCurrency(string column, string currency, ImportReport report)
    {
        if (SellableCurrencies.Contains(currency)) Currencies.Add(currency);
        else report.Add(1, column, $"The column is left out: no card is charged in {currency}.");
    }

    private void AddAttribute(string column, string key, string label, ImportReport report)
    {
        if (!AttributeDefinition.IsValidKey(key)) report.Add(1, column, $"The column is left out: a key has letters of a to z, digits, - and _, and at most {AttributeDefinition.MaxKeyLength} characters.");
        else if (label.Length > CatalogLimits.Name || label.Contains('\0')) report.Add(1, column, $"The column is left out: a label has at most {CatalogLimits.Name} characters.");
        else if (Attributes.Exists(a => a.Key == key)) report.Add(1, column, $"The column is left out: another one is {key} already.");
        else Attributes.Add(new(column, key, label));
    }

    /// <summary>All columns with a name of their own, by the name that Shopify gave them first, and where in the file they stand.</summary>
    public Dictionary<string, int> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The columns that are read. Of a row nothing else is kept: a file may have thousands of columns that mean nothing here.</summary>
    public IReadOnlyList<string> Read { get; }

    public List<AttributeColumn> Attributes { get; } = [];

    public List<string> Currencies { get; } = [];

    /// <summary>Whether the file says what anything costs; one that does not is about products the shop has.</summary>
    public bool HasPrices => Currencies.Count > 0 || Columns.ContainsKey(ShopifyRow.Price);

    /// <summary>What attributes are, by their keys, where they are not texts to filter by.</summary>
    public Dictionary<string, (AttributeType Type, bool Filterable)> Definitions { get; } = [];

    /// <summary>Columns of stock by the names of locations beside the main one.</summary>
    public Dictionary<string, string> Locations { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that say what lies where, or of whose stock a bundle is made.</summary>
    public IEnumerable<string> StockColumns => Columns.Keys.Where(IsAboutStock).Select(NameOf);

    public static bool IsAboutStock(string column) =>
        column.Equals(ShopifyRow.Quantity, StringComparison.OrdinalIgnoreCase) || column.Equals(ShopColumns.Components, StringComparison.OrdinalIgnoreCase) || StockColumn().IsMatch(column);

    /// <summary>A column as the file names it; one that the file does not have as Shopify named it first.</summary>
    public string NameOf(string column) => _names.GetValueOrDefault(column, column);

    /// <summary>What a row keeps of its fields.</summary>
    public string[] Keep(string[] fields) => Array.ConvertAll(_kept, at => fields[at]);

    /// <summary>The field of a column among what <see cref="Keep"/> kept; null when the file has no such column.</summary>
    public string? Find(string column, string[] kept) => Columns.TryGetValue(column, out var at) ? kept[_places[at]] : null;

    /// <summary>The name by which a column is known here.</summary>
    private static string KnownAs(string name)
    {
        if (Synonyms.TryGetValue(name, out var known)) return known;
        return CompareAtColumn().Match(name) is { Success: true } price ? CompareAtName(price.Groups["currency"].Value) : name;
    }

    /// <summary>Both names of a column, for who has neither.</summary>
    private static string Either(string column) => Synonyms.FirstOrDefault(s => s.Value == column).Key is { } today ? $"{column} (today: {today})" : column;

    public static string AttributeName(string label, string key) => $"{label} (product.metafields.{key})";

    public static string PriceName(string currency) => $"Price / {currency}";

    public static string CompareAtName(string currency) => $"Compare At Price / {currency}";

    // Paper weight (product.metafields.custom.paper_weight)
    [GeneratedRegex(@"^(?<label>.*?) \(product\.metafields\.(?<space>[\w-]+)\.(?<key>[\w.-]+)\)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex MetafieldColumn();

    // Price / USD
    [GeneratedRegex("^Price / (?<currency>[A-Z]{3})$", RegexOptions.IgnoreCase)]
    private static partial Regex CurrencyColumn();

    // Compare-at price / USD
    [GeneratedRegex("^Compare-at price / (?<currency>[A-Z]{3})$", RegexOptions.IgnoreCase)]
    private static partial Regex CompareAtColumn();

    // Shop: Attribute custom.weight (number, not filterable)
    [GeneratedRegex(@"^Shop: Attribute (?<key>[\w.-]+) \((?<type>text|number|boolean), (?<filter>filterable|not filterable)\)$", RegexOptions.IgnoreCase)]
    private static partial Regex DefinitionColumn();

    // Shop: Stock / Berlin
    [GeneratedRegex("^Shop: Stock / (?<location>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex StockColumn();

    /// <summary>A column that feeds an attribute.</summary>
    public sealed record AttributeColumn(string Column, string Key, string Label);
}
