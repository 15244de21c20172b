using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce.Jobs;

namespace Worker.Jobs;

/// <summary>
/// The claims this worker holds. One statement renews them all; a run whose claim is lost, or could not be renewed within its lease,
/// is cancelled, because another worker may be running the same job.
/// </summary>
public sealed class RunningJobs(IServiceScopeFactory scopes, ILogger<RunningJobs> logger)
{
    private readonly ConcurrentDictionary<JobClaim, Held> _held = new();

    private sealed class Held
    {
        /// <summary>Never disposed, and needs it not: it has no timer, and a late cancellation finds it alive.</summary>
        public CancellationTokenSource Lost { get; } = new();

        public long RenewedAt { get; set; } = Stopwatch.GetTimestamp();
    }

    /// <returns>Cancelled when the claim is lost.</returns>
    public CancellationToken Hold(JobClaim claim) => _held.GetOrAdd(claim, _ => new Held()).Lost.Token;

    public void Release(JobClaim claim) => _held.TryRemove(claim, out _);

    /// <summary>Renews until cancelled.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) => Loop.RunAsync(logger, async () =>
    {
        try
        {
            if (!_held.IsEmpty) await RenewOnceAsync(cancellationToken);
        }
        finally
        {
            foreach (var held in _held.Values.Where(held => Stopwatch.GetElapsedTime(held.RenewedAt) > JobClaim.Lease)) await held.Lost.CancelAsync();
        }
        return JobClaim.RenewEvery;
    }, wake: null, cancellationToken);

    internal async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var before = Stopwatch.GetTimestamp();
        var snapshot = _held.ToArray();
        var still = (await scopes.QuietlyAsync(db => db.RenewAsync([.. snapshot.Select(pair => pair.Key)], cancellationToken))).ToHashSet();
        foreach (var (claim, held) in snapshot)
            if (still.Contains(claim.Id)) held.RenewedAt = before;
            else await held.Lost.CancelAsync();
    }
}
