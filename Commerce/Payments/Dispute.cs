using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Payments;

/// <summary>Where the disputed money is.</summary>
public enum DisputeFunds
{
    /// <summary>An inquiry: the bank asks, nothing was taken.</summary>
    NotTaken,

    /// <summary>Stripe took the amount from the shop until it is decided, or for good but for a part.</summary>
    Withdrawn,

    /// <summary>The shop won and has it again.</summary>
    Reinstated,
}

/// <summary>A shopper's bank asks for the money back (a chargeback). It is fought at Stripe; here it is seen, and counted in the ledger.</summary>
public sealed class Dispute
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid OrderId { get; init; }

    /// <summary>Such as <c>du_…</c>.</summary>
    public required string StripeDisputeId { get; init; }

    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }

    /// <summary>The shopper's reason in Stripe's words: <c>fraudulent</c>, <c>product_not_received</c>, …</summary>
    public required string Reason { get; init; }

    /// <summary>Stripe's status: <c>needs_response</c>, <c>under_review</c>, <c>won</c>, <c>lost</c>, <c>warning_…</c>.</summary>
    public required string Status { get; set; }

    public DisputeFunds Funds { get; internal set; }

    /// <summary>Minor units that came back: all of them when the shop has won, a part when a part of them had been refunded before.</summary>
    public long BackMinor { get; internal set; }

    /// <summary>Minor units that the shop does not have because of it.</summary>
    public long AwayMinor => Funds == DisputeFunds.NotTaken ? 0 : AmountMinor - BackMinor;

    /// <summary>Until when evidence can be handed in.</summary>
    public DateTimeOffset? EvidenceDueBy { get; internal set; }

    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; internal set; }

    /// <summary>Nothing more will happen to it.</summary>
    public static bool IsFinal(string status) => status is "won" or "lost" or "warning_closed" or "prevented";
}

internal sealed class DisputeMapping : IEntityTypeConfiguration<Dispute>
{
    public void Configure(EntityTypeBuilder<Dispute> builder)
    {
        builder.ToTable("disputes");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.StripeDisputeId).HasMaxLength(255);
        builder.Property(d => d.Currency).HasMaxLength(3);
        builder.Property(d => d.Reason).HasMaxLength(60);
        builder.Property(d => d.Status).HasMaxLength(40);
        builder.Property(d => d.Funds).HasConversion<string>().HasMaxLength(16);
        builder.Ignore(d => d.AwayMinor);
        builder.HasIndex(d => d.StripeDisputeId).IsUnique();
        builder.HasIndex(d => d.OrderId);
    }
}
