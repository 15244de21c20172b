using Commerce.OnCall;
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
/// <param name="OldestUrgentSeconds">The same without bulk work.</param>
/// <param name="RelayLagSeconds">How long the oldest due row has been waiting for a relay or, without Redis, for a worker.</param>
/// <param name="LastDeadAt">When the newest of <paramref name="Dead"/> was given up.</param>
public sealed record KindHealth(
    string Kind, long Due, long Scheduled, long Running, long Dead, double OldestSeconds, double OldestUrgentSeconds, double RelayLagSeconds, DateTimeOffset? LastDeadAt);

/// <summary>A slot of a recurring task that no worker has noted in time.</summary>
public sealed record OverdueTask(string Name, double OverdueSeconds);

/// <summary>Something a person should know now, for as long as it is in the list.</summary>
/// <param name="Name">Of an <see cref="Alert"/>: one incident, however often it is looked at.</param>
/// <param name="Severity">critical, error or warning.</param>
/// <param name="Summary">What it is this time.</param>
/// <param name="Runbook">Path in the repository.</param>
public sealed record JobAlert(string Name, string Severity, string Summary, string Runbook)
{
    internal static JobAlert Of(Alert alert, string summary) => new(alert.Name, alert.Severity.ToString().ToLowerInvariant(), summary, alert.Runbook);
}

/// <summary>The state of the queue as PostgreSQL has it, and what in it is an alert. One cheap read, for gauges, the jobs page and the watchdog.</summary>
public sealed record JobHealth(IReadOnlyList<KindHealth> Kinds, IReadOnlyList<OverdueTask> OverdueTasks)
{
    /// <summary>The oldest due job of a healthy queue waits for seconds; after this long somebody should look.</summary>
    public static readonly TimeSpan BacklogAfter = TimeSpan.FromMinutes(1);

    /// <summary>After this long customers notice: nothing takes jobs, or far too little does.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(5);

    /// <summary>Both for bulk work, which may wait.</summary>
    public static readonly TimeSpan BulkBacklogAfter = TimeSpan.FromMinutes(10);

    /// <inheritdoc cref="BulkBacklogAfter"/>
    public static readonly TimeSpan BulkStuckAfter = TimeSpan.FromMinutes(30);

    /// <summary>Relays poll every second at the slowest, and workers take what no relay picked up after two.</summary>
    public static readonly TimeSpan RelayLagAfter = TimeSpan.FromSeconds(30);

    /// <summary>Workers note a slot within a second; after this long none looks at the schedule.</summary>
    public static readonly TimeSpan SlotOverdueAfter = TimeSpan.FromMinutes(5);

    public TimeSpan OldestDue => Oldest(kind => kind.OldestSeconds);
    public TimeSpan OldestUrgentDue => Oldest(kind => kind.OldestUrgentSeconds);
    public TimeSpan RelayLag => Oldest(kind => kind.RelayLagSeconds);

    /// <summary>The alert rules of the queue. Empty means healthy; what is no longer in the list is over.</summary>
    public IReadOnlyList<JobAlert> Alerts()
    {
        List<JobAlert> alerts = [];
        var slowest = Kinds.MaxBy(kind => kind.OldestSeconds);
        if (OldestUrgentDue >= StuckAfter || OldestDue >= BulkStuckAfter)
            alerts.Add(JobAlert.Of(OnCall.Alerts.StuckOutbox, $"The outbox is stuck: the oldest {slowest!.Kind} has been due for {OldestDue:h\\:mm\\:ss}, {slowest.Due} of them wait."));
        alerts.AddRange(Kinds.Where(kind => kind.Dead > 0).Select(kind =>
            JobAlert.Of(OnCall.Alerts.DeadLetters, $"{kind.Kind}: {kind.Dead} dead letters, the last at {kind.LastDeadAt:u}.")));
        alerts.AddRange(Warnings().Select(warning => JobAlert.Of(OnCall.Alerts.JobBacklog, warning)));
        return alerts;
    }

    /// <summary>What is not bad yet.</summary>
    public IEnumerable<string> Warnings()
    {
        var slowest = Kinds.MaxBy(kind => kind.OldestSeconds);
        if (OldestUrgentDue >= BacklogAfter || OldestDue >= BulkBacklogAfter)
            yield return $"Jobs wait: the oldest {slowest!.Kind} has been due for {OldestDue:h\\:mm\\:ss}, {slowest.Due} of them wait.";
        if (RelayLag >= RelayLagAfter)
            yield return $"No relay or worker has picked up a due row for {RelayLag.TotalSeconds:0} s.";
        foreach (var task in OverdueTasks.Where(task => task.OverdueSeconds >= SlotOverdueAfter.TotalSeconds))
            yield return $"The slot of {task.Name} is {task.OverdueSeconds / 60:0} min overdue: no worker looks at the schedule.";
    }

    private TimeSpan Oldest(Func<KindHealth, double> seconds) => TimeSpan.FromSeconds(Kinds.Select(seconds).DefaultIfEmpty().Max());

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
                coalesce(extract(epoch FROM now() - min(run_after) FILTER (WHERE due AND priority < 2)), 0)::float8 AS oldest_urgent_seconds,
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
