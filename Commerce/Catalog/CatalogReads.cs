using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>Single products and collections as shoppers see them. Each is a bounded number of statements, whatever the number of variants.</summary>
public static class CatalogReads
{
    /// <summary>Of more units the exact number is not told. Beside it, stock may be told only by the least that is sold: nobody notes other changes (<c>CatalogChangeTriggers</c>).</summary>
    public const int FewLeft = 5;

    /// <summary>The fact of a refusal that names the slug an old one leads to.</summary>
    public const string MovedTo = "movedTo";

    private delegate Task<ProductRow?> FindRow(ShopDb db, string slug, string currency, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The rows of one product: the most frequent read past the cache.</summary>
    private static readonly CompiledQuery<FindRow> ProductBySlug = new(() => new(EF.CompileAsyncQuery(
        (ShopDb db, string slug, string currency, DateTimeOffset now, CancellationToken _) => db.Products.AsNoTracking().AsSplitQuery().Where(p => p.Slug == slug && p.PublishedAt <= now).Select(p => new ProductRow
        {
            Slug = p.Slug,
            Title = p.Title,
            DescriptionHtml = p.DescriptionHtml,
            Vendor = p.Vendor,
            ProductType = p.ProductType,
            Tags = p.Tags,
            OptionNames = p.OptionNames,
            SeoTitle = p.SeoTitle,
            SeoDescription = p.SeoDescription,
            PricesIncludeTax = db.ShopPolicies.Any(s => s.PricesIncludeTax),
            Collections = p.Collections.OrderBy(c => c.Collection.Position).Select(c => new CollectionLink(c.Collection.Slug, c.Collection.Title)).ToList(),
            Images = p.Images.OrderBy(i => i.Position).Select(i => new ImageView(i.Hash, i.Alt, i.Width, i.Height)).ToList(),
            Attributes = p.Attributes.OrderBy(a => a.Position)
                .Join(db.Set<AttributeDefinition>(), a => a.Key, d => d.Key, (a, d) => new AttributeRow { Key = d.Key, Label = d.Label, Type = d.Type, Value = a.Value }).ToList(),
            Variants = p.Variants.OrderBy(v => v.Position).Select(v => new VariantRow
            {
                Id = v.Id,
                Sku = v.Sku,
                Options = v.Options,
                Barcode = v.Barcode,
                WeightGrams = v.WeightGrams,
                // One price at most, but FirstOrDefault would number the prices of the whole shop.
                PriceMinor = v.Prices.Where(price => price.Currency == currency).Max(price => (long?)price.AmountMinor),
                CompareAtMinor = v.Prices.Where(price => price.Currency == currency).Max(price => price.CompareAtMinor),
                Available = v.Availability!.Orderable,
                IsBundle = db.BundleComponents.Any(c => c.BundleId == v.Id),
                MinQuantity = v.MinQuantity,
                MaxQuantity = v.MaxQuantity,
                QuantityStep = v.QuantityStep,
                Image = v.Image == null ? null : new ImageView(v.Image.Hash, v.Image.Alt, v.Image.Width, v.Image.Height),
            }).ToList(),
        }).FirstOrDefault())));

    public static async Task<Outcome<ProductDetail>> FindProductAsync(this ShopDb db, string slug, DateTimeOffset now, CancellationToken cancellation,
        string currency = Money.ShopCurrency)
    {
        var product = await ProductBySlug.For(db)(db, slug, currency, now, cancellation);
        if (product is null)
            return await db.ProductMovedToAsync(slug, now, cancellation) is { } movedTo
                ? CatalogRefusals.NoProduct(slug) with { Facts = new Dictionary<string, object?> { [MovedTo] = movedTo } }
                : CatalogRefusals.NoProduct(slug);

        var variants = product.Variants.Where(v => v.PriceMinor is not null).ToList();
        if (variants.Count == 0) return new Refusal(CatalogRefusals.ProductNotFound, $"'{slug}' is not sold in {currency}.");
        // What takes no backorders can be had only if it lies there; a bundle may be held up by one component and owed another.
        var late = await db.FindShortAsync([.. variants.Where(v => v.Available == int.MaxValue || (v.IsBundle && v.Available >= v.MinQuantity))
            .Select(v => (v.Id, v.MinQuantity))], cancellation);
        return new ProductDetail(
            product.Slug, product.Title, product.DescriptionHtml, product.Vendor, product.ProductType, product.Tags, product.Collections,
            [.. product.OptionNames.Select((name, i) => new ProductOption(name, [.. variants.Select(v => v.Options.ElementAtOrDefault(i) ?? "").Distinct()]))],
            [.. variants.Select(v => ViewOf(v, currency, late.Contains(v.Id)))],
            product.Images,
            [.. product.Attributes.GroupBy(a => a.Key).Select(g => new AttributeView(g.Key, g.First().Label, g.First().Type, [.. g.Select(a => a.Value)]))],
            new Seo(product.SeoTitle ?? product.Title, product.SeoDescription ?? ""), product.PricesIncludeTax);
    }

    private static VariantView ViewOf(VariantRow v, string currency, bool isBackorder)
    {
        var rule = QuantityRule.Of(v.MinQuantity, v.MaxQuantity, v.QuantityStep);
        return new VariantView(
            v.Id, v.Sku, VariantTitle(v.Options), v.Options, new Money(v.PriceMinor!.Value, currency),
            v.CompareAtMinor > v.PriceMinor ? new Money(v.CompareAtMinor.Value, currency) : null,
            rule.Within(v.Available) > 0, v.Available is > 0 and <= FewLeft ? v.Available : null, v.Image, v.Barcode, v.WeightGrams, rule.Min, rule.Max, rule.Step, isBackorder);
    }

    public static async Task<CollectionList> ListCollectionsAsync(this ShopDb db, DateTimeOffset now, CancellationToken cancellation) =>
        new(await db.Project(db.Collections.AsNoTracking().OrderBy(c => c.Position).ThenBy(c => c.Slug), now).ToListAsync(cancellation));

    public static async Task<Outcome<CollectionView>> FindCollectionAsync(this ShopDb db, string slug, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.Project(db.Collections.AsNoTracking().Where(c => c.Slug == slug), now).FirstOrDefaultAsync(cancellation) is { } collection) return collection;
        return await db.CollectionMovedToAsync(slug, cancellation) is { } movedTo
            ? CatalogRefusals.NoCollection(slug) with { Facts = new Dictionary<string, object?> { [MovedTo] = movedTo } }
            : CatalogRefusals.NoCollection(slug);
    }

    /// <summary>The chosen values joined, as in <c>A3 / Oak frame</c>; empty for a product without options.</summary>
    public static string VariantTitle(IReadOnlyList<string> options) => string.Join(" / ", options);

    /// <summary>
    /// One pass over the members counts those that a list shows (in the shop's own currency) and finds where the first stands, so that its picture is looked for from
    /// there on, collection by collection; asked for as a whole, PostgreSQL would number the pictures of all members of all collections.
    /// </summary>
    private static IQueryable<CollectionView> Project(this ShopDb db, IQueryable<Collection> collections, DateTimeOffset now) => collections
        .LeftJoin(
            collections.Join(db.Set<CollectionProduct>(), c => c.Id, m => m.CollectionId, (c, m) => m)
                .Join(db.Products.Where(p => p.PublishedAt <= now && p.ListPrices.Any(l => l.Currency == Money.ShopCurrency)),
                    m => m.ProductId, p => p.Id, (m, p) => new { m.CollectionId, p.FeaturedRank })
                .GroupBy(m => m.CollectionId, m => m.FeaturedRank).Select(g => new { Id = g.Key, Count = g.Count(), FirstRank = g.Min() }),
            c => c.Id, m => m.Id, (c, m) => new { Collection = c, Count = (int?)m!.Count, FirstRank = (int?)m.FirstRank })
        .Select(c => new
        {
            c.Collection,
            c.Count,
            PictureId = c.Collection.Products.Where(p => p.Product.PublishedAt <= now && p.Product.FeaturedRank >= c.FirstRank
                && p.Product.ListPrices.Any(l => l.Currency == Money.ShopCurrency)).OrderBy(p => p.Product.FeaturedRank).ThenBy(p => p.ProductId)
                .SelectMany(p => p.Product.Images.Where(i => i.Position == 1)).Select(i => (Guid?)i.Id).FirstOrDefault(),
        })
        .LeftJoin(db.Set<ProductImage>(), c => c.PictureId, i => i.Id, (c, i) => new CollectionView(
            c.Collection.Slug, c.Collection.Title, c.Collection.Description, i == null ? null : new ImageView(i.Hash, i.Alt, i.Width, i.Height), c.Count ?? 0,
            new Seo(c.Collection.SeoTitle ?? c.Collection.Title, c.Collection.SeoDescription ?? c.Collection.Description)));

    private sealed class ProductRow
    {
        public required string Slug { get; init; }
        public required string Title { get; init; }
        public required string DescriptionHtml { get; init; }
        public required string Vendor { get; init; }
        public required string ProductType { get; init; }
        public required List<string> Tags { get; init; }
        public required List<string> OptionNames { get; init; }
        public required string? SeoTitle { get; init; }
        public required string? SeoDescription { get; init; }
        public required bool PricesIncludeTax { get; init; }
        public required List<CollectionLink> Collections { get; init; }
        public required List<ImageView> Images { get; init; }
        public required List<AttributeRow> Attributes { get; init; }
        public required List<VariantRow> Variants { get; init; }
    }

    private sealed class AttributeRow
    {
        public required string Key { get; init; }
        public required string Label { get; init; }
        public required AttributeType Type { get; init; }
        public required string Value { get; init; }
    }

    private sealed class VariantRow
    {
        public required Guid Id { get; init; }
        public required string? Sku { get; init; }
        public required List<string> Options { get; init; }
        public required string? Barcode { get; init; }
        public required int WeightGrams { get; init; }
        public required long? PriceMinor { get; init; }
        public required long? CompareAtMinor { get; init; }
        public required int Available { get; init; }
        public required bool IsBundle { get; init; }
        public required int MinQuantity { get; init; }
        public required int? MaxQuantity { get; init; }
        public required int QuantityStep { get; init; }
        public required ImageView? Image { get; init; }
    }
}
