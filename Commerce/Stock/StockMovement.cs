using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Stock;

public enum MovementKind
{
    Received,
    Adjusted,
    Reserved,
    Released,
    Sold,

    /// <summary>Sold units that are back on the shelf.</summary>
    Returned,

    /// <summary>From one location to another: two lines that cancel out.</summary>
    Transferred,
}

/// <summary>
/// A line of the append-only stock ledger: the database refuses to change or delete one. Summed over a stock item,
/// <see cref="OnHandChange"/> is its on-hand figure and <see cref="ReservedChange"/> its reserved one.
/// </summary>
public sealed class StockMovement
{
    public long Id { get; init; }
    public required Guid StockItemId { get; init; }
    public required MovementKind Kind { get; init; }
    public required int OnHandChange { get; init; }
    public required int ReservedChange { get; init; }
    public Guid? OrderId { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class StockMovementMapping : IEntityTypeConfiguration<StockMovement>
{
    public void Configure(EntityTypeBuilder<StockMovement> builder)
    {
        builder.ToTable("stock_movements");
        builder.HasKey(m => new { m.StockItemId, m.Id });
        builder.Property(m => m.Id).UseIdentityAlwaysColumn();
        builder.Property(m => m.Kind).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(m => m.OrderId);
        builder.HasOne<StockItem>().WithMany().HasForeignKey(m => m.StockItemId).OnDelete(DeleteBehavior.Restrict);
    }
}
