using System.Collections.Frozen;
using System.Globalization;
using Commerce.Pricing;
using Commerce.Stock;

namespace Commerce.Catalog.Import;

/// <summary>A row of Shopify's product CSV: the columns by name, empty text where the file has none.</summary>
internal sealed class ShopifyRow(long line, ShopifyHeader header, string[] fields, ImportReport report)
{
    public const string Handle = "Handle";
    public const string Title = "Title";
    public const string Price = "Variant Price";
    public const string Quantity = "Variant Inventory Qty";

    // ISO 8601, and as Shopify writes it: 2026-12-24 10:00:00 +0100
    private static readonly string[] Moments = ["yyyy-MM-dd", .. new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF" }.SelectMany(time => new[] { $"yyyy-MM-dd'T'{time}K", $"yyyy-MM-dd {time}K", $"yyyy-MM-dd {time} zzz", $"yyyy-MM-dd {time} 'UTC'" })];

    /// <summary>The handle, the SKU, the tags and the attributes have limits of their own.</summary>
    private static readonly FrozenDictionary<string, int> ColumnLimits = new Dictionary<string, int>
    {
        [Title] = CatalogLimits.Title,
        ["Body (HTML)"] = CatalogLimits.Description,
        ["Vendor"] = CatalogLimits.Name,
        ["Type"] = CatalogLimits.Name,
        ["Option1 Name"] = CatalogLimits.Name,
        ["Option2 Name"] = CatalogLimits.Name,
        ["Option3 Name"] = CatalogLimits.Name,
        ["Option1 Value"] = CatalogLimits.Name,
        ["Option2 Value"] = CatalogLimits.Name,
        ["Option3 Value"] = CatalogLimits.Name,
        ["Variant Barcode"] = CatalogLimits.Barcode,
        ["Image Src"] = CatalogLimits.PictureSource,
        ["Variant Image"] = CatalogLimits.PictureSource,
        ["Image Alt Text"] = CatalogLimits.PictureText,
        ["SEO Title"] = CatalogLimits.SeoTitle,
        ["SEO Description"] = CatalogLimits.SeoDescription,
        ["Collection"] = CatalogLimits.Name,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly string[] _kept = header.Keep(fields);

    public long Line => line;

    /// <summary>Cells that are held in memory for this row.</summary>
    public int CellCount => _kept.Length;

    /// <summary>The text of a cell.</summary>
    public string this[string column] => CsvCell.Unwrap(Cell(column));

    /// <summary>A cell as it stands in the file but for blanks around it.</summary>
    public string Cell(string column) => header.Find(column, _kept)?.Trim() ?? "";

    /// <summary>The header of the file this row is from.</summary>
    public ShopifyHeader Header => header;

    public bool Has(string column) => this[column] != "";

    /// <summary>Whether the file speaks of this at all: an empty cell of a column that is there means "nothing".</summary>
    public bool Speaks(string column) => header.Columns.ContainsKey(column);

    /// <summary>
    /// Whether the row says what a field of its product is, be it nothing. The row that has the title describes the product: an empty cell in it empties the field.
    /// The others are blank by the format.
    /// </summary>
    public bool Describes(string column) => Has(column) || (Has(Title) && Speaks(column));

    /// <summary>A variant row names an option value, a SKU or a price; other rows only add a picture.</summary>
    public bool IsVariant => Has(Price) || Has("Variant SKU") || Has("Option1 Value") || header.Currencies.Exists(c => Has(ShopifyHeader.PriceName(c)));

    /// <summary>Whether the row is the only variant of a product without options.</summary>
    public bool IsDefault => Cell("Option1 Value") == CsvCell.DefaultOption;

    /// <summary>Spreadsheets are kept from taking a SKU for a number by an apostrophe before it.</summary>
    public string Sku => this["Variant SKU"] is ['\'', .. var sku] ? sku : this["Variant SKU"];

    /// <summary>What the collection is called in addresses; empty when the row names none.</summary>
    public string CollectionSlug => this[ShopColumns.CollectionHandle] is var slug && Slug.IsValid(slug) ? slug : Slug.From(this["Collection"]);

    public List<string> Options => [.. new[] { this["Option1 Value"], this["Option2 Value"], this["Option3 Value"] }.Where(v => v != "")];

    public List<string> OptionNames => [.. NamedOptions.Select(column => this[column])];

    /// <summary>The columns that <see cref="OptionNames"/> are from.</summary>
    private IEnumerable<string> NamedOptions => new[] { "Option1 Name", "Option2 Name", "Option3 Name" }.Where(Has);

    /// <summary>Whether a product can have the options of the row. False, and reported, when two have the same name.</summary>
    public bool TryOptionNames() => IsDefault || ProductOptions.FindRepeatedName(OptionNames) is not { } repeated
        || Fail(NamedOptions.ElementAt(repeated), $"{ProductOptions.Repeated(OptionNames[repeated])} The product was not imported.");

    /// <summary>Whether the shop could keep every text of the row. False, and each that is too long or cannot be kept is reported.</summary>
    public bool TryFit()
    {
        var fits = true;
        foreach (var column in header.Read)
        {
            if (Cell(column).Contains('\0')) fits = Fail(column, "There is a character in it that no text can hold (U+0000).");
            else if (ColumnLimits.TryGetValue(column, out var most) && this[column].Length > most)
                fits = Fail(column, $"{this[column].Length} characters are too many: it takes at most {most}.");
        }
        if (Sku.Length > CatalogLimits.Sku) fits = Fail("Variant SKU", $"{Sku.Length} characters are too many: it takes at most {CatalogLimits.Sku}.");
        if (Tags is { Count: > CatalogLimits.Tags }) fits = Fail("Tags", $"A product has at most {CatalogLimits.Tags} tags, this one {Tags.Count}.");
        if (Tags.Find(t => t.Length > CatalogLimits.Name) is { } tag) fits = Fail("Tags", $"A tag of {tag.Length} characters is too long: it takes at most {CatalogLimits.Name}.");
        return fits;
    }

    public List<string> Tags => CsvCell.Split(Cell("Tags"), ',');

    /// <summary>The values of a metafield, or of another list, separated as Shopify does it: <c>Oak; Ash</c>.</summary>
    public List<string> Values(string column) => CsvCell.Split(Cell(column), ';');

    public void Refuse(string column, string reason) => report.Add(line, header.NameOf(column), reason);

    /// <summary>The price in minor units. False, and reported, when it is none; null when the cell is empty.</summary>
    public bool TryMoney(string column, string currency, out long? minor)
    {
        minor = null;
        if (!Has(column)) return true;
        var (decimals, step, most) = (SellableCurrencies.DecimalsOf(currency), SellableCurrencies.StepOf(currency), SellableCurrencies.MaxPriceOf(currency));
        if (!decimal.TryParse(this[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount > most)
            return Fail(column, $"'{this[column]}' is not a price such as {new Money(49 * SellableCurrencies.UnitOf(currency), currency).ToPlainText()}.");
        if (decimal.Round(amount, decimals) != amount) return Fail(column, $"'{this[column]}' has more than the {decimals} decimals of {currency}.");
        var exact = (long)(amount * SellableCurrencies.UnitOf(currency));
        if (exact > most) return Fail(column, $"'{this[column]}' is more than anything costs.");
        if (exact % step != 0) return Fail(column, $"'{this[column]}' cannot be charged: {currency} goes in steps of {new Money(step, currency).ToPlainText()}.");
        minor = exact;
        return true;
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>. False, and reported, when it is none; null when the cell is empty.</summary>
    public bool TryCount(string column, int max, out int? count, int min = 0)
    {
        count = null;
        if (!Has(column)) return true;
        if (Whole(column) is not { } number || number < min || number > max) return Fail(column, $"'{this[column]}' is not a whole number from {min} to {max}.");
        count = (int)number;
        return true;
    }

    /// <summary>A weight in whole grams, rounded where it has decimals, as Shopify's has where it was entered in ounces or pounds.</summary>
    public bool TryGrams(string column, int max, out int? grams)
    {
        grams = null;
        if (!Has(column)) return true;
        if (!decimal.TryParse(this[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) || weight > max) return Fail(column, $"'{this[column]}' is no number of grams from 0 to {max}.");
        grams = (int)Math.Round(weight, MidpointRounding.AwayFromZero);
        return true;
    }

    /// <summary>Units on a shelf. Shopify counts on below 0 what it sells beyond its stock; that is taken for 0 units, and reported.</summary>
    public bool TryUnits(string column, out int? units)
    {
        if (Whole(column) is not < 0) return TryCount(column, StockItem.MaxOnHand, out units);
        Refuse(column, $"'{this[column]}' is taken for 0 units: what is owed to orders is no count of a shelf.");
        units = 0;
        return true;
    }

    /// <summary>One of the words in lower case, however it is written. False, and reported, when it is another one; null when the cell is empty.</summary>
    public bool TryWord(string column, string[] words, out string? word)
    {
        word = Array.Find(words, w => w.Equals(this[column], StringComparison.OrdinalIgnoreCase));
        return word is not null || !Has(column) || Fail(column, $"'{this[column]}' is none of {string.Join(", ", words)}.");
    }

    /// <summary>A moment, in UTC where it names no offset. False, and reported, when it is none; null when the cell is empty.</summary>
    public bool TryMoment(string column, out DateTimeOffset? moment)
    {
        moment = null;
        if (!Has(column)) return true;
        if (!DateTimeOffset.TryParseExact(this[column], Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            return Fail(column, $"'{this[column]}' is no moment such as 2026-12-24T10:00:00+01:00.");
        moment = at;
        return true;
    }

    private decimal? Whole(string column) =>
        decimal.TryParse(this[column], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) ? number : null;

    private bool Fail(string column, string reason)
    {
        Refuse(column, reason);
        return false;
    }
}
