using System.Collections.Concurrent;
using Commerce;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Outbox;
using OpenTelemetry;
using Worker.Jobs;

namespace Worker;

/// <summary>
/// Takes as many jobs as there are free slots, claims them in PostgreSQL and runs them side by side. Ids come from Redis; while Redis is
/// away, and for what no relay has picked up, rows come straight from PostgreSQL, a little later.
/// </summary>
public sealed class JobPump(
    IServiceScopeFactory scopes, JobQueue queue, JobRunner runner, RunningJobs running, Heartbeats heartbeats, ILogger<JobPump> logger) : BackgroundService
{
    public const int Slots = 16;

    /// <summary>Bulk work never takes all slots: a receipt always finds one soon.</summary>
    public const int LowSlots = 8;

    /// <summary>After this long a due row that no relay offered is claimed directly.</summary>
    private static readonly TimeSpan RelayGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(1);

    /// <summary>At shutdown running jobs may finish for so long; then they are cancelled and handed back.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(4);

    private readonly JobSignal _wake = new();
    private readonly ConcurrentDictionary<JobClaim, (Task Run, bool IsLow)> _runs = new();
    private readonly CancellationTokenSource _noTimeLeft = new();
    private readonly string _worker = $"{Environment.MachineName}:{Environment.ProcessId}";
    private long _lookedDirectlyAt = Environment.TickCount64;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var renewing = new CancellationTokenSource();
        var renewal = running.RenewAsync(renewing.Token);
        await queue.ListenAsync(_wake);
        while (!stoppingToken.IsCancellationRequested)
        {
            heartbeats.Beat(Signal.Pump);
            var started = 0;
            try
            {
                started = await StartJobsAsync(stoppingToken);
            }
            catch (Exception failure) when (ShopDb.IsOutage(failure))
            {
                logger.LogWarning(failure, "The worker could not reach PostgreSQL and tries again");
                await Task.Delay(AfterOutage, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (started == 0 || _runs.Count >= Slots)
                await _wake.WaitAsync(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await FinishAsync();
        await renewing.CancelAsync();
        await renewal;
    }

    private async Task<int> StartJobsAsync(CancellationToken cancellationToken)
    {
        var free = Slots - _runs.Count;
        if (free <= 0) return 0;
        var freeLow = Math.Clamp(LowSlots - _runs.Values.Count(run => run.IsLow), 0, free);
        var rows = await ClaimAsync(free, freeLow, cancellationToken);
        foreach (var row in rows.OrderBy(row => row.Priority).ThenBy(row => row.RunAfter))
            Start(row);
        return rows.Count;
    }

    private async Task<List<OutboxRow>> ClaimAsync(int free, int freeLow, CancellationToken cancellationToken)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        var ids = await queue.TakeAsync(free, freeLow);
        if (ids is { Length: 0 } && Environment.TickCount64 - _lookedDirectlyAt < RelayGrace.TotalMilliseconds) return [];

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        // Taken ids are gone from Redis, so a shutdown in between must not stop the claim.
        if (ids is { Length: > 0 }) return await db.ClaimAsync(ids, _worker, CancellationToken.None);
        _lookedDirectlyAt = Environment.TickCount64;
        var lowest = freeLow > 0 ? JobPriority.Low : JobPriority.Normal;
        return await db.ClaimDueAsync(freeLow > 0 ? Math.Min(free, LowSlots) : free, ids is null ? TimeSpan.Zero : RelayGrace, lowest, _worker, cancellationToken);
    }

    private void Start(OutboxRow row)
    {
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var claim = new JobClaim(row.Id, row.Attempt);
        _runs[claim] = (run.Task, row.Priority == JobPriority.Low);
        _ = Task.Run(async () =>
        {
            try
            {
                await runner.RunAsync(row, _noTimeLeft.Token);
            }
            catch (Exception failure)
            {
                logger.LogCritical(failure, "The runner broke on {Kind} {JobId}", row.Kind, row.Id);
            }
            finally
            {
                _runs.TryRemove(claim, out _);
                run.SetResult();
                _wake.Raise();
            }
        }, CancellationToken.None);
    }

    private async Task FinishAsync()
    {
        _noTimeLeft.CancelAfter(FinishWithin);
        await Task.WhenAll(_runs.Values.Select(run => run.Run));
    }

    public override void Dispose()
    {
        _noTimeLeft.Dispose();
        base.Dispose();
    }
}
