using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Catalog;
using Microsoft.AspNetCore.Mvc;

namespace Api.Catalog;

/// <summary>The filter of a list as an address carries it: parameters may repeat, values of one facet are alternatives.</summary>
public sealed class ListFilter
{
    private const double MaxPriceMinor = 1e12;
    private const int MaxTextLength = AttributeDefinition.MaxKeyLength + 1 + ProductAttribute.MaxValueLength;

    [FromQuery(Name = "collection"), StringLength(255), Description("Slug of a collection.")]
    public string? Collection { get; init; }

    [FromQuery(Name = "type"), MaxLength(ProductFilter.MaxValues), Description("Product types; any of them.")]
    public string[]? Type { get; init; }

    [FromQuery(Name = "vendor"), MaxLength(ProductFilter.MaxValues), Description("Vendors; any of them.")]
    public string[]? Vendor { get; init; }

    [FromQuery(Name = "tag"), MaxLength(ProductFilter.MaxValues), Description("Tags; any of them.")]
    public string[]? Tag { get; init; }

    [FromQuery(Name = "option"), MaxLength(ProductFilter.MaxValues), Description("Options as name:value, such as Size:A4. Values of one name are alternatives. Either may hold colons.")]
    public string[]? Option { get; init; }

    [FromQuery(Name = "attribute"), MaxLength(ProductFilter.MaxValues), Description("Attributes as key:value, such as custom.paper:Cotton, or custom.height:10..20 for numbers.")]
    public string[]? Attribute { get; init; }

    [FromQuery(Name = "priceMin"), Range(0, MaxPriceMinor), Description("Least price in minor units.")]
    public long? PriceMin { get; init; }

    [FromQuery(Name = "priceMax"), Range(0, MaxPriceMinor), Description("Highest price in minor units.")]
    public long? PriceMax { get; init; }

    [FromQuery(Name = "available"), Description("true: only what can be bought now; false: only what cannot.")]
    public bool? Available { get; init; }

    [FromQuery(Name = "currency"), Matches("[A-Z]{3}"), Description("Currency of the prices; products without a price in it are not listed.")]
    public string? Currency { get; init; }

    /// <summary>What the address means, or why it means nothing.</summary>
    public Outcome<ProductFilter> Read()
    {
        var all = new[] { Type, Vendor, Tag, Option, Attribute }.SelectMany(values => values ?? []).ToList();
        if (all.Count > ProductFilter.MaxValues) return Refuse($"A filter names at most {ProductFilter.MaxValues} values.");
        if (all.Exists(v => v.Length is 0 or > MaxTextLength || v.Contains('\0'))) return Refuse("A value of the filter is empty or too long.");
        var texts = (Option ?? []).Where(text => ProductFilter.Splits(text).Count() > 1).ToList();
        if (Pairs(Option?.Except(texts)) is not { } options || Pairs(Attribute) is not { } attributes) return Refuse("Options and attributes are written name:value.");
        return new ProductFilter
        {
            Currency = Currency ?? Money.ShopCurrency,
            Collection = Collection,
            Types = Type ?? [],
            Vendors = Vendor ?? [],
            Tags = Tag ?? [],
            Options = options,
            OptionTexts = texts,
            Attributes = attributes,
            PriceMin = PriceMin,
            PriceMax = PriceMax,
            Available = Available,
        };
    }

    private static Refusal Refuse(string why) => new(CatalogRefusals.FilterInvalid, why);

    // Size:A4   Size:A3   Frame:Oak   ->   Size: [A4, A3], Frame: [Oak]
    private static Dictionary<string, IReadOnlyList<string>>? Pairs(IEnumerable<string>? texts)
    {
        var pairs = (texts ?? []).Select(text => ProductFilter.Splits(text).FirstOrDefault()).ToList();
        return pairs.Exists(p => p.Name is null) ? null : pairs.GroupBy(p => p.Name).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(p => p.Value)]);
    }
}
