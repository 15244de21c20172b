namespace Commerce.Jobs;

/// <summary>A wake-up within one process that coalesces: however often it is raised, the next wait ends once.</summary>
public class JobSignal
{
    private readonly SemaphoreSlim _raised = new(0);

    /// <remarks>Two at the same moment may end two waits, which costs one look in vain.</remarks>
    public void Raise()
    {
        if (_raised.CurrentCount == 0) _raised.Release();
    }

    /// <summary>Returns at the signal or after <paramref name="atMost"/>, whichever comes first.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _raised.WaitAsync(atMost, cancellationToken);
}

/// <summary>The relay's own wake-up, apart from a worker's. To be raised after commit by code that writes outbox rows without SaveChanges.</summary>
public sealed class RelaySignal : JobSignal;
