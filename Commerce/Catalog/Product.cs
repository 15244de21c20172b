using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

/// <summary>Something the shop sells, in one or more variants. The slug is the handle of Shopify's CSV and the address of its page.</summary>
public sealed class Product
{
    /// <summary>
    /// The collation by which titles are sorted: as readers of most languages expect, accents beside their letters and capitals aside. Deterministic, so that only equal
    /// titles are equal. The list's order, its cursor's comparison and the index must name the same one.
    /// </summary>
    public const string TitleOrder = "und-x-icu";

    public required Guid Id { get; init; }
    public required string Slug { get; set; }
    public required string Title { get; set; }
    public string DescriptionHtml { get; set; } = "";
    public string Vendor { get; set; } = "";
    public string ProductType { get; set; } = "";
    public List<string> Tags { get; set; } = [];
    public List<string> OptionNames { get; set; } = [];
    public string? SeoTitle { get; set; }
    public string? SeoDescription { get; set; }

    /// <summary>From when shoppers see it; null for a draft and for what is archived. May lie in the future.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Taken out of the shop for good, but kept for the orders that name it.</summary>
    public DateTimeOffset? ArchivedAt { get; internal set; }

    /// <summary>Where the shop wants it in a list sorted by "featured"; low comes first.</summary>
    public int FeaturedRank { get; set; }

    /// <summary>Raised by every edit: two people editing at once notice it (ETag).</summary>
    public int Version { get; private set; } = 1;

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    public List<Variant> Variants { get; init; } = [];
    public List<ProductImage> Images { get; init; } = [];
    public List<ProductAttribute> Attributes { get; init; } = [];
    public List<CollectionProduct> Collections { get; init; } = [];

    /// <summary>What lists show and sort by, one row per currency, kept by <see cref="Reprice"/>.</summary>
    public List<ListPrice> ListPrices { get; init; } = [];

    /// <summary>Where another variant stands: behind the others. Withdrawn ones are not counted, though they keep their places.</summary>
    internal int NextPosition => Variants.Select(v => v.Position).DefaultIfEmpty().Max() + 1;

    public void Publish(DateTimeOffset at) => (PublishedAt, ArchivedAt) = (at, null);

    public void Unpublish() => (PublishedAt, ArchivedAt) = (null, null);

    public void Archive(DateTimeOffset now) => (PublishedAt, ArchivedAt) = (null, ArchivedAt ?? now);

    /// <summary>Marks an edit of the product or of anything that belongs to it.</summary>
    public void Touch(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }

    /// <summary>Brings the list prices in line with the variants; called after any of them changed.</summary>
    public void Reprice()
    {
        // By place: of several that cost the least the first is shown, in whatever order they were read.
        var byCurrency = Variants.OrderBy(v => v.Position).SelectMany(v => v.Prices).ToLookup(p => p.Currency);
        ListPrices.RemoveAll(l => !byCurrency.Contains(l.Currency));
        foreach (var prices in byCurrency)
        {
            var list = ListPrices.Find(l => l.Currency == prices.Key);
            if (list is null) ListPrices.Add(list = new ListPrice { ProductId = Id, Currency = prices.Key });
            var cheapest = prices.MinBy(p => p.AmountMinor)!;
            (list.FromMinor, list.ToMinor) = (cheapest.AmountMinor, prices.Max(p => p.AmountMinor));
            list.CompareAtFromMinor = cheapest.CompareAtMinor > cheapest.AmountMinor ? cheapest.CompareAtMinor : null;
        }
    }
}

/// <summary>Lowest, highest and struck-through price of a product's variants in one currency, in minor units, so that lists sort by an index.</summary>
public sealed class ListPrice
{
    public required Guid ProductId { get; init; }
    public required string Currency { get; init; }
    public long FromMinor { get; internal set; }
    public long ToMinor { get; internal set; }
    public long? CompareAtFromMinor { get; internal set; }
}

/// <summary>A picture of a product; the master lies in the media store under its hash.</summary>
public sealed class ProductImage
{
    public required Guid Id { get; init; }
    public Guid ProductId { get; init; }
    public required int Position { get; set; }

    /// <summary>SHA-256 of the master file, 64 lower-case hex digits.</summary>
    public required string Hash { get; set; }

    public required string Alt { get; set; }
    public required int Width { get; set; }
    public required int Height { get; set; }

    /// <summary>What the import file called it, so that a second import finds it again without another download.</summary>
    public required string Source { get; set; }
}

internal sealed class ProductMapping : IEntityTypeConfiguration<Product>, IEntityTypeConfiguration<ProductImage>, IEntityTypeConfiguration<ListPrice>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("products");
        builder.Property(p => p.Slug).HasMaxLength(Catalog.Slug.MaxLength);
        builder.Property(p => p.Title).HasMaxLength(CatalogLimits.Title);
        builder.HasIndex(p => p.Slug).IsUnique();
        builder.HasIndex(p => new { p.FeaturedRank, p.Id });
        builder.HasIndex(p => new { p.Title, p.Id }).UseCollation(Product.TitleOrder);
        builder.HasIndex(p => new { p.PublishedAt, p.Id });
        builder.HasIndex(p => p.ProductType);
        builder.HasIndex(p => p.Vendor);
        builder.HasIndex(p => p.Tags).HasMethod("gin");
        builder.Property(p => p.Version).IsConcurrencyToken();
        builder.HasMany(p => p.Variants).WithOne(v => v.Product).HasForeignKey(v => v.ProductId);
        builder.HasMany(p => p.Images).WithOne().HasForeignKey(i => i.ProductId);
        builder.HasMany(p => p.Attributes).WithOne().HasForeignKey(a => a.ProductId);
        builder.HasMany(p => p.ListPrices).WithOne().HasForeignKey(l => l.ProductId);
        builder.Property(p => p.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<ProductImage> builder)
    {
        builder.ToTable("product_images");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Hash).HasMaxLength(64);
        builder.HasIndex(i => new { i.ProductId, i.Position });
    }

    public void Configure(EntityTypeBuilder<ListPrice> builder)
    {
        builder.ToTable("list_prices");
        builder.HasKey(l => new { l.ProductId, l.Currency });
        builder.Property(l => l.Currency).HasMaxLength(3);
        builder.HasIndex(l => new { l.Currency, l.FromMinor, l.ProductId });
    }
}
