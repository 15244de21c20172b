namespace Worker.Jobs;

/// <summary>What a failure means for the job.</summary>
public enum FailureKind
{
    /// <summary>The world failed: again, later.</summary>
    Retry,

    /// <summary>There is nothing left to do: the job is done, and its row says why.</summary>
    Ignore,

    /// <summary>Trying again cannot help: a dead letter at once, for a person.</summary>
    Page,
}

/// <summary>A job's own word on why it failed.</summary>
/// <remarks>The reason is a short stable code in kebab case; the back-off starts at the first delay, or at a second when that is null.</remarks>
public sealed class JobFailedException(FailureKind kind, string reason, string detail, Exception? cause = null, TimeSpan? firstDelay = null)
    : Exception(detail, cause)
{
    public FailureKind Kind { get; } = kind;
    public string Reason { get; } = reason;
    public TimeSpan? FirstDelay { get; } = firstDelay;
}
