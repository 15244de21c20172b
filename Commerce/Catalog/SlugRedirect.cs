using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

public enum SlugOwner
{
    Product,
    Collection,
}

/// <summary>A slug that something had before it was renamed: its old address leads to the new one, however often it moves.</summary>
public sealed class SlugRedirect
{
    public required SlugOwner Owner { get; init; }
    public required string Slug { get; init; }
    public required Guid TargetId { get; set; }
}

/// <summary>Renaming without dead links.</summary>
public static class Redirects
{
    /// <summary>Leaves the old slug as a redirect. The new slug may have been one itself: what lives there now wins.</summary>
    public static async Task<Refusal?> RenameAsync(this ShopDb db, Product product, string slug, CancellationToken cancellation)
    {
        if (product.Slug == slug) return null;
        if (await db.Products.AnyAsync(p => p.Slug == slug, cancellation)) return CatalogRefusals.Taken(slug);
        await db.LeaveRedirectAsync(SlugOwner.Product, product.Slug, slug, product.Id, cancellation);
        product.Slug = slug;
        return null;
    }

    public static async Task<Refusal?> RenameAsync(this ShopDb db, Collection collection, string slug, CancellationToken cancellation)
    {
        if (collection.Slug == slug) return null;
        if (await db.Collections.AnyAsync(c => c.Slug == slug, cancellation)) return CatalogRefusals.Taken(slug);
        await db.LeaveRedirectAsync(SlugOwner.Collection, collection.Slug, slug, collection.Id, cancellation);
        collection.Slug = slug;
        return null;
    }

    /// <summary>Where a product's old slug leads; null when it leads nowhere a shopper may go.</summary>
    internal static Task<string?> ProductMovedToAsync(this ShopDb db, string slug, DateTimeOffset now, CancellationToken cancellation) =>
        db.Set<SlugRedirect>().Where(r => r.Owner == SlugOwner.Product && r.Slug == slug)
            .Join(db.Products.Where(p => p.PublishedAt <= now), r => r.TargetId, p => p.Id, (_, p) => p.Slug).FirstOrDefaultAsync(cancellation)!;

    internal static Task<string?> CollectionMovedToAsync(this ShopDb db, string slug, CancellationToken cancellation) =>
        db.Set<SlugRedirect>().Where(r => r.Owner == SlugOwner.Collection && r.Slug == slug)
            .Join(db.Collections, r => r.TargetId, c => c.Id, (_, c) => c.Slug).FirstOrDefaultAsync(cancellation)!;

    private static async Task LeaveRedirectAsync(this ShopDb db, SlugOwner owner, string old, string taken, Guid targetId, CancellationToken cancellation)
    {
        var redirects = await db.Set<SlugRedirect>().Where(r => r.Owner == owner && (r.Slug == old || r.Slug == taken)).ToListAsync(cancellation);
        db.RemoveRange(redirects.Where(r => r.Slug == taken));
        if (redirects.Find(r => r.Slug == old) is { } known) known.TargetId = targetId;
        else db.Add(new SlugRedirect { Owner = owner, Slug = old, TargetId = targetId });
    }
}

internal sealed class SlugRedirectMapping : IEntityTypeConfiguration<SlugRedirect>
{
    public void Configure(EntityTypeBuilder<SlugRedirect> builder)
    {
        builder.ToTable("slug_redirects");
        builder.HasKey(r => new { r.Owner, r.Slug });
        builder.Property(r => r.Owner).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Slug).HasMaxLength(Slug.MaxLength);
        builder.HasIndex(r => r.TargetId);
    }
}
