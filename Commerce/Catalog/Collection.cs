using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

/// <summary>A named set of products with a page of its own.</summary>
public sealed class Collection
{
    public required Guid Id { get; init; }
    public required string Slug { get; set; }
    public required string Title { get; set; }
    public string Description { get; set; } = "";
    public string? SeoTitle { get; set; }
    public string? SeoDescription { get; set; }
    public int Position { get; set; }

    /// <summary>Conditions that choose the products; none for a collection that is put together by hand.</summary>
    public List<CollectionRule> Rules { get; init; } = [];

    /// <summary>Whether a product must meet every condition, or any of them.</summary>
    public bool MatchAll { get; set; } = true;

    /// <summary>Raised by every edit: two people editing at once notice it (ETag).</summary>
    public int Version { get; private set; } = 1;

    public List<CollectionProduct> Products { get; init; } = [];

    public void Touch() => Version++;
}

public enum RuleField
{
    Tag,
    Type,
    Vendor,
    Title,

    /// <summary>Lowest price in the shop's currency, in minor units.</summary>
    Price,
}

public enum RuleRelation
{
    Equals,
    NotEquals,
    Contains,
    StartsWith,
    Less,
    Greater,
}

/// <summary>One condition of a collection by rule, such as <c>tag equals sea</c> or <c>price less 5000</c>. Texts are compared without regard to case.</summary>
public sealed class CollectionRule
{
    public required Guid CollectionId { get; init; }
    public required int Position { get; init; }
    public required RuleField Field { get; init; }
    public required RuleRelation Relation { get; init; }
    public required string Value { get; init; }

    /// <summary>Prices are compared as numbers, tags as whole words, the other fields as texts.</summary>
    public static bool IsPossible(RuleField field, RuleRelation relation, string value) => field switch
    {
        RuleField.Price => relation is RuleRelation.Equals or RuleRelation.NotEquals or RuleRelation.Less or RuleRelation.Greater && long.TryParse(value, out var minor) && minor >= 0,
        RuleField.Tag => relation is RuleRelation.Equals or RuleRelation.NotEquals && value != "",
        _ => relation is RuleRelation.Equals or RuleRelation.NotEquals or RuleRelation.Contains or RuleRelation.StartsWith && value != "",
    };
}

public sealed class CollectionProduct
{
    public Guid CollectionId { get; init; }
    public Guid ProductId { get; init; }
    public Collection Collection { get; init; } = null!;
    public Product Product { get; init; } = null!;
}

internal sealed class CollectionMapping : IEntityTypeConfiguration<Collection>, IEntityTypeConfiguration<CollectionProduct>, IEntityTypeConfiguration<CollectionRule>
{
    public void Configure(EntityTypeBuilder<Collection> builder)
    {
        builder.ToTable("collections");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Slug).HasMaxLength(255);
        builder.HasIndex(c => c.Slug).IsUnique();
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.HasMany(c => c.Rules).WithOne().HasForeignKey(r => r.CollectionId);
    }

    public void Configure(EntityTypeBuilder<CollectionRule> builder)
    {
        builder.ToTable("collection_rules");
        builder.HasKey(r => new { r.CollectionId, r.Position });
        builder.Property(r => r.Field).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Relation).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Value).HasMaxLength(255);
    }

    public void Configure(EntityTypeBuilder<CollectionProduct> builder)
    {
        builder.ToTable("collection_products");
        builder.HasKey(cp => new { cp.CollectionId, cp.ProductId });
        builder.HasOne(cp => cp.Collection).WithMany(c => c.Products).HasForeignKey(cp => cp.CollectionId);
        builder.HasOne(cp => cp.Product).WithMany(p => p.Collections).HasForeignKey(cp => cp.ProductId);
    }
}
