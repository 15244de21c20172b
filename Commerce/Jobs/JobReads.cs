using System.Diagnostics;
using System.Text.Json;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>Which jobs to list.</summary>
public enum JobList
{
    /// <summary>Their time has come and nobody runs them; longest wait first.</summary>
    Due,

    /// <summary>Delayed or backing off; next first.</summary>
    Scheduled,
    Running,

    /// <summary>Dead letters, newest first.</summary>
    Dead,

    /// <summary>Settled in the last days, newest first.</summary>
    Done,

    /// <summary>Given up by a person, newest first.</summary>
    Discarded,
}

/// <summary>A job as staff see it.</summary>
/// <param name="State">pending, dispatched, running, done, dead or discarded.</param>
/// <param name="Priority">high, normal or low.</param>
/// <param name="FailureDetail">The last exception; in lists its first line.</param>
/// <param name="Arguments">Ids.</param>
/// <param name="TraceId">Of what caused it.</param>
public sealed record JobView(
    Guid Id, string Kind, int Version, string State, string Priority, JsonElement Arguments, string? BatchKey, int Attempt, int Failures,
    DateTimeOffset CreatedAt, DateTimeOffset RunAfter, DateTimeOffset? LeaseUntil, DateTimeOffset? SettledAt, string? Worker,
    string? FailureReason, string? FailureDetail, string? TraceId);

/// <summary>A page of jobs.</summary>
public sealed record JobPage(IReadOnlyList<JobView> Items, string? NextCursor);

/// <summary>One of the three queues.</summary>
/// <param name="SettledLastMinute">Jobs that were done; the rate of the queue.</param>
public sealed record QueueView(string Priority, long Due, long Running, long SettledLastMinute, double OldestSeconds);

/// <summary>A line of the schedule.</summary>
/// <param name="Missed">What becomes of missed slots: CatchUpLatest or Skip.</param>
/// <param name="LastSlot">The latest slot that was noted; null before the first.</param>
/// <param name="LastJobId">Its job; null when it was missed.</param>
/// <param name="MissedSlots">Slots of the last 90 days that did not run.</param>
public sealed record RecurringView(
    string Name, string Cron, string TimeZone, string Kind, string Missed, DateTimeOffset NextSlot, DateTimeOffset? LastSlot, Guid? LastJobId, long MissedSlots);

/// <summary>Reading the queue, for the jobs page.</summary>
public static class JobReads
{
    /// <summary>A page of jobs. One statement.</summary>
    public static async Task<Outcome<JobPage>> ListJobsAsync(
        this ShopDb db, JobList list, string? kind, string? reason, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var after = cursor is null ? null : TimeCursor.Read(cursor);
        if (after is null && cursor is not null) return new Refusal(JobRefusals.CursorInvalid, "The cursor is not one this list has given out.");
        var rows = db.Set<OutboxRow>().AsNoTracking();
        if (kind is not null) rows = rows.Where(row => row.Kind == kind);
        if (reason is not null) rows = rows.Where(row => row.FailureReason == reason);
        rows = list switch
        {
            JobList.Due => rows.Where(row => (row.State == JobState.Pending || row.State == JobState.Dispatched) && row.RunAfter <= DateTimeOffset.UtcNow),
            JobList.Scheduled => rows.Where(row => row.State == JobState.Pending && row.RunAfter > DateTimeOffset.UtcNow),
            JobList.Running => rows.Where(row => row.State == JobState.Running),
            JobList.Dead => rows.Where(row => row.State == JobState.Dead),
            JobList.Done => rows.Where(row => row.State == JobState.Done),
            _ => rows.Where(row => row.State == JobState.Discarded),
        };
        var isSettled = list >= JobList.Dead;
        if (after is var (at, id))
            rows = isSettled
                ? rows.Where(row => EF.Functions.LessThan(ValueTuple.Create(row.SettledAt!.Value, row.Id), ValueTuple.Create(at, id)))
                : rows.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.RunAfter, row.Id), ValueTuple.Create(at, id)));
        rows = isSettled ? rows.OrderByDescending(row => row.SettledAt).ThenByDescending(row => row.Id) : rows.OrderBy(row => row.RunAfter).ThenBy(row => row.Id);
        var page = await rows.Take(limit + 1).ToListAsync(cancellationToken);
        var last = page.Count > limit ? page[limit - 1] : null;
        return new JobPage([.. page.Take(limit).Select(row => View(row, isWhole: false))], last is null ? null : TimeCursor.Write(isSettled ? last.SettledAt!.Value : last.RunAfter, last.Id));
    }

    /// <summary>One job, with its whole last exception.</summary>
    public static async Task<Outcome<JobView>> FindJobAsync(this ShopDb db, Guid id, CancellationToken cancellationToken) =>
        await db.Set<OutboxRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row
            ? View(row, isWhole: true)
            : new Refusal(JobRefusals.NotFound, "There is no such job.");

    /// <summary>The queues and their rates, first served first. One statement.</summary>
    public static async Task<IReadOnlyList<QueueView>> ListQueuesAsync(this ShopDb db, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<QueueView>(
            $"""
            SELECT p.name AS priority,
                count(o.*) FILTER (WHERE o.state IN ('pending', 'dispatched') AND o.run_after <= now()) AS due,
                count(o.*) FILTER (WHERE o.state = 'running') AS running,
                (SELECT count(*) FROM outbox d WHERE d.state = 'done' AND d.settled_at > now() - interval '1 minute' AND d.priority = p.number) AS settled_last_minute,
                coalesce(extract(epoch FROM now() - min(o.run_after) FILTER (WHERE o.state IN ('pending', 'dispatched') AND o.run_after <= now())), 0)::float8 AS oldest_seconds
            FROM (VALUES (0, 'high'), (1, 'normal'), (2, 'low')) AS p(number, name)
            LEFT JOIN outbox o ON o.priority = p.number AND o.state IN ('pending', 'dispatched', 'running')
            GROUP BY p.number, p.name ORDER BY p.number
            """).ToListAsync(cancellationToken);

    /// <summary>The schedule, next slot first. One statement; as long as the list in the Worker's Schedule.cs.</summary>
    public static async Task<IReadOnlyList<RecurringView>> ListRecurringAsync(this ShopDb db, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<RecurringView>(
            $"""
            SELECT t.name, t.cron, t.time_zone, t.kind, t.missed, t.next_slot, last.slot AS last_slot, last.job_id AS last_job_id,
                (SELECT coalesce(sum(s.missed_before + CASE WHEN s.job_id IS NULL THEN 1 ELSE 0 END), 0)::bigint FROM schedule_slots s WHERE s.name = t.name) AS missed_slots
            FROM recurring_tasks t LEFT JOIN LATERAL (SELECT slot, job_id FROM schedule_slots s WHERE s.name = t.name ORDER BY slot DESC LIMIT 1) last ON true
            ORDER BY t.next_slot, t.name
            """).ToListAsync(cancellationToken);

    private static JobView View(OutboxRow row, bool isWhole) => new(
        row.Id, row.Kind, row.Version, row.State.ToString().ToLowerInvariant(), row.Priority.ToString().ToLowerInvariant(), JsonElement.Parse(row.Arguments),
        row.BatchKey == row.Id.ToString() ? null : row.BatchKey, row.Attempt, row.Failures, row.CreatedAt, row.RunAfter, row.LeaseUntil, row.SettledAt, row.Worker,
        row.FailureReason, isWhole ? row.FailureDetail : row.FailureDetail?.Split('\n', 2)[0].Trim(),
        ActivityContext.TryParse(row.TraceParent, null, out var trace) ? trace.TraceId.ToString() : null);
}
