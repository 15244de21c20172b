using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>How one kind of job stands.</summary>
/// <param name="Kind">One of <see cref="JobKinds"/>, or of a newer version's.</param>
/// <param name="Due">Its time has come and nobody runs it, or nobody any more: its lease has run out.</param>
/// <param name="Scheduled">Its time is still to come: delayed, or backing off.</param>
/// <param name="Running">Now.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestSeconds">How long the oldest of <paramref name="Due"/> has been due; what waits for its turn behind runs of its own key is not counted.</param>
/// <param name="OldestUrgentSeconds">The same without bulk work.</param>
/// <param name="RelayLagSeconds">How long the oldest due row that is no bulk work has been waiting for a relay or, without Redis, for a worker: bulk work may wait for its share.</param>
/// <param name="LastDeadAt">When the newest of <paramref name="Dead"/> was given up.</param>
/// <param name="LastReason">And for which reason.</param>
public sealed record KindHealth(
    string Kind, long Due, long Scheduled, long Running, long Dead, double OldestSeconds, double OldestUrgentSeconds, double RelayLagSeconds, DateTimeOffset? LastDeadAt, string? LastReason);

/// <summary>A slot of a recurring task that no worker has noted in time.</summary>
public sealed record OverdueTask(string Name, double OverdueSeconds);

/// <summary>Jobs of a kind that fail and are tried again, and why the one that failed most often failed last.</summary>
public sealed record FailingKind(string Kind, long Count, string? LastReason);

/// <summary>The state of the queue as PostgreSQL has it. One cheap read, for gauges, the jobs page and the watchdog.</summary>
public sealed record JobHealth(IReadOnlyList<KindHealth> Kinds, IReadOnlyList<OverdueTask> OverdueTasks, IReadOnlyList<FailingKind> Failing)
{
    /// <summary>From so many failures on a job counts as failing,</summary>
    public const int FailingFrom = 5;

    /// <summary>once it is so old: neither a hiccup nor a rolling deployment.</summary>
    public static readonly TimeSpan FailingAfter = TimeSpan.FromMinutes(10);

    private static readonly string[] Keyed = [.. JobKinds.All.Values.Where(kind => kind.MostPerKey is not null).Select(kind => kind.Name)];

    public TimeSpan OldestDue => Oldest(kind => kind.OldestSeconds);
    public TimeSpan OldestUrgentDue => Oldest(kind => kind.OldestUrgentSeconds);
    public TimeSpan RelayLag => Oldest(kind => kind.RelayLagSeconds);

    private TimeSpan Oldest(Func<KindHealth, double> seconds) => TimeSpan.FromSeconds(Kinds.Select(seconds).DefaultIfEmpty().Max());

    /// <summary>Three statements, on the writer.</summary>
    public static async Task<JobHealth> ReadAsync(ShopDb db, CancellationToken cancellationToken)
    {
        // A key that is at work, or whose runs fail, is slow by itself: an endpoint that hangs has much waiting for it, and nobody is to be woken.
        var kinds = await db.Database.SqlQuery<KindHealth>(
            $"""
            WITH busy AS (SELECT DISTINCT kind, batch_key FROM outbox WHERE kind = ANY({Keyed}) AND batch_key IS NOT NULL
                AND (state = 'running' AND lease_until > now() OR state = 'pending' AND failures > 0))
            SELECT kind,
                count(*) FILTER (WHERE due) AS due,
                count(*) FILTER (WHERE state = 'pending' AND NOT due) AS scheduled,
                count(*) FILTER (WHERE state = 'running' AND NOT due) AS running,
                count(*) FILTER (WHERE state = 'dead') AS dead,
                coalesce(extract(epoch FROM now() - min(since) FILTER (WHERE waits)), 0)::float8 AS oldest_seconds,
                coalesce(extract(epoch FROM now() - min(since) FILTER (WHERE waits AND priority < 2)), 0)::float8 AS oldest_urgent_seconds,
                coalesce(extract(epoch FROM now() - min(since) FILTER (WHERE due AND state = 'pending' AND batch_key IS NULL AND priority < 2)), 0)::float8 AS relay_lag_seconds,
                max(settled_at) AS last_dead_at, (array_agg(failure_reason ORDER BY settled_at DESC) FILTER (WHERE state = 'dead'))[1] AS last_reason
            FROM (SELECT *, due AND (state = 'running' OR NOT EXISTS (SELECT FROM busy WHERE busy.kind = seen.kind AND busy.batch_key = seen.batch_key)) AS waits
                FROM (SELECT *, state <> 'dead' AND since <= now() AS due
                    FROM (SELECT *, CASE state WHEN 'running' THEN lease_until ELSE run_after END AS since FROM outbox
                        WHERE state IN ('pending', 'dispatched', 'running', 'dead')) AS live) AS seen) AS judged
            GROUP BY kind ORDER BY kind
            """).ToListAsync(cancellationToken);
        var overdue = await db.Database.SqlQuery<OverdueTask>(
            $"SELECT name, extract(epoch FROM now() - next_slot)::float8 AS overdue_seconds FROM recurring_tasks WHERE next_slot < now() ORDER BY name")
            .ToListAsync(cancellationToken);
        // A receiver's fault is no failure of the shop: its deliveries end by themselves.
        var failing = await db.Database.SqlQuery<FailingKind>(
            $"""
            SELECT kind, count(*) AS count, (array_agg(failure_reason ORDER BY failures DESC))[1] AS last_reason FROM outbox
            WHERE state IN ('pending', 'dispatched', 'running') AND failures >= {FailingFrom} AND created_at < now() - {FailingAfter} AND kind <> {JobKinds.DeliverWebhook}
            GROUP BY kind ORDER BY kind
            """).ToListAsync(cancellationToken);
        return new JobHealth(kinds, overdue, failing);
    }
}
