using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce;
using Commerce.Jobs;
using OpenTelemetry;

namespace Worker.Jobs;

/// <summary>
/// Group commit for jobs that end without writes of their own: while one statement settles a group, the next group gathers. A job alone is a
/// group of one and waits for nobody.
/// </summary>
public sealed class JobSettler(IServiceScopeFactory scopes)
{
    private const int MostAtOnce = 500;

    private readonly ConcurrentQueue<(JobClaim Claim, TaskCompletionSource End)> _waiting = new();
    private int _isWriting;

    /// <summary>Returns once the end of the job is committed.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed the row since.</exception>
    public Task SettleAsync(JobClaim claim)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((claim, end));
        if (Interlocked.Exchange(ref _isWriting, 1) == 0) _ = Task.Run(WriteAsync);
        return end.Task;
    }

    private async Task WriteAsync()
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        Activity.Current = null;
        do
        {
            while (NextGroup() is { Count: > 0 } group) await WriteAsync(group);
            Volatile.Write(ref _isWriting, 0);
        }
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _isWriting, 1) == 0);
    }

    private async Task WriteAsync(List<(JobClaim Claim, TaskCompletionSource End)> group)
    {
        try
        {
            using var patience = new CancellationTokenSource(JobRunner.SettlePatience);
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            var held = (await db.SettleAsync([.. group.Select(job => job.Claim)], patience.Token)).ToHashSet();
            foreach (var (claim, end) in group)
                if (held.Contains(claim.Id)) end.SetResult();
                else end.SetException(new LeaseLostException(claim));
        }
        catch (Exception failure)
        {
            // Every job of the group hears it, and its runner decides.
            foreach (var (_, end) in group) end.TrySetException(failure);
        }
    }

    private List<(JobClaim, TaskCompletionSource)> NextGroup()
    {
        List<(JobClaim, TaskCompletionSource)> group = [];
        while (group.Count < MostAtOnce && _waiting.TryDequeue(out var job)) group.Add(job);
        return group;
    }
}
