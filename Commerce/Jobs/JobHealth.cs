using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>How one kind of job stands.</summary>
/// <param name="Kind">One of <see cref="JobKinds"/>, or of a newer version's.</param>
/// <param name="Due">Its time has come and nobody runs it.</param>
/// <param name="Scheduled">Its time is still to come: delayed, or backing off.</param>
/// <param name="Running">Now.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestSeconds">How long the oldest of <paramref name="Due"/> has been due.</param>
/// <param name="RelayLagSeconds">How long the oldest due row has been waiting for a relay or, without Redis, for a worker.</param>
/// <param name="LastDeadAt">When the newest of <paramref name="Dead"/> was given up.</param>
public sealed record KindHealth(
    string Kind, long Due, long Scheduled, long Running, long Dead, double OldestSeconds, double RelayLagSeconds, DateTimeOffset? LastDeadAt);

/// <summary>A slot of a recurring task that no worker has noted in time.</summary>
public sealed record OverdueTask(string Name, double OverdueSeconds);

/// <summary>Something a person should know now. It stays open for as long as it is in the list: the key is the same every time.</summary>
/// <param name="Key">Stable, for deduplication: <c>jobs:dead-letters:send-receipt</c>.</param>
/// <param name="IsCritical">Wakes somebody up; else a warning.</param>
/// <param name="Runbook">Path in the repository.</param>
public sealed record JobAlert(string Key, bool IsCritical, string Summary, string Runbook);

/// <summary>The state of the queue as PostgreSQL has it, and what in it is an alert. One cheap read, for gauges, the jobs page and the watchdog.</summary>
public sealed record JobHealth(IReadOnlyList<KindHealth> Kinds, IReadOnlyList<OverdueTask> OverdueTasks)
{
    /// <summary>The oldest due job of a healthy queue waits for seconds; after this long somebody should look.</summary>
    public static readonly TimeSpan BacklogAfter = TimeSpan.FromMinutes(1);

    /// <summary>After this long customers notice: nothing takes jobs, or far too little does.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(5);

    /// <summary>Relays poll every second at the slowest, and workers take what no relay picked up after two.</summary>
    public static readonly TimeSpan RelayLagAfter = TimeSpan.FromSeconds(30);

    /// <summary>Workers note a slot within a second; after this long none looks at the schedule.</summary>
    public static readonly TimeSpan SlotOverdueAfter = TimeSpan.FromMinutes(5);

    public const long DeadLettersFrom = 1;

    private const string Runbooks = "docs/runbooks/";

    public TimeSpan OldestDue => TimeSpan.FromSeconds(Kinds.Select(kind => kind.OldestSeconds).DefaultIfEmpty().Max());
    public TimeSpan RelayLag => TimeSpan.FromSeconds(Kinds.Select(kind => kind.RelayLagSeconds).DefaultIfEmpty().Max());

    /// <summary>The alert rules of the queue. Empty means healthy; an alert that is no longer in the list is over.</summary>
    public IReadOnlyList<JobAlert> Alerts()
    {
        List<JobAlert> alerts = [];
        var oldest = Kinds.MaxBy(kind => kind.OldestSeconds);
        if (OldestDue >= StuckAfter)
            alerts.Add(new("jobs:stuck", true, $"The outbox is stuck: the oldest {oldest!.Kind} has been due for {OldestDue.TotalMinutes:0} min, {oldest.Due} wait.", $"{Runbooks}stuck-outbox.md"));
        else if (OldestDue >= BacklogAfter)
            alerts.Add(new("jobs:backlog", false, $"Jobs wait: the oldest {oldest!.Kind} has been due for {OldestDue.TotalSeconds:0} s, {oldest.Due} wait.", $"{Runbooks}job-backlog.md"));
        if (RelayLag >= RelayLagAfter)
            alerts.Add(new("jobs:relay-lag", false, $"No relay has picked up a due row for {RelayLag.TotalSeconds:0} s.", $"{Runbooks}stuck-outbox.md"));
        alerts.AddRange(Kinds.Where(kind => kind.Dead >= DeadLettersFrom).Select(kind =>
            new JobAlert($"jobs:dead-letters:{kind.Kind}", true, $"{kind.Kind}: {kind.Dead} dead letters, the last at {kind.LastDeadAt:u}.", $"{Runbooks}dead-letters.md")));
        alerts.AddRange(OverdueTasks.Where(task => task.OverdueSeconds >= SlotOverdueAfter.TotalSeconds).Select(task =>
            new JobAlert($"jobs:schedule:{task.Name}", false, $"The slot of {task.Name} is {task.OverdueSeconds / 60:0} min overdue: no worker looks at the schedule.", $"{Runbooks}stuck-outbox.md")));
        return alerts;
    }

    /// <summary>Two statements, on the writer.</summary>
    public static async Task<JobHealth> ReadAsync(ShopDb db, CancellationToken cancellationToken)
    {
        var kinds = await db.Database.SqlQuery<KindHealth>(
            $"""
            SELECT kind,
                count(*) FILTER (WHERE due) AS due,
                count(*) FILTER (WHERE state = 'pending' AND NOT due) AS scheduled,
                count(*) FILTER (WHERE state = 'running') AS running,
                count(*) FILTER (WHERE state = 'dead') AS dead,
                coalesce(extract(epoch FROM now() - min(run_after) FILTER (WHERE due)), 0)::float8 AS oldest_seconds,
                coalesce(extract(epoch FROM now() - min(run_after) FILTER (WHERE due AND state = 'pending' AND batch_key IS NULL)), 0)::float8 AS relay_lag_seconds,
                max(settled_at) AS last_dead_at
            FROM (SELECT *, state IN ('pending', 'dispatched') AND run_after <= now() AS due FROM outbox WHERE state IN ('pending', 'dispatched', 'running', 'dead')) AS live
            GROUP BY kind ORDER BY kind
            """).ToListAsync(cancellationToken);
        var overdue = await db.Database.SqlQuery<OverdueTask>(
            $"SELECT name, extract(epoch FROM now() - next_slot)::float8 AS overdue_seconds FROM recurring_tasks WHERE next_slot < now() ORDER BY name")
            .ToListAsync(cancellationToken);
        return new JobHealth(kinds, overdue);
    }
}
