namespace Commerce.Outbox;

/// <summary>A worker's slots: each sort has room of its own.</summary>
public enum JobSlot
{
    /// <summary>One of the job's priority.</summary>
    Ordinary,

    /// <summary>Of a kind that limits its keys.</summary>
    Keyed,

    /// <summary>Of a kind with a limit of its own, or with batches.</summary>
    Gated,
}

/// <summary>What the system knows of a kind of job without running it.</summary>
/// <param name="Name">Imperative, in kebab case; stored in every row.</param>
/// <param name="Version">Of its arguments: raised when an older worker could not understand them.</param>
/// <param name="MaxFailures">After so many failures the row is a dead letter.</param>
/// <param name="TimeLimit">A run is cancelled after this time and counts as failed.</param>
/// <param name="MostRunning">So many runs at once, on all workers together; null for as many as there are slots.</param>
/// <param name="IsBatched">Appended row by row, claimed and run as one by <see cref="NewJob.BatchKey"/>.</param>
/// <param name="Priority">Of its jobs, unless they say another.</param>
/// <param name="MostPerKey">Each row runs by itself, and so many of one <see cref="NewJob.BatchKey"/> at once, on all workers together: what waits for its turn holds no slot.</param>
public sealed record JobKind(
    string Name, int Version, int MaxFailures, TimeSpan TimeLimit, int? MostRunning = null, bool IsBatched = false, JobPriority Priority = JobPriority.Normal,
    int? MostPerKey = null)
{
    /// <summary>Its rows are about something that limits them.</summary>
    public bool HasKey => IsBatched || MostPerKey is not null;

    /// <summary>Its rows are claimed under the kind's lock in PostgreSQL and never go through Redis.</summary>
    public bool IsGated => HasKey || MostRunning is not null;

    /// <summary>Which of a worker's slots its jobs take.</summary>
    public JobSlot Slot => MostPerKey is not null ? JobSlot.Keyed : IsGated ? JobSlot.Gated : JobSlot.Ordinary;

    /// <summary>Failures until a dead letter that take about a day by the back-off, whatever its first delay: a night without Stripe or mail loses nothing.</summary>
    public const int ADay = 44;

    /// <summary>The same for about a day and a third: for what gives up by itself, and only after a day.</summary>
    public const int DayAndAThird = 52;

    /// <summary>The same for half an hour, from a first delay of one second: what comes again with the next slot of the schedule.</summary>
    public const int HalfAnHour = 12;

    /// <summary>For kinds of a newer version of the system: by the back-off from 30 s, about half a day of waiting for a newer worker.</summary>
    public const int UnknownMaxFailures = 22;
}
