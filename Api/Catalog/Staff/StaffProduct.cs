using System.ComponentModel.DataAnnotations;
using Api.Document;
using Commerce.Catalog;
using Commerce.Pricing;

namespace Api.Catalog.Staff;

/// <summary>A product as staff see it, whatever its state.</summary>
public sealed record StaffProduct(
    Guid Id, string Slug, string Title, string DescriptionHtml, string Vendor, string ProductType, IReadOnlyList<string> Tags, IReadOnlyList<string> OptionNames,
    string? SeoTitle, string? SeoDescription, DateTimeOffset? PublishedAt, DateTimeOffset? ArchivedAt, int Version,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes, IReadOnlyList<StaffVariant> Variants, IReadOnlyList<StaffPicture> Pictures)
{
    internal static StaffProduct Of(Product p) => new(
        p.Id, p.Slug, p.Title, p.DescriptionHtml, p.Vendor, p.ProductType, p.Tags, p.OptionNames, p.SeoTitle, p.SeoDescription, p.PublishedAt, p.ArchivedAt, p.Version,
        p.Attributes.OrderBy(a => a.Position).GroupBy(a => a.Key).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(a => a.Value)]),
        [.. p.Variants.OrderBy(v => v.Position).Select(v => new StaffVariant(v.Id, v.Sku, v.Barcode, v.WeightGrams, v.Options,
            [.. v.Prices.OrderBy(x => x.Currency).Select(x => new StaffPrice { Currency = x.Currency, AmountMinor = x.AmountMinor, CompareAtMinor = x.CompareAtMinor })],
            new StaffTerms(v.MinQuantity, v.MaxQuantity, v.QuantityStep, v.LowStockThreshold, v.AllowsBackorder, v.TaxClass), v.ImageId))],
        [.. p.Images.OrderBy(i => i.Position).Select(i => new StaffPicture(i.Id, i.Hash, i.Alt, i.Position))]);
}

/// <summary>A variant with all its prices and how it is sold. PictureId names one of the product's pictures; null: it shows the first.</summary>
public sealed record StaffVariant(
    Guid Id, string? Sku, string? Barcode, int WeightGrams, IReadOnlyList<string> Options, IReadOnlyList<StaffPrice> Prices, StaffTerms Terms, Guid? PictureId);

/// <summary>How a variant is sold; null is the shop's own number.</summary>
public sealed record StaffTerms(int MinQuantity, int? MaxQuantity, int QuantityStep, int? LowStockThreshold, bool AllowsBackorder, string TaxClass);

/// <summary>A picture in the gallery.</summary>
public sealed record StaffPicture(Guid Id, string Hash, string Alt, int Position);

/// <summary>A price in one currency, in minor units; with VAT or without, as the shop policy says.</summary>
public sealed record StaffPrice
{
    private const double Most = SellableCurrencies.MaxPrice;

    [Matches("[A-Z]{3}")]
    public required string Currency { get; init; }

    [Range(0, Most)]
    public required long AmountMinor { get; init; }

    [Range(0, Most)]
    public long? CompareAtMinor { get; init; }
}

/// <summary>What staff write about a product; what is left out is emptied.</summary>
public sealed record ProductRequest
{
    [Required, StringLength(CatalogLimits.Title, MinimumLength = 1)]
    public required string Title { get; init; }

    [Required, StringLength(Commerce.Catalog.Slug.MaxLength, MinimumLength = 1)]
    public required string Slug { get; init; }

    [StringLength(CatalogLimits.Description)]
    public string DescriptionHtml { get; init; } = "";

    [StringLength(CatalogLimits.Name)]
    public string Vendor { get; init; } = "";

    [StringLength(CatalogLimits.Name)]
    public string ProductType { get; init; } = "";

    [MaxLength(CatalogLimits.Tags), EachStringLength(CatalogLimits.Name)]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A variant has one value for each. Said when the product is made, none if left out; later they are changed at <c>/options</c>, and others here are refused.</summary>
    [MaxLength(3), EachStringLength(CatalogLimits.Name)]
    public IReadOnlyList<string>? OptionNames { get; init; }

    [StringLength(CatalogLimits.SeoTitle)]
    public string? SeoTitle { get; init; }

    [StringLength(CatalogLimits.SeoDescription)]
    public string? SeoDescription { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    internal ProductText Text() => new(Title, Slug, DescriptionHtml, Vendor, ProductType, Tags, SeoTitle is "" ? null : SeoTitle, SeoDescription is "" ? null : SeoDescription, Attributes);
}

/// <summary>What staff write about a variant; what is left out is emptied.</summary>
public sealed record VariantRequest
{
    [StringLength(CatalogLimits.Sku, MinimumLength = 1)]
    public string? Sku { get; init; }

    [StringLength(CatalogLimits.Barcode)]
    public string? Barcode { get; init; }

    [Range(0, CatalogLimits.WeightGrams)]
    public int WeightGrams { get; init; }

    [MaxLength(3), EachStringLength(CatalogLimits.Name)]
    public IReadOnlyList<string> Options { get; init; } = [];

    [Required, MinLength(1), MaxLength(50)]
    public required IReadOnlyList<StaffPrice> Prices { get; init; }

    /// <summary>A picture of the product's gallery; null: the product's first.</summary>
    public Guid? PictureId { get; init; }

    internal VariantText Text() => new(Sku, Barcode is "" ? null : Barcode, WeightGrams, Options,
        [.. Prices.Select(p => new Price { VariantId = Guid.Empty, Currency = p.Currency, AmountMinor = p.AmountMinor, CompareAtMinor = p.CompareAtMinor })],
        PictureId);
}
