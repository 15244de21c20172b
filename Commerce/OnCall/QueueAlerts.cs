using Commerce.Jobs;

namespace Commerce.OnCall;

/// <summary>Something of the queue that a person should know now, for as long as it is in the list.</summary>
/// <param name="Name">Of an <see cref="Alert"/>: one incident, however often it is looked at.</param>
/// <param name="Severity">critical, error or warning.</param>
/// <param name="Summary">What it is this time.</param>
/// <param name="Runbook">Path in the repository.</param>
public sealed record JobAlert(string Name, string Severity, string Summary, string Runbook);

/// <summary>The alert rules of the queue, and the only list of them: the watchdog rings by it, the jobs page and the gauges show it.</summary>
public static class QueueAlerts
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

    /// <summary>Workers note a slot within a second; after this long none looks at the schedule, or none can note it.</summary>
    public static readonly TimeSpan SlotOverdueAfter = TimeSpan.FromMinutes(5);

    /// <summary>At most one per alert, worst first. Empty means healthy; what is no longer in the list is over.</summary>
    /// <param name="watched">For how long the queue has been looked at: nobody took jobs while everything was stopped, so a wait is only as long as that. Null when it does not matter.</param>
    public static IReadOnlyList<JobAlert> Alerts(this JobHealth health, TimeSpan? watched = null)
    {
        List<JobAlert> alerts = [];
        bool Lasts(TimeSpan wait, TimeSpan limit) => wait >= limit && !(watched < limit);
        var isStuck = Lasts(health.OldestUrgentDue, StuckAfter) || Lasts(health.OldestDue, BulkStuckAfter);
        if (isStuck) alerts.Add(Of(OnCall.Alerts.StuckOutbox, $"The outbox is stuck: {Oldest(health)}"));
        var dead = health.Kinds.Where(kind => kind.Dead > 0).ToList();
        if (dead.Count > 0)
            alerts.Add(Of(OnCall.Alerts.DeadLetters,
                $"Dead letters: {string.Join(", ", dead.Select(kind => $"{kind.Kind} {kind.Dead}"))}, the last at {dead.Max(kind => kind.LastDeadAt):u}"));
        if (health.Failing.Count > 0)
            alerts.Add(Of(OnCall.Alerts.JobsFailing,
                $"Jobs keep failing: {string.Join(", ", health.Failing.Select(kind => $"{kind.Kind} {kind.Count}, {kind.LastReason}"))}; they are tried for about a day"));
        // One thing that is wrong rings once: a queue that is stuck is more than late.
        var late = isStuck ? [] : Late(health, Lasts).ToList();
        if (late.Count > 0) alerts.Add(Of(OnCall.Alerts.JobBacklog, string.Join("; ", late)));
        return alerts;
    }

    private static IEnumerable<string> Late(JobHealth health, Func<TimeSpan, TimeSpan, bool> lasts)
    {
        if (lasts(health.OldestUrgentDue, BacklogAfter) || lasts(health.OldestDue, BulkBacklogAfter)) yield return $"Jobs wait: {Oldest(health)}";
        if (lasts(health.RelayLag, RelayLagAfter)) yield return $"A due row has been waiting for a relay or, without Redis, a free worker for {health.RelayLag.TotalSeconds:0} s";
        foreach (var task in health.OverdueTasks.Where(task => lasts(TimeSpan.FromSeconds(task.OverdueSeconds), SlotOverdueAfter)))
            yield return $"The slot of {task.Name} is {task.OverdueSeconds / 60:0} min overdue: no worker has noted it";
    }

    private static string Oldest(JobHealth health) =>
        health.Kinds.MaxBy(kind => kind.OldestSeconds) is { } slowest ? $"the oldest {slowest.Kind} has been due for {health.OldestDue:h\\:mm\\:ss}, {slowest.Due} of them wait" : "";

    private static JobAlert Of(Alert alert, string summary) => new(alert.Name, alert.Severity.ToString().ToLowerInvariant(), summary, alert.Runbook);
}
