using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Payments;

public enum PaymentStatus
{
    /// <summary>No money yet.</summary>
    Pending,

    /// <summary>The bank promised the money; a capture takes it.</summary>
    Authorised,
    Paid,

    /// <summary>The order was cancelled before the promised money was taken: the promise is given back, and known to be when Closed.</summary>
    VoidDue,

    /// <summary>Money came for an order that can no longer be had: it goes back, and is known to have gone when Refunded.</summary>
    RefundDue,
    Refunded,

    /// <summary>Stripe will take no money any more.</summary>
    Closed,
}

/// <summary>The one payment of an order, through one Stripe Checkout Session.</summary>
public sealed class Payment
{
    public required Guid OrderId { get; init; }
    public PaymentStatus Status { get; internal set; }
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }

    /// <summary>Minor units Stripe has taken for the shop.</summary>
    public long CapturedMinor { get; internal set; }

    /// <summary>Minor units that went back or were promised to go back. Never more than was captured: the database refuses it.</summary>
    public long RefundedMinor { get; internal set; }

    /// <summary>Minor units of those that Stripe has sent back.</summary>
    public long ReturnedMinor { get; internal set; }

    /// <summary>Set, and committed, before Stripe is asked to capture: from then on only Stripe can tell whether the money was taken, and whoever cancels asks it.</summary>
    public DateTimeOffset? CaptureRequestedAt { get; internal set; }

    /// <summary>Set, and committed, before Stripe is asked for a session: from then on one may exist there, whatever happened to the answer.</summary>
    public DateTimeOffset? SessionRequestedAt { get; internal set; }

    public string? SessionId { get; internal set; }

    /// <summary>Where the session can be paid; null when nobody can pay there any more.</summary>
    public string? SessionUrl { get; internal set; }

    public string? PaymentIntentId { get; internal set; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>
    /// Logical attempts at Stripe; each has its idempotency key, so that no retry within one can act twice. Stripe replays an answer of 500
    /// for its key too, so after one a new attempt begins.
    /// </summary>
    public int SessionAttempt { get; internal set; } = 1;

    public int CaptureAttempt { get; internal set; } = 1;

    /// <summary>Minor units that the shop can still send back: neither promised yet nor taken by the shopper's bank.</summary>
    /// <param name="disputes">All of the order's.</param>
    internal long LeftMinor(IEnumerable<Dispute> disputes) => Math.Max(0, CapturedMinor - RefundedMinor - disputes.Sum(dispute => dispute.AwayMinor));

    /// <summary>A bank's promise is kept for it.</summary>
    internal bool IsPromised => Status is PaymentStatus.Authorised or PaymentStatus.VoidDue;

    /// <summary>Its money came, wherever it is now.</summary>
    internal bool HasTaken => Status is PaymentStatus.Paid or PaymentStatus.RefundDue or PaymentStatus.Refunded;

    /// <summary>Whether its money, or the promise of it, is this intent's; null while there is neither.</summary>
    internal bool? IsMadeBy(Stripe.PaymentIntent intent) => HasTaken || IsPromised ? intent.Id == PaymentIntentId : null;

    /// <summary>Somebody may be able to pay on a page of the shop's: a known one, or one whose answer was lost.</summary>
    internal bool MayHaveOpenPage => SessionUrl is not null || (SessionId is null && SessionRequestedAt is not null);

    internal string SessionKey => $"session-{OrderId:N}-{SessionAttempt}";

    internal string CaptureKey => $"capture-{OrderId:N}-{CaptureAttempt}";

    internal static Payment For(Guid orderId, long amountMinor, string currency, DateTimeOffset now) =>
        new() { OrderId = orderId, AmountMinor = amountMinor, Currency = currency, UpdatedAt = now };
}

/// <summary>An event Stripe has sent, stored once by its id before it is answered, applied later from its object's current state.</summary>
public sealed class StripeEvent
{
    public const int MaxIdLength = 255;
    public const int MaxTypeLength = 100;

    public required string Id { get; init; }
    public required string Type { get; init; }

    /// <summary>Id of the object it is about, such as <c>cs_…</c>.</summary>
    public required string ObjectId { get; init; }

    /// <summary>The body as it was signed.</summary>
    public required string Payload { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset? AppliedAt { get; internal set; }
}

internal sealed class PaymentMapping : IEntityTypeConfiguration<Payment>, IEntityTypeConfiguration<StripeEvent>
{
    public void Configure(EntityTypeBuilder<Payment> builder)
    {
        builder.ToTable("payments", t => t.HasCheckConstraint("ck_payments_amount",
            "amount_minor >= 0 AND captured_minor BETWEEN 0 AND amount_minor AND refunded_minor BETWEEN 0 AND captured_minor AND returned_minor BETWEEN 0 AND refunded_minor"));
        builder.HasKey(p => p.OrderId);
        builder.Property(p => p.OrderId).ValueGeneratedNever();
        builder.Property(p => p.Status).HasConversion<string>().HasMaxLength(16);
        builder.Property(p => p.Currency).HasMaxLength(3);
        builder.HasIndex(p => p.SessionId).IsUnique().HasFilter("session_id IS NOT NULL");
        builder.HasIndex(p => p.PaymentIntentId).IsUnique().HasFilter("payment_intent_id IS NOT NULL");
        builder.Ignore(p => p.IsPromised);
        builder.Ignore(p => p.HasTaken);
        builder.Ignore(p => p.MayHaveOpenPage);
        builder.Ignore(p => p.SessionKey);
        builder.Ignore(p => p.CaptureKey);
    }

    public void Configure(EntityTypeBuilder<StripeEvent> builder)
    {
        builder.ToTable("stripe_events");
        builder.Property(e => e.Id).HasMaxLength(StripeEvent.MaxIdLength);
        builder.Property(e => e.Type).HasMaxLength(StripeEvent.MaxTypeLength);
        builder.Property(e => e.ObjectId).HasMaxLength(StripeEvent.MaxIdLength);
        builder.HasIndex(e => e.ReceivedAt).HasFilter("applied_at IS NULL");
        builder.HasIndex(e => e.ObjectId);
        builder.HasIndex(e => new { e.Type, e.ReceivedAt });
    }
}
