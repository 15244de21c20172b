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
/// away, and for what no relay has picked up, rows come straight from PostgreSQL, a little later; so do those of kinds with limits or batches.
/// </summary>
public sealed class JobPump(
    IServiceScopeFactory scopes, JobQueue queue, JobCatalog catalog, JobRunner runner, RunningJobs running, Heartbeats heartbeats, ILogger<JobPump> logger) : BackgroundService
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
    private readonly ConcurrentDictionary<(Guid Id, int Attempt), (Task Run, bool IsLow)> _runs = new();
    private readonly CancellationTokenSource _noTimeLeft = new();
    private readonly string _worker = $"{Environment.MachineName}:{Environment.ProcessId}";
    private long _lookedDirectlyAt = Environment.TickCount64;
    private long _lookForGatedAt;

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
        var rows = await ClaimAsync(free, FreeLow(free), cancellationToken);
        foreach (var row in rows.OrderBy(row => row.Priority).ThenBy(row => row.RunAfter)) Start([row]);
        var batches = await ClaimGatedAsync(cancellationToken);
        batches.ForEach(Start);
        return rows.Count + batches.Count;
    }

    /// <summary>Looks now and then, and at once when a gated job has ended, because another may have been waiting for its turn.</summary>
    private async Task<List<OutboxRow[]>> ClaimGatedAsync(CancellationToken cancellationToken)
    {
        List<OutboxRow[]> batches = [];
        if (catalog.Gated.Count == 0 || Environment.TickCount64 < Volatile.Read(ref _lookForGatedAt)) return batches;
        Volatile.Write(ref _lookForGatedAt, Environment.TickCount64 + (long)Poll.TotalMilliseconds);
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        // They share the slots of bulk work: which priority they have is not known before the claim.
        var free = FreeLow(Slots - _runs.Count);
        foreach (var kind in await db.GatedDueAsync([.. catalog.Gated.Keys], cancellationToken))
        {
            if (free <= batches.Count) break;
            var rows = await db.ClaimKeysAsync(catalog.Gated[kind], free - batches.Count, _worker, CancellationToken.None);
            batches.AddRange(rows.GroupBy(row => (row.BatchKey, row.Version)).Select(batch => batch.OrderBy(row => row.RunAfter).ToArray()));
        }
        return batches;
    }

    private int FreeLow(int free) => Math.Clamp(LowSlots - _runs.Values.Count(run => run.IsLow), 0, Math.Max(0, free));

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

    private void Start(IReadOnlyList<OutboxRow> rows)
    {
        var row = rows[0];
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs[(row.Id, row.Attempt)] = (run.Task, row.Priority == JobPriority.Low || row.BatchKey is not null);
        _ = Task.Run(async () =>
        {
            try
            {
                await runner.RunAsync(rows, _noTimeLeft.Token);
            }
            catch (Exception failure)
            {
                logger.LogCritical(failure, "The runner broke on {Kind} {JobId}", row.Kind, row.Id);
            }
            finally
            {
                _runs.TryRemove((row.Id, row.Attempt), out _);
                run.SetResult();
                if (row.BatchKey is not null) Volatile.Write(ref _lookForGatedAt, 0);
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
