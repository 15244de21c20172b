namespace Commerce.Catalog;

/// <summary>A picture: shown as <c>/media/{hash}/{width}.{avif|webp|jpg}</c>. Width and height are those of the master, in pixels.</summary>
public sealed record ImageView(string Hash, string Alt, int Width, int Height);

/// <summary>A product in a list; available says whether any variant is, in the least that is sold of it.</summary>
public sealed record ProductCard(
    string Slug, string Title, string ProductType, ImageView? Image, ImageView? HoverImage, Money PriceFrom, bool PriceVaries, Money? CompareAtFrom, bool Available);

/// <summary>One page of a list; <see cref="NextCursor"/> is null on the last.</summary>
public sealed record ProductPage(IReadOnlyList<ProductCard> Items, string? NextCursor);

/// <summary>Everything a product page shows. Prices hold VAT exactly if pricesIncludeTax; else it is added at the checkout.</summary>
public sealed record ProductDetail(
    string Slug, string Title, string DescriptionHtml, string Vendor, string ProductType, IReadOnlyList<string> Tags,
    IReadOnlyList<CollectionLink> Collections, IReadOnlyList<ProductOption> Options, IReadOnlyList<VariantView> Variants,
    IReadOnlyList<ImageView> Images, IReadOnlyList<AttributeView> Attributes, Seo Seo, bool PricesIncludeTax);

public sealed record CollectionLink(string Slug, string Title);

/// <summary>An option and the values its variants have, in order of first use.</summary>
public sealed record ProductOption(string Name, IReadOnlyList<string> Values);

/// <summary>A fact about a product: the label for people, the key for filters, and one value or several.</summary>
public sealed record AttributeView(string Key, string Label, AttributeType Type, IReadOnlyList<string> Values);

/// <summary>
/// A variant; options are in the order of the product's options. It is sold from minQuantity to maxQuantity at once, in steps of quantityStep, whatever there is; available
/// says whether minQuantity can be had. StockLeft is only told when few are left. A backorder is sold although minQuantity does not lie there: it is sent later.
/// </summary>
public sealed record VariantView(
    Guid Id, string? Sku, string Title, IReadOnlyList<string> Options, Money Price, Money? CompareAt, bool Available, int? StockLeft, ImageView? Image,
    string? Barcode, int WeightGrams, int MinQuantity, int MaxQuantity, int QuantityStep, bool Backorder);

public sealed record Seo(string Title, string Description);

/// <summary>A collection; its picture is that of its first product.</summary>
public sealed record CollectionView(string Slug, string Title, string Description, ImageView? Image, int ProductCount, Seo Seo);

public sealed record CollectionList(IReadOnlyList<CollectionView> Items);

/// <summary>What the products that match a filter have in common, so that one may narrow it down. Each facet counts as if nothing were chosen in itself.</summary>
public sealed record FacetList(int ProductCount, int AvailableCount, Money? PriceFrom, Money? PriceTo, IReadOnlyList<Facet> Items);

/// <summary>Kind is type, vendor, tag, option or attribute; name is the option's name or the attribute's key, and empty for the others.</summary>
public sealed record Facet(string Kind, string Name, string Label, IReadOnlyList<FacetValue> Values);

public sealed record FacetValue(string Value, int Count);
