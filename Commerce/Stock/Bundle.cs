using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Stock;

/// <summary>
/// One thing inside a bundle: a variant that has components owns no stock, each unit of it takes <see cref="Quantity"/> of every component's.
/// A component is never a bundle itself; the database refuses it.
/// </summary>
public sealed class BundleComponent
{
    public const int MaxComponents = 20;
    public const int MaxQuantity = 1000;

    /// <summary>The variant that is sold.</summary>
    public required Guid BundleId { get; init; }

    /// <summary>The variant whose stock is taken.</summary>
    public required Guid ComponentId { get; init; }

    public required int Quantity { get; set; }
}

/// <summary>What can be had of a variant now, over all locations; of a bundle, what its scarcest component allows. A view: always the figures of this moment.</summary>
public sealed class Availability
{
    public Guid VariantId { get; init; }

    /// <summary>On hand less reserved. Negative where backorders are owed.</summary>
    public int Available { get; init; }

    /// <summary>How many may be ordered now: never negative, and <see cref="int.MaxValue"/> where backorders are allowed.</summary>
    public int Orderable { get; init; }
}

internal sealed class BundleMapping : IEntityTypeConfiguration<BundleComponent>, IEntityTypeConfiguration<Availability>
{
    public void Configure(EntityTypeBuilder<BundleComponent> builder)
    {
        builder.ToTable("bundle_components", t =>
        {
            t.HasCheckConstraint("ck_bundle_components_quantity", $"quantity BETWEEN 1 AND {BundleComponent.MaxQuantity}");
            t.HasCheckConstraint("ck_bundle_components_other", "bundle_id <> component_id");
        });
        builder.HasKey(c => new { c.BundleId, c.ComponentId });
        builder.HasOne<Variant>().WithMany().HasForeignKey(c => c.BundleId);
        builder.HasOne<Variant>().WithMany().HasForeignKey(c => c.ComponentId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Availability> builder)
    {
        builder.ToView("variant_availability");
        builder.HasKey(a => a.VariantId);
        builder.HasOne<Variant>().WithOne(v => v.Availability).HasForeignKey<Availability>(a => a.VariantId);
    }
}
