namespace Local.Demo.Catalog;

/// <summary>A product of the demo shop, ready to be written. Prices are euro cents with VAT; inks and technique are what one may filter by.</summary>
internal sealed record Product(string Handle, string Title, string Body, string Category, string Type, IReadOnlyList<string> Tags, string Collection,
    IReadOnlyList<string> OptionNames, IReadOnlyList<Variant> Variants, IReadOnlyList<Picture> Images, string SeoTitle, string SeoDescription, string Inks, string Technique);

internal sealed record Variant(IReadOnlyList<string> Options, string Sku, int Grams, int Stock, int PriceMinor, int? CompareAtMinor, string Barcode, string Image);

internal sealed record Picture(string File, string Alt);
