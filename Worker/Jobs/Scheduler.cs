using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Worker.Jobs;

/// <summary>
/// Turns slots of the schedule into jobs. Every worker runs it and none leads: whoever locks the task's row notes the slot, enqueues its job and
/// moves on to the next slot, in one transaction. Slots go by PostgreSQL's clock.
/// </summary>
public sealed class Scheduler(IServiceScopeFactory scopes, IReadOnlyList<Recurring> schedule, ILogger<Scheduler> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Recurring> _tasks = schedule.ToDictionary(task => task.Name);
    private DateTimeOffset? _seenAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Loop.RunAsync(logger, async () =>
        await TickAsync(stoppingToken) ? TimeSpan.Zero : Look, wake: null, stoppingToken);

    /// <returns>False when no slot is due, or somebody else notes it, or it cannot be noted.</returns>
    internal Task<bool> TickAsync(CancellationToken cancellationToken) => scopes.QuietlyAsync(async db =>
    {
        if (_seenAt is null || DateTimeOffset.UtcNow - _seenAt > RecurringTask.SeenEvery) await AnnounceAsync(db, cancellationToken);
        string[] names = [.. _tasks.Keys];
        var due = await db.Set<RecurringTask>().Where(task => names.Contains(task.Name) && task.NextSlot <= DateTimeOffset.UtcNow)
            .OrderBy(task => task.NextSlot).Select(task => task.Name).ToListAsync(cancellationToken);
        var hasNoted = false;
        foreach (var name in due)
            try
            {
                hasNoted |= await db.Database.CreateExecutionStrategy().ExecuteAsync(token => NoteAsync(db, name, token), cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !ShopDb.IsAway(failure))
            {
                logger.LogError(failure, "The slot of {Task} could not be noted; the other tasks go on", name);
            }
        return hasNoted;
    });

    /// <summary>Writes the schedule down for the other processes. A changed expression starts anew; what no worker has had for days is forgotten.</summary>
    private async Task AnnounceAsync(ShopDb db, CancellationToken cancellationToken)
    {
        var now = await NowAsync(db, cancellationToken);
        foreach (var task in schedule)
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO recurring_tasks AS t (name, cron, time_zone, kind, missed, next_slot, seen_at)
                VALUES ({task.Name}, {task.Cron}, {task.TimeZone}, {task.Kind}, {task.Missed.ToString()}, {task.After(now)}, {now})
                ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone, kind = excluded.kind, missed = excluded.missed,
                    seen_at = excluded.seen_at,
                    next_slot = CASE WHEN (t.cron, t.time_zone) = (excluded.cron, excluded.time_zone) THEN t.next_slot ELSE excluded.next_slot END
                """, cancellationToken);
        await db.Set<RecurringTask>().Where(task => task.SeenAt < now - RecurringTask.ForgetAfter).ExecuteDeleteAsync(cancellationToken);
        _seenAt = DateTimeOffset.UtcNow;
    }

    private async Task<bool> NoteAsync(ShopDb db, string name, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = (await db.Set<RecurringTask>().FromSql(
            $"SELECT * FROM recurring_tasks WHERE next_slot <= now() AND name = {name} FOR UPDATE SKIP LOCKED")
            .ToListAsync(cancellationToken)).SingleOrDefault();
        if (row is null) return false;
        var task = _tasks[row.Name];
        var now = await NowAsync(db, cancellationToken);
        var due = task.Due(row.NextSlot, now);
        if (await db.Set<ScheduleSlot>().AnyAsync(slot => slot.Name == row.Name && slot.Slot == due.Slot, cancellationToken))
        {
            // Moved back by hand or a restore: a slot that was noted is over.
            row.NextSlot = due.Next;
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        var job = due.Runs ? db.Enqueue(new NewJob(task.Kind, new { }, $"{task.Name}:{due.Slot:O}", Priority: task.Priority)) : (Guid?)null;
        db.Add(new ScheduleSlot
        {
            Name = task.Name,
            Slot = due.Slot,
            JobId = job,
            MissedBefore = due.MissedBefore,
            MissedSince = due.MissedSince,
            NotedAt = now,
        });
        row.NextSlot = due.Next;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (due.MissedBefore > 0 || !due.Runs)
            logger.LogWarning("{Task} missed {Count} slots since {Since}", task.Name, due.MissedBefore + (due.Runs ? 0 : 1), due.MissedSince ?? due.Slot);
        return true;
    }

    private static async Task<DateTimeOffset> NowAsync(ShopDb db, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<DateTimeOffset>($"SELECT now() AS \"Value\"").ToListAsync(cancellationToken)).Single();
}
