using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

/// <summary>Something the shop sells, in one or more variants. The slug is the handle of Shopify's CSV and the address of its page.</summary>
public sealed class Product
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }
    public required string Title { get; set; }
    public string DescriptionHtml { get; set; } = "";
    public string Vendor { get; set; } = "";
    public string ProductType { get; set; } = "";
    public List<string> Tags { get; set; } = [];
    public List<string> OptionNames { get; set; } = [];
    public string? SeoTitle { get; set; }
    public string? SeoDescription { get; set; }

    /// <summary>Null while the product is a draft: shoppers do not see it.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Where the shop wants it in a list sorted by "featured"; low comes first.</summary>
    public int FeaturedRank { get; set; }

    /// <summary>Lowest, highest and struck-through price of the variants in the shop's currency, kept by <see cref="Reprice"/> so that lists sort by an index.</summary>
    public long PriceFromMinor { get; private set; }

    public long PriceToMinor { get; private set; }

    public long? CompareAtFromMinor { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    public List<Variant> Variants { get; init; } = [];
    public List<ProductImage> Images { get; init; } = [];
    public List<CollectionProduct> Collections { get; init; } = [];

    /// <summary>Brings the list prices in line with the variants; called after any of them changed.</summary>
    public void Reprice()
    {
        var prices = Variants.SelectMany(v => v.Prices).Where(p => p.Currency == Money.ShopCurrency).ToList();
        if (prices.Count == 0) return;
        PriceFromMinor = prices.Min(p => p.AmountMinor);
        PriceToMinor = prices.Max(p => p.AmountMinor);
        var cheapest = prices.First(p => p.AmountMinor == PriceFromMinor);
        CompareAtFromMinor = cheapest.CompareAtMinor > cheapest.AmountMinor ? cheapest.CompareAtMinor : null;
    }
}

/// <summary>A picture of a product; the master lies in the media store under its hash.</summary>
public sealed class ProductImage
{
    public required Guid Id { get; init; }
    public Guid ProductId { get; init; }
    public required int Position { get; set; }

    /// <summary>SHA-256 of the master file, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    public required string Alt { get; set; }
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>What the import file called it, so that a second import finds it again without another download.</summary>
    public required string Source { get; init; }
}

internal sealed class ProductMapping : IEntityTypeConfiguration<Product>, IEntityTypeConfiguration<ProductImage>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("products");
        builder.Property(p => p.Slug).HasMaxLength(255);
        builder.Property(p => p.Title).HasMaxLength(500);
        builder.HasIndex(p => p.Slug).IsUnique();
        builder.HasIndex(p => new { p.FeaturedRank, p.Id });
        builder.HasIndex(p => new { p.PriceFromMinor, p.Id });
        builder.HasIndex(p => new { p.Title, p.Id });
        builder.HasIndex(p => new { p.PublishedAt, p.Id });
        builder.HasIndex(p => p.ProductType);
        builder.HasMany(p => p.Variants).WithOne(v => v.Product).HasForeignKey(v => v.ProductId);
        builder.HasMany(p => p.Images).WithOne().HasForeignKey(i => i.ProductId);
        builder.Property(p => p.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<ProductImage> builder)
    {
        builder.ToTable("product_images");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Hash).HasMaxLength(64);
        builder.HasIndex(i => new { i.ProductId, i.Position });
    }
}
