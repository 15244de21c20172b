using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Stock;

/// <summary>A place stock lies in. Orders take from the lowest priority number first.</summary>
public sealed class Location
{
    /// <summary>The location every new shop has.</summary>
    public static readonly Guid MainId = new("01930000-0000-7000-8000-000000000001");

    public const int MaxNameLength = 120;

    public required Guid Id { get; init; }

    /// <summary>One of its kind, capitals aside: columns of a CSV file are told apart the same way.</summary>
    public required string Name { get; set; }

    public int Priority { get; set; }

    /// <summary>Raised by every edit: two people editing at once notice it (ETag).</summary>
    public int Version { get; internal set; } = 1;
}

/// <summary>
/// How many of a variant lie in a location. On hand counts what is there and not sold (<see cref="UnsentUnits"/> are sold and still there), reserved
/// the part promised to orders; available is the difference. A negative on-hand figure is what is owed to paid backorders. The rows are locked in order of id, by nobody but <see cref="StockLedger"/> and the placing of orders.
/// </summary>
public sealed class StockItem
{
    /// <summary>Most units of a variant in one location: more is a slip of the keyboard, and sums stay within an int.</summary>
    public const int MaxOnHand = 100_000_000;

    public required Guid Id { get; init; }
    public required Guid VariantId { get; init; }
    public required Guid LocationId { get; init; }
    public int OnHand { get; internal set; }
    public int Reserved { get; internal set; }

    /// <summary>A copy of the variant's permission, kept by the database, so that a CHECK can hold it: on hand and available may be negative only where this is true.</summary>
    public bool AllowsBackorder { get; private set; }

    /// <summary>The variant has been reported low and has not risen far enough since; the same on all its stock items.</summary>
    public bool IsLow { get; private set; }
}

internal sealed class StockMapping : IEntityTypeConfiguration<Location>, IEntityTypeConfiguration<StockItem>
{
    public void Configure(EntityTypeBuilder<Location> builder)
    {
        builder.ToTable("locations");
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.Name).HasMaxLength(Location.MaxNameLength);
        builder.Property(l => l.Version).HasDefaultValue(1).IsConcurrencyToken();
        builder.HasData(new Location { Id = Location.MainId, Name = "Main warehouse", Priority = 0 });
    }

    public void Configure(EntityTypeBuilder<StockItem> builder)
    {
        builder.ToTable("stock_items", t =>
        {
            t.HasCheckConstraint("ck_stock_items_on_hand", "on_hand >= 0 OR allows_backorder");
            t.HasCheckConstraint("ck_stock_items_reserved", "reserved >= 0 AND (reserved <= on_hand OR allows_backorder)");
        });
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => new { s.VariantId, s.LocationId }).IsUnique();
        builder.Property(s => s.AllowsBackorder).HasDefaultValue(false);
        builder.HasOne<Location>().WithMany().HasForeignKey(s => s.LocationId).OnDelete(DeleteBehavior.Restrict);
    }
}
