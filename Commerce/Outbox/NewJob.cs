namespace Commerce.Outbox;

/// <summary>A side effect to happen after the current unit of work has committed.</summary>
/// <param name="Kind">One of <see cref="JobKinds"/>.</param>
/// <param name="Arguments">Ids only, nothing that can go stale; stored as JSON with camelCase names.</param>
/// <param name="DedupeKey">At most one row per kind and key: a second one fails the unit of work with a unique violation.</param>
/// <param name="TraceParent">W3C trace context to continue; the current activity's when null.</param>
/// <param name="RunAfter">Not before this moment; as soon as possible when null.</param>
/// <param name="BatchKey">For kinds with keys, and for them always: what the job is about. All due jobs of one batched kind and key run as one, and one at a time;
/// of a kind that limits its keys only so many run at once.</param>
/// <param name="Priority">Which queue; the kind's when null.</param>
public sealed record NewJob(
    string Kind,
    object Arguments,
    string? DedupeKey = null,
    string? TraceParent = null,
    DateTimeOffset? RunAfter = null,
    JobPriority? Priority = null,
    string? BatchKey = null);

/// <summary>The queues, first served first: a queue is served only while the ones above it are empty or at their limit.</summary>
public enum JobPriority
{
    /// <summary>Payments: some slots of every worker are theirs alone.</summary>
    High = 0,
    Normal = 1,

    /// <summary>Bulk, and what calls other people's systems: never more than a part of a worker's slots.</summary>
    Low = 2,
}
