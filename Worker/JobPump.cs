using System.Collections.Concurrent;
using Commerce;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Outbox;
using Worker.Jobs;

namespace Worker;

/// <summary>
/// Takes as many jobs as there are free slots, claims them in PostgreSQL and runs them side by side. Ids come from Redis; while Redis is
/// away, and for what no relay has picked up, rows come straight from PostgreSQL, a little later; so do those of kinds with limits or batches.
/// </summary>
public sealed class JobPump(
    IServiceScopeFactory scopes, JobQueue queue, JobCatalog catalog, JobRunner runner, RunningJobs running, Heartbeats heartbeats, ILogger<JobPump> logger) : BackgroundService
{
    /// <summary>For ordinary jobs of any priority.</summary>
    public const int Slots = 80;

    /// <summary>The others are kept for payments: a mail server that hangs never holds them up.</summary>
    public const int SlotsBelowHigh = 64;

    /// <summary>Bulk work never takes all slots: a receipt always finds one soon.</summary>
    public const int LowSlots = 16;

    /// <summary>For kinds that limit their keys, which call other people's systems: neither they nor bulk work ever wait behind the other.</summary>
    public const int KeyedSlots = 16;

    /// <summary>Beside the others, for kinds with limits of their own or batches: those say themselves how many may run, and wait behind nothing else.</summary>
    public const int GatedSlots = 8;

    /// <summary>After this long a due row that no relay offered is claimed directly.</summary>
    private static readonly TimeSpan RelayGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>While more waits than there are slots, freed slots gather so long: a claim costs about the same for one job as for many.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(3);

    /// <summary>At shutdown running jobs may finish for so long; then they are cancelled and handed back.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(4);

    private readonly JobSignal _wake = new();
    private readonly ConcurrentDictionary<JobRun, JobSlot> _runs = new();

    private readonly CancellationTokenSource _noTimeLeft = new();
    private readonly string _worker = $"{Environment.MachineName}:{Environment.ProcessId}";
    private long _lookedDirectlyAt = Environment.TickCount64;
    private long _lookForGatedAt;
    private bool _hasBacklog;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var renewing = new CancellationTokenSource();
        var renewal = running.RenewAsync(renewing.Token);
        await queue.ListenAsync(_wake);
        await Loop.RunAsync(logger, async () =>
        {
            heartbeats.Beat(Signal.Pump);
            var started = await StartJobsAsync(stoppingToken);
            return started > 0 && Room().BelowHigh > 0 ? TimeSpan.Zero : Poll;
        }, _wake, stoppingToken);
        _noTimeLeft.CancelAfter(FinishWithin);
        while (!_runs.IsEmpty) await _wake.WaitAsync(Poll, CancellationToken.None);
        await renewing.CancelAsync();
        await renewal;
    }

    private async Task<int> StartJobsAsync(CancellationToken cancellationToken)
    {
        if (_hasBacklog && Room().BelowHigh < SlotsBelowHigh / 2) await Task.Delay(Gathering, CancellationToken.None);
        var room = Room();
        var rows = room.All > 0 ? await ClaimAsync(room, cancellationToken) : [];
        if (room.BelowHigh > 0) _hasBacklog = rows.Count >= room.BelowHigh;
        foreach (var row in rows.OrderBy(row => row.Priority).ThenBy(row => row.RunAfter)) Start(new JobRun([row]));
        var gated = await ClaimGatedAsync(cancellationToken);
        gated.ForEach(Start);
        return rows.Count + gated.Count;
    }

    private async Task<List<OutboxRow>> ClaimAsync(JobRoom room, CancellationToken cancellationToken)
    {
        var ids = await queue.TakeAsync(room);
        // Taken ids are gone from Redis, so a shutdown in between must not stop the claim.
        if (ids is { Length: > 0 }) return await scopes.QuietlyAsync(db => db.ClaimAsync(ids, _worker, CancellationToken.None));
        if (ids is not null && Environment.TickCount64 - _lookedDirectlyAt < RelayGrace.TotalMilliseconds) return [];
        _lookedDirectlyAt = Environment.TickCount64;
        var grace = ids is null ? TimeSpan.Zero : RelayGrace;
        return await scopes.QuietlyAsync(db => db.ClaimDueAsync(room, grace, _worker, cancellationToken));
    }

    /// <summary>Looks now and then, and at once when a gated job has ended, because another may have been waiting for its turn.</summary>
    private Task<List<JobRun>> ClaimGatedAsync(CancellationToken cancellationToken)
    {
        if (catalog.Gated.Count == 0 || Environment.TickCount64 < Volatile.Read(ref _lookForGatedAt)) return Task.FromResult<List<JobRun>>([]);
        Volatile.Write(ref _lookForGatedAt, Environment.TickCount64 + (long)Poll.TotalMilliseconds);
        return scopes.QuietlyAsync(async db =>
        {
            List<JobRun> runs = [];
            var room = new Dictionary<JobSlot, int> { [JobSlot.Keyed] = KeyedRoom(), [JobSlot.Gated] = GatedSlots - InUse(JobSlot.Gated) };
            foreach (var kind in (await db.GatedDueAsync([.. catalog.Gated.Keys], cancellationToken)).Select(name => catalog.Gated[name]))
            {
                if (room[kind.Slot] <= 0) continue;
                var claimed = await ClaimRunsAsync(db, kind, room[kind.Slot]);
                room[kind.Slot] -= claimed.Count;
                runs.AddRange(claimed);
            }
            return runs;
        });
    }

    private async Task<List<JobRun>> ClaimRunsAsync(ShopDb db, JobKind kind, int room)
    {
        if (kind.Slot is JobSlot.Keyed)
            return [.. (await db.ClaimTurnsAsync(kind, room, _worker, CancellationToken.None)).OrderBy(row => row.RunAfter).Select(row => new JobRun([row]))];
        var rows = await db.ClaimKeysAsync(kind, room, _worker, CancellationToken.None);
        return [.. rows.OrderBy(row => row.RunAfter).GroupBy(row => (row.BatchKey, row.Version)).Select(batch => new JobRun([.. batch]))];
    }

    private JobRoom Room()
    {
        var (all, belowHigh, low) = (Slots, SlotsBelowHigh, LowSlots);
        foreach (var (run, slot) in _runs)
        {
            if (slot is JobSlot.Gated) continue;
            var priority = run.Rows[0].Priority;
            all--;
            if (priority > JobPriority.High) belowHigh--;
            if (priority == JobPriority.Low && slot is JobSlot.Ordinary) low--;
        }
        belowHigh = Math.Min(belowHigh, all);
        return new JobRoom(all, belowHigh, Math.Min(low, belowHigh));
    }

    private int KeyedRoom() => Math.Min(Room().BelowHigh, KeyedSlots - InUse(JobSlot.Keyed));

    private int InUse(JobSlot kind) => _runs.Values.Count(slot => slot == kind);

    private void Start(JobRun run)
    {
        var isGated = run.Rows[0].BatchKey is not null;
        _runs[run] = isGated ? catalog.Gated[run.Rows[0].Kind].Slot : JobSlot.Ordinary;
        _ = Task.Run(async () =>
        {
            try
            {
                await runner.RunAsync(run, _noTimeLeft.Token);
            }
            catch (Exception failure)
            {
                logger.LogCritical(failure, "The runner broke on {Kind} {JobId}", run.Rows[0].Kind, run.Id);
            }
            finally
            {
                _runs.TryRemove(run, out _);
                if (isGated) Volatile.Write(ref _lookForGatedAt, 0);
                _wake.Raise();
            }
        }, CancellationToken.None);
    }

    public override void Dispose()
    {
        _noTimeLeft.Dispose();
        base.Dispose();
    }
}
