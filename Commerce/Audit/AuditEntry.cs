using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Audit;

/// <summary>A line of the append-only audit trail: who did what to which thing, and why. The database refuses to change or delete one.</summary>
public sealed class AuditEntry
{
    public const int MaxReasonLength = 500;

    /// <summary>Characters.</summary>
    internal const int MaxActorName = 254;

    /// <summary>Whether it may be given as a reason: short enough, and one line.</summary>
    public static bool IsReason(string text) => text.Length <= MaxReasonLength && !text.Any(char.IsControl);

    public long Id { get; init; }

    /// <summary>When the line was written, by PostgreSQL's clock: what it is about is locked by then, so times of one thing rise with its lines.</summary>
    public DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }
    public string? ActorId { get; init; }
    public required string ActorName { get; init; }

    /// <summary>The verb, as concept and past tense: <c>orders.cancelled</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The thing, as kind and name: <c>order:OG-7K3M-9QXT</c>, <c>product:tide</c>.</summary>
    public required string Subject { get; init; }

    public string? Reason { get; init; }

    /// <summary>JSON object of what was changed; null when the action says it all.</summary>
    public string? Details { get; init; }

    /// <summary>W3C trace id of the request or job.</summary>
    public string? TraceId { get; init; }
}

internal sealed class AuditMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries", t => t.HasCheckConstraint("ck_audit_entries_details", "jsonb_typeof(details) = 'object'"));
        builder.Property(e => e.Id).UseIdentityAlwaysColumn();
        builder.Property(e => e.At).HasDefaultValueSql("clock_timestamp()");
        builder.Property(e => e.ActorKind).HasMaxLength(16)
            .HasConversion(kind => NameOf(kind), name => KnownWord.Read<ActorKind>(name));
        builder.Property(e => e.ActorId).HasMaxLength(64);
        builder.Property(e => e.ActorName).HasMaxLength(AuditEntry.MaxActorName);
        builder.Property(e => e.Action).HasMaxLength(64);
        builder.Property(e => e.Subject).HasMaxLength(300);
        builder.Property(e => e.Reason).HasMaxLength(AuditEntry.MaxReasonLength);
        builder.Property(e => e.Details).HasColumnType("jsonb");
        builder.Property(e => e.TraceId).HasMaxLength(32);
        builder.HasIndex(e => new { e.Subject, e.Id });
    }

    /// <summary><c>api-key</c>: the same word in the table and on the wire.</summary>
    internal static string NameOf(ActorKind kind) => KnownWord.Of(kind);
}
