namespace Commerce.Outbox;

/// <summary>
/// One side effect, written in the transaction that causes it, and the only truth about its job. The row is outbox and inbox at once:
/// <c>pending -> dispatched -> running(attempt, lease) -> done | dead</c>, and <c>dead -> pending | discarded</c> by a person's hand. Redis only
/// carries its id, and only of rows without a <see cref="BatchKey"/>.
/// </summary>
public sealed class OutboxRow
{
    /// <summary>Version 7: rises with time. Never read as a cursor, because commits happen in another order.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Kind { get; init; }
    public required int Version { get; init; }

    /// <summary>JSON object of ids.</summary>
    public required string Arguments { get; init; }

    public string? DedupeKey { get; init; }

    /// <summary>What the kind's limit counts: rows of one batched kind and key are claimed together and never run side by side, of a kind that limits its
    /// keys only so many run at once. Null for kinds without limits; a kind that only limits how many run at once has a key for every row.</summary>
    public string? BatchKey { get; init; }

    /// <summary>W3C traceparent of the cause; the job's span becomes its child.</summary>
    public string? TraceParent { get; init; }

    public required JobPriority Priority { get; init; }
    /// <summary>By PostgreSQL's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Left at its default: the start of the transaction by PostgreSQL's clock, so no other clock can delay a job that is due.</summary>
    public DateTimeOffset RunAfter { get; set; }

    public JobState State { get; set; } = JobState.Pending;
    public DateTimeOffset? DispatchedAt { get; set; }

    /// <summary>The fence: every claim raises it, and whoever holds an older number can no longer settle.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts that failed or lost their lease. Work handed back at shutdown does not count.</summary>
    public int Failures { get; set; }

    /// <summary>By PostgreSQL's clock. Past it the run counts as lost.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The worker that holds or last held the row: host and process id.</summary>
    public string? Worker { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>Short stable code of the last failure, such as <c>smtp-rejected</c>; of a job that was done without doing anything, why, such as <c>order-gone</c>.</summary>
    public string? FailureReason { get; set; }

    /// <summary>The last exception as text, cut to <see cref="MaxFailureDetail"/>.</summary>
    public string? FailureDetail { get; set; }

    /// <summary>Characters.</summary>
    public const int MaxFailureDetail = 4000;

    /// <summary>Characters.</summary>
    public const int MaxBatchKey = 100;
}

/// <summary>Where a row is on its way.</summary>
public enum JobState
{
    /// <summary>Waiting for its time or for a relay.</summary>
    Pending,

    /// <summary>Its id was offered to Redis.</summary>
    Dispatched,

    Running,
    Done,

    /// <summary>A dead letter: nobody tries again until a person replays it.</summary>
    Dead,

    /// <summary>A dead letter a person gave up, with a reason in the audit trail.</summary>
    Discarded,
}
