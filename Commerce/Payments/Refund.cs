using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Payments;

/// <summary>How far a refund is. Only ever forwards.</summary>
public enum RefundStatus
{
    /// <summary>Decided here; a job asks Stripe for it.</summary>
    Requested,

    /// <summary>Stripe has taken it and waits for the bank.</summary>
    Pending,

    Succeeded,

    /// <summary>Stripe or the bank said no: the money is still, or again, with the shop.</summary>
    Failed,
}

/// <summary>Why money goes back.</summary>
public enum RefundCause
{
    /// <summary>Staff decided.</summary>
    Staff,

    /// <summary>A paid order, or what was not sent of it, was cancelled.</summary>
    Cancellation,

    /// <summary>Money came for an order that could no longer be had.</summary>
    LatePayment,

    /// <summary>Somebody refunded at Stripe, past the shop.</summary>
    Stripe,
}

/// <summary>Money going back, whole or in part: decided in the shop, carried out by the job <c>refund-payment</c>, or found at Stripe.</summary>
public sealed class Refund
{
    public const int MaxReason = 500;

    /// <summary>The <see cref="FailureReason"/> of a promise that could not be kept, because the money went back all the same, past the shop.</summary>
    internal const string Superseded = "superseded_at_stripe";

    /// <summary>The <see cref="FailureReason"/> of a promise for which too little is left, because some of the money went back past the shop: whether more is owed is for staff to say.</summary>
    public const string NoRoom = "refunded_at_stripe";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid OrderId { get; init; }
    public required RefundCause Cause { get; init; }
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }
    public RefundStatus Status { get; internal set; }

    /// <summary>In the words of whoever decided.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it succeeded or failed.</summary>
    public DateTimeOffset? SettledAt { get; internal set; }

    public string? StripeRefundId { get; internal set; }
    public string? FailureReason { get; internal set; }

    /// <summary>Another refund stands for this one: nothing of it is missing.</summary>
    public bool IsSuperseded => FailureReason == Superseded;

    /// <summary>It failed by the shop's own reckoning, before Stripe had a word on it.</summary>
    internal bool IsGivenUp => FailureReason is Superseded or NoRoom;

    /// <summary>The returned units went back into stock.</summary>
    public bool IsRestocked { get; init; }

    /// <summary>The caller's name for this attempt; null where no caller asked.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the request under that key.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>W3C trace context of whoever decided.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Logical attempts at Stripe, each with its idempotency key; see <see cref="Payment.SessionAttempt"/>.</summary>
    public int Attempt { get; internal set; } = 1;

    public List<RefundLine> Lines { get; init; } = [];

    internal string GatewayKey => $"refund-{Id:N}-{Attempt}";
}

/// <summary>Units of an order's line that a refund pays back.</summary>
public sealed class RefundLine
{
    public required Guid RefundId { get; init; }

    /// <summary>Of the order's line.</summary>
    public required int Position { get; init; }

    public required int Quantity { get; init; }

    /// <summary>What they cost, minor units: their share of the line, whatever the refund came to.</summary>
    public required long WorthMinor { get; init; }
}

internal sealed class RefundMapping : IEntityTypeConfiguration<Refund>, IEntityTypeConfiguration<RefundLine>
{
    public void Configure(EntityTypeBuilder<Refund> builder)
    {
        builder.ToTable("refunds", t =>
        {
            t.HasCheckConstraint("ck_refunds_amount", "amount_minor > 0");
            t.HasCheckConstraint("ck_refunds_settled", "(status IN ('Succeeded', 'Failed')) = (settled_at IS NOT NULL)");
        });
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Cause).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Currency).HasMaxLength(3);
        builder.Property(r => r.Status).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Reason).HasMaxLength(Refund.MaxReason);
        builder.Property(r => r.StripeRefundId).HasMaxLength(255);
        builder.Property(r => r.FailureReason).HasMaxLength(200);
        builder.Property(r => r.IdempotencyKey).HasMaxLength(IdempotencyRecord.MaxKeyLength);
        builder.Property(r => r.Fingerprint).HasMaxLength(64);
        builder.Property(r => r.TraceParent).HasMaxLength(55);
        builder.HasIndex(r => r.StripeRefundId).IsUnique();
        builder.HasIndex(r => new { r.OrderId, r.IdempotencyKey }).IsUnique();
        builder.HasIndex(r => r.RequestedAt).HasFilter("status = 'Requested'");
        builder.HasMany(r => r.Lines).WithOne().HasForeignKey(l => l.RefundId);
        builder.Ignore(r => r.GatewayKey);
    }

    public void Configure(EntityTypeBuilder<RefundLine> builder)
    {
        builder.ToTable("refund_lines", t => t.HasCheckConstraint("ck_refund_lines_quantity", "quantity > 0"));
        builder.HasKey(l => new { l.RefundId, l.Position });
    }
}
