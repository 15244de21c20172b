using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Stock;

public enum ReservationState
{
    /// <summary>Counted in the stock item's reserved figure.</summary>
    Held,

    /// <summary>Paid: the units have left the shop's stock.</summary>
    Consumed,

    /// <summary>Given back.</summary>
    Released,
}

/// <summary>Units of a stock item promised to an order until <see cref="ExpiresAt"/>; the payment provider decides whether they are really given back then.</summary>
public sealed class Reservation
{
    public required Guid Id { get; init; }
    public required Guid OrderId { get; init; }
    public required Guid StockItemId { get; init; }
    public required int Quantity { get; init; }
    public ReservationState State { get; internal set; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class ReservationMapping : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> builder)
    {
        builder.ToTable("reservations", t => t.HasCheckConstraint("ck_reservations_quantity", "quantity > 0"));
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(r => r.OrderId);
        builder.HasIndex(r => r.StockItemId);
        builder.HasOne<Order>().WithMany().HasForeignKey(r => r.OrderId);
        builder.HasOne<StockItem>().WithMany().HasForeignKey(r => r.StockItemId).OnDelete(DeleteBehavior.Restrict);
    }
}
