using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce;
using Commerce.Jobs;
using OpenTelemetry;

namespace Worker.Jobs;

/// <summary>
/// The claims this worker holds. One statement renews them all; a run whose claim is lost, or could not be renewed within its lease,
/// is cancelled, because another worker may be running the same job.
/// </summary>
public sealed class RunningJobs(IServiceScopeFactory scopes, ILogger<RunningJobs> logger)
{
    private readonly ConcurrentDictionary<JobClaim, Held> _held = new();

    private sealed class Held(CancellationTokenSource lost)
    {
        public CancellationTokenSource Lost { get; } = lost;
        public long RenewedAt { get; set; } = Stopwatch.GetTimestamp();
    }

    /// <returns>Cancelled when the claim is lost. Dispose it with the run.</returns>
    public CancellationTokenSource Hold(JobClaim claim)
    {
        var lost = new CancellationTokenSource();
        _held[claim] = new Held(lost);
        return lost;
    }

    public void Release(JobClaim claim) => _held.TryRemove(claim, out _);

    /// <summary>Renews until cancelled.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        using var timer = new PeriodicTimer(JobClaim.RenewEvery);
        while (await NextAsync(timer, cancellationToken))
        {
            try
            {
                if (!_held.IsEmpty) await RenewOnceAsync(cancellationToken);
            }
            catch (Exception failure) when (ShopDb.IsOutage(failure) || failure is OperationCanceledException)
            {
                logger.LogWarning(failure, "The leases of {Count} running jobs could not be renewed", _held.Count);
            }
            foreach (var held in _held.Values.Where(held => Stopwatch.GetElapsedTime(held.RenewedAt) > JobClaim.Lease))
                Cancel(held);
        }
    }

    internal async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var before = Stopwatch.GetTimestamp();
        var snapshot = _held.ToArray();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        var still = (await db.RenewAsync([.. snapshot.Select(pair => pair.Key)], cancellationToken)).ToHashSet();
        foreach (var (claim, held) in snapshot)
            if (still.Contains(claim.Id)) held.RenewedAt = before;
            else Cancel(held);
    }

    private static void Cancel(Held held)
    {
        try
        {
            held.Lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended in between.
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
