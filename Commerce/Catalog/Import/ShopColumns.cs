namespace Commerce.Catalog.Import;

/// <summary>Columns for what the shop knows and Shopify's format does not. Files without them are read as ever, and Shopify passes over them.</summary>
internal static class ShopColumns
{
    public const string WithoutVariants = "Shop: Without Variants";
    public const string ArchivedAt = "Shop: Archived At";
    public const string CollectionHandle = "Shop: Collection Handle";
    public const string TaxClass = "Shop: Tax Class";
    public const string MinQuantity = "Shop: Min Quantity";
    public const string MaxQuantity = "Shop: Max Quantity";
    public const string QuantityStep = "Shop: Quantity Step";
    public const string LowStock = "Shop: Low Stock At";
    public const string Components = "Shop: Components";

    public static readonly string[] All = [WithoutVariants, ArchivedAt, CollectionHandle, TaxClass, MinQuantity, MaxQuantity, QuantityStep, LowStock, Components];

    /// <summary>Units in a location beside the main one, whose column is Shopify's own.</summary>
    public static string StockName(string location) => $"Shop: Stock / {CsvCell.Wrap(location)}";

    /// <summary>A column without cells: its name says what its attribute is, where that is not a text to filter by.</summary>
    public static string DefinitionName(AttributeDefinition definition) =>
        $"Shop: Attribute {definition.Key} ({definition.Type.ToString().ToLowerInvariant()}, {(definition.Filterable ? "filterable" : "not filterable")})";
}
