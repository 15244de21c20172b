using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

/// <summary>A named set of products with a page of its own.</summary>
public sealed class Collection
{
    public required Guid Id { get; init; }
    public required string Slug { get; init; }
    public required string Title { get; set; }
    public string Description { get; set; } = "";
    public int Position { get; set; }
    public List<CollectionProduct> Products { get; init; } = [];
}

public sealed class CollectionProduct
{
    public Guid CollectionId { get; init; }
    public Guid ProductId { get; init; }
    public Collection Collection { get; init; } = null!;
    public Product Product { get; init; } = null!;
}

internal sealed class CollectionMapping : IEntityTypeConfiguration<Collection>, IEntityTypeConfiguration<CollectionProduct>
{
    public void Configure(EntityTypeBuilder<Collection> builder)
    {
        builder.ToTable("collections");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Slug).HasMaxLength(255);
        builder.HasIndex(c => c.Slug).IsUnique();
    }

    public void Configure(EntityTypeBuilder<CollectionProduct> builder)
    {
        builder.ToTable("collection_products");
        builder.HasKey(cp => new { cp.CollectionId, cp.ProductId });
        builder.HasOne(cp => cp.Collection).WithMany(c => c.Products).HasForeignKey(cp => cp.CollectionId);
        builder.HasOne(cp => cp.Product).WithMany(p => p.Collections).HasForeignKey(cp => cp.ProductId);
    }
}
