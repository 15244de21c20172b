using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Payments;

/// <summary>What moved. An authorisation and its end move no money; their amount is zero.</summary>
public enum PaymentMovementKind
{
    Authorised,
    Voided,
    Captured,
    Refunded,

    /// <summary>A refund that had gone came back.</summary>
    RefundReturned,

    DisputeWithdrawn,
    DisputeReinstated,
}

/// <summary>
/// A line of the append-only payment ledger: the database refuses to change or delete one, and takes each movement of a Stripe object once.
/// Summed over an order it is the money the shop has for it, which is what reconciliation holds against Stripe.
/// </summary>
public sealed class PaymentMovement
{
    public long Id { get; init; }
    public required Guid OrderId { get; init; }
    public required PaymentMovementKind Kind { get; init; }

    /// <summary>Minor units; negative when money left.</summary>
    public required long AmountMinor { get; init; }

    /// <summary>The object at Stripe that says so: <c>pi_…</c>, <c>re_…</c>, <c>du_…</c>.</summary>
    public required string StripeId { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class PaymentMovementMapping : IEntityTypeConfiguration<PaymentMovement>
{
    public void Configure(EntityTypeBuilder<PaymentMovement> builder)
    {
        builder.ToTable("payment_movements");
        builder.Property(m => m.Id).UseIdentityAlwaysColumn();
        builder.Property(m => m.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(m => m.StripeId).HasMaxLength(255);
        builder.HasIndex(m => new { m.StripeId, m.Kind }).IsUnique();
        builder.HasIndex(m => m.OrderId);
        builder.HasOne<Orders.Order>().WithMany().HasForeignKey(m => m.OrderId).OnDelete(DeleteBehavior.Restrict);
    }
}
