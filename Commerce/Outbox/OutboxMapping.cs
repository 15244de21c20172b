using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Outbox;

internal sealed class OutboxMapping : IEntityTypeConfiguration<OutboxRow>
{
    public void Configure(EntityTypeBuilder<OutboxRow> row)
    {
        row.ToTable("outbox", table =>
        {
            table.HasCheckConstraint("ck_outbox_state", "state in ('pending', 'dispatched', 'running', 'done', 'dead', 'discarded')");
            table.HasCheckConstraint("ck_outbox_priority", "priority between 0 and 2");
            table.HasCheckConstraint("ck_outbox_attempt", "attempt >= 0 and failures >= 0 and failures <= attempt");
            table.HasCheckConstraint("ck_outbox_lease", "(state = 'running') = (lease_until is not null)");
            table.HasCheckConstraint("ck_outbox_settled", "(state in ('done', 'dead', 'discarded')) = (settled_at is not null)");
            table.HasCheckConstraint("ck_outbox_dead_reason", "state not in ('dead', 'discarded') or failure_reason is not null");
            table.HasCheckConstraint("ck_outbox_batch", "state <> 'dispatched' or batch_key is null");
            table.HasCheckConstraint("ck_outbox_arguments", "jsonb_typeof(arguments) = 'object'");
        });
        row.HasKey(r => r.Id);
        row.Property(r => r.Id).ValueGeneratedNever();
        row.Property(r => r.Kind).HasMaxLength(60);
        row.Property(r => r.Arguments).HasColumnType("jsonb");
        row.Property(r => r.DedupeKey).HasMaxLength(200);
        row.Property(r => r.BatchKey).HasMaxLength(OutboxRow.MaxBatchKey);
        row.Property(r => r.TraceParent).HasMaxLength(55);
        row.Property(r => r.Priority).HasConversion<short>();
        row.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
        row.Property(r => r.RunAfter).HasDefaultValueSql("now()");
        row.Property(r => r.State).HasMaxLength(10)
            .HasConversion(state => state.ToString().ToLowerInvariant(), text => Enum.Parse<JobState>(text, ignoreCase: true));
        row.Property(r => r.Worker).HasMaxLength(100);
        row.Property(r => r.FailureReason).HasMaxLength(100);
        row.Property(r => r.FailureDetail).HasMaxLength(OutboxRow.MaxFailureDetail);

        // One small partial index per question that is asked all the time; an ordinary row on its way is in two at most.
        row.HasIndex(r => new { r.Priority, r.RunAfter }).HasFilter("state = 'pending' and batch_key is null").HasDatabaseName("ix_outbox_pending");
        row.HasIndex(r => r.DispatchedAt).HasFilter("state = 'dispatched'").HasDatabaseName("ix_outbox_dispatched");
        row.HasIndex(r => r.LeaseUntil).HasFilter("state = 'running'").HasDatabaseName("ix_outbox_running");
        row.HasIndex(r => new { r.Kind, r.RunAfter }).HasFilter("state = 'pending' and batch_key is not null").HasDatabaseName("ix_outbox_gated");
        row.HasIndex(r => new { r.Kind, r.BatchKey, r.RunAfter }).HasFilter("state = 'pending' and batch_key is not null").HasDatabaseName("ix_outbox_key");
        row.HasIndex(r => r.SettledAt).HasFilter("state in ('done', 'discarded')").HasDatabaseName("ix_outbox_settled");
        row.HasIndex(r => new { r.SettledAt, r.Id }).HasFilter("state = 'dead'").HasDatabaseName("ix_outbox_dead");
        row.HasIndex(r => new { r.Kind, r.DedupeKey }).IsUnique().HasFilter("dedupe_key is not null").HasDatabaseName("ux_outbox_dedupe");
    }
}
