using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Payments;

/// <summary>One comparison with Stripe: of what was made there from <see cref="From"/> to <see cref="To"/>.</summary>
public sealed class ReconciliationRun
{
    public required Guid Id { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Staff said which time to compare. The others follow each other without a hole, so where they go on it is of no account.</summary>
    public bool HasOwnWindow { get; init; }

    public DateTimeOffset? StartedAt { get; internal set; }
    public DateTimeOffset? FinishedAt { get; internal set; }

    /// <summary>Payments compared.</summary>
    public int Payments { get; internal set; }

    /// <summary>Missed events fetched, payments brought in line, leftovers done.</summary>
    public int HealedCount { get; internal set; }

    /// <summary>What was still different at the end, but for what staff have acknowledged.</summary>
    public int DifferenceCount { get; internal set; }
}

/// <summary>How the shop and Stripe can differ.</summary>
public enum DifferenceKind
{
    /// <summary>An event that was kept and cannot be applied: its order is not there, Stripe does not know what it is about, or another amount was paid.</summary>
    EventUnapplied,

    /// <summary>Stripe has money for an order the shop does not have.</summary>
    OrderUnknown,

    /// <summary>Stripe has another amount, or says another state, than the ledger.</summary>
    AmountDiffers,

    /// <summary>The ledger has a payment Stripe does not know.</summary>
    MissingAtStripe,

    /// <summary>Stripe has taken, or may take, money for an order that another payment has paid for or was promised for: it belongs to the shopper.</summary>
    PaidTwice,

    /// <summary>A refund, a void or an expiry that a dead job left behind, and that cannot be done now either.</summary>
    LeftoverStuck,
}

/// <summary>
/// A difference that could not be healed: for a person. Resolved by the run that no longer finds it. One that staff have explained otherwise they acknowledge:
/// it is open no more while its amounts are those they saw.
/// </summary>
public sealed class ReconciliationDifference
{
    public const int MaxDetail = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required DifferenceKind Kind { get; init; }

    /// <summary>The object at Stripe: <c>pi_…</c> or <c>evt_…</c>. Of a leftover, what is ours: <c>refund:…</c>, <c>void:…</c> or <c>order:…</c>.</summary>
    public required string StripeId { get; init; }

    public Guid? OrderId { get; init; }

    /// <summary>Minor units Stripe has, and the ledger; null where there is none.</summary>
    public long? StripeMinor { get; internal set; }

    public long? LedgerMinor { get; internal set; }
    public string Detail { get; internal set; } = "";
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>By the last run that found it.</summary>
    public DateTimeOffset SeenAt { get; internal set; }

    public DateTimeOffset? ResolvedAt { get; internal set; }

    public DateTimeOffset? AcknowledgedAt { get; internal set; }

    /// <summary>The name of who did it last, and the reason they gave.</summary>
    public string? AcknowledgedBy { get; internal set; }

    public string? AcknowledgedReason { get; internal set; }

    /// <summary>The amounts as they were then.</summary>
    public long? AcknowledgedStripeMinor { get; internal set; }

    public long? AcknowledgedLedgerMinor { get; internal set; }

    /// <summary>As it is now; with other amounts it is open again.</summary>
    internal bool IsAcknowledged => AcknowledgedAt is not null && (AcknowledgedStripeMinor, AcknowledgedLedgerMinor) == (StripeMinor, LedgerMinor);

    internal bool Is(FoundDifference found) => (Kind, StripeId) == (found.Kind, found.StripeId);
}

/// <summary>A difference as a run finds it.</summary>
internal sealed record FoundDifference(DifferenceKind Kind, string StripeId, Guid? OrderId, long? StripeMinor, long? LedgerMinor, string Detail);

/// <summary>What a run has found so far.</summary>
internal sealed class Findings
{
    private readonly HashSet<string> _healed = [];
    private readonly Dictionary<(DifferenceKind, string), FoundDifference> _differences = [];

    public int Compared { get; set; }
    public int HealedCount => _healed.Count;
    public IReadOnlyCollection<FoundDifference> Differences => _differences.Values;

    public void Healed(string what) => _healed.Add(what);

    public void Found(FoundDifference difference) =>
        _differences[(difference.Kind, difference.StripeId)] = difference with { Detail = difference.Detail.CutTo(ReconciliationDifference.MaxDetail) };

    public bool Contains(DifferenceKind kind, string stripeId) => _differences.ContainsKey((kind, stripeId));
}

internal sealed class ReconciliationMapping : IEntityTypeConfiguration<ReconciliationRun>, IEntityTypeConfiguration<ReconciliationDifference>
{
    public void Configure(EntityTypeBuilder<ReconciliationRun> builder)
    {
        builder.ToTable("reconciliation_runs");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => r.RequestedAt);
    }

    public void Configure(EntityTypeBuilder<ReconciliationDifference> builder)
    {
        builder.ToTable("reconciliation_differences");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(d => d.StripeId).HasMaxLength(255);
        builder.Property(d => d.Detail).HasMaxLength(ReconciliationDifference.MaxDetail);
        builder.Property(d => d.AcknowledgedBy).HasMaxLength(AuditEntry.MaxActorName);
        builder.Property(d => d.AcknowledgedReason).HasMaxLength(AuditEntry.MaxReasonLength);
        builder.Ignore(d => d.IsAcknowledged);
        builder.HasIndex(d => new { d.Kind, d.StripeId }).IsUnique().HasFilter("resolved_at IS NULL");
    }
}
