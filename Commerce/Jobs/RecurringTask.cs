using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Jobs;

/// <summary>What happens to slots that passed while no worker ran.</summary>
public enum MissedSlots
{
    /// <summary>The latest one runs late, the ones before it do not.</summary>
    CatchUpLatest,

    /// <summary>None of them runs.</summary>
    Skip,
}

/// <summary>A line of the workers' schedule as PostgreSQL knows it: which slot is next. Whoever locks the row notes the slot.</summary>
public sealed class RecurringTask
{
    /// <summary>Workers say so often that they still have the task; after <see cref="ForgetAfter"/> without, it is deleted.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromHours(1);

    public static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(2);

    public required string Name { get; init; }

    /// <summary>Five fields, or six with seconds in front.</summary>
    public required string Cron { get; set; }

    /// <summary>IANA name, in which the expression is read.</summary>
    public required string TimeZone { get; set; }

    public required string Kind { get; set; }
    public required MissedSlots Missed { get; set; }
    public required DateTimeOffset NextSlot { get; set; }
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>One slot of a recurring task, noted once by one worker, in the transaction that enqueues its job.</summary>
public sealed class ScheduleSlot
{
    public required string Name { get; init; }
    public required DateTimeOffset Slot { get; init; }

    /// <summary>Null when the slot was missed and its task skips missed slots.</summary>
    public Guid? JobId { get; init; }

    /// <summary>Slots before this one that passed unnoted and do not run.</summary>
    public required int MissedBefore { get; init; }

    /// <summary>The earliest of them.</summary>
    public DateTimeOffset? MissedSince { get; init; }

    public required DateTimeOffset NotedAt { get; init; }

    /// <summary>For people who ask what ran when.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(90);
}

internal sealed class ScheduleMapping : IEntityTypeConfiguration<RecurringTask>, IEntityTypeConfiguration<ScheduleSlot>
{
    public void Configure(EntityTypeBuilder<RecurringTask> task)
    {
        task.ToTable("recurring_tasks");
        task.HasKey(t => t.Name);
        task.Property(t => t.Name).HasMaxLength(60);
        task.Property(t => t.Cron).HasMaxLength(60);
        task.Property(t => t.TimeZone).HasMaxLength(60);
        task.Property(t => t.Kind).HasMaxLength(60);
        task.Property(t => t.Missed).HasConversion<string>().HasMaxLength(20);
    }

    public void Configure(EntityTypeBuilder<ScheduleSlot> slot)
    {
        slot.ToTable("schedule_slots", table => table.HasCheckConstraint("ck_schedule_slots_missed", "missed_before >= 0 and (missed_before > 0) = (missed_since is not null)"));
        slot.HasKey(s => new { s.Name, s.Slot });
        slot.Property(s => s.Name).HasMaxLength(60);
        slot.HasIndex(s => s.NotedAt);
    }
}
