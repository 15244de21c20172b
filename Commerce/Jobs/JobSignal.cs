using System.Threading.Channels;

namespace Commerce.Jobs;

/// <summary>A wake-up within one process that coalesces: however often it is raised, one waiter wakes once.</summary>
public sealed class JobSignal
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Returns at the signal or after <paramref name="atMost"/>, whichever comes first.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(atMost);
        try
        {
            await _raised.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up: the caller polls.
        }
    }
}
