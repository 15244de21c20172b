using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Commerce.Orders;

/// <summary>
/// Takes orders. While <see cref="MaxInFlight"/> batches are on their way, the next gathers: on a quiet shop every batch has one order, on a hot
/// item many share one transaction and one lock of the stock row. Half of a batch's cost is the same for any number of orders, so a desk in
/// demand takes no small ones, and shares what waits evenly among the batches it may have under way.
/// </summary>
public sealed class OrderDesk
{
    /// <summary>Most orders in one transaction.</summary>
    public const int MaxBatch = 128;

    /// <summary>One batch is priced and written while the other commits. More would only wait for the same stock, and be smaller.</summary>
    public const int MaxInFlight = 2;

    /// <summary>From so many orders in a batch on the desk is in demand.</summary>
    internal const int Demand = 8;

    /// <summary>In demand a batch waits until it is as large as what is under way, but no longer than this.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1);

    /// <summary>Most orders that may wait before the shop says it is busy.</summary>
    public const int MaxWaiting = 2048;

    /// <summary>An order that has waited this long for its batch is told that the shop is busy, and is not placed.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private static readonly Meter Meter = new("Commerce");
    private static readonly Histogram<int> BatchSizes = Meter.CreateHistogram<int>("orders.batch.size", "{order}", "Orders that shared a transaction");
    private static readonly Counter<int> TurnedAway = Meter.CreateCounter<int>("orders.turned_away", "{order}", "Orders refused because too many waited");

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting));
    private readonly Lock _starting = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly OrderOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<OrderDesk> _log;
    private Task? _loop;
    private int _underWay;
    private volatile Gathered? _gathering;

    public OrderDesk(IServiceScopeFactory scopes, IOptions<OrderOptions> options, TimeProvider clock, ILogger<OrderDesk> log)
    {
        (_scopes, _options, _clock, _log) = (scopes, options.Value, clock, log);
    }

    /// <summary>Places the order, or replays the first answer given under its key. A caller that goes away keeps its order.</summary>
    /// <exception cref="OrderQueueFullException">Too many orders wait already; this one was not placed.</exception>
    public async Task<PlacingAnswer> PlaceAsync(PlaceOrder wish, CancellationToken cancellation)
    {
        var waiting = new Waiting(new Placing(wish), _clock.GetTimestamp());
        if (!_queue.Writer.TryWrite(waiting)) throw TurnAway();
        EnsureRunning();
        if (_gathering is { } gathering && _queue.Reader.Count >= gathering.Enough) gathering.Done.TrySetResult();
        return await waiting.Answer.Task.WaitAsync(cancellation);
    }

    private static OrderQueueFullException TurnAway()
    {
        TurnedAway.Add(1);
        return new OrderQueueFullException();
    }

    /// <summary>In whole milliseconds, so that an answer says the same moment as the database later.</summary>
    private DateTimeOffset Now()
    {
        var now = _clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    private void EnsureRunning()
    {
        if (_loop is not null) return;
        lock (_starting)
        {
            if (_loop is null)
                using (ExecutionContext.SuppressFlow()) // the loop outlives the request that starts it
                    _loop = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        using var free = new SemaphoreSlim(MaxInFlight);
        var isInDemand = false;
        while (await _queue.Reader.WaitToReadAsync())
        {
            await free.WaitAsync();
            if (isInDemand) await GatherAsync();
            var batch = Take();
            isInDemand = batch.Count >= Demand;
            _ = Task.Run(() => SendOffAsync(batch, free));
        }
    }

    private async Task GatherAsync()
    {
        var gathering = new Gathered(Math.Clamp(_underWay, Demand, MaxBatch));
        _gathering = gathering;
        if (_queue.Reader.Count < gathering.Enough) await Task.WhenAny(gathering.Done.Task, Task.Delay(Gathering));
        _gathering = null;
    }

    /// <summary>What waits, without those that have waited too long. With nothing under way it is shared with the batch that follows.</summary>
    private List<Waiting> Take()
    {
        var waiting = _queue.Reader.Count;
        var most = _underWay == 0 && waiting >= MaxInFlight * Demand ? Math.Min(MaxBatch, waiting / MaxInFlight) : MaxBatch;
        var batch = new List<Waiting>();
        while (batch.Count < most && _queue.Reader.TryRead(out var next))
        {
            if (_clock.GetElapsedTime(next.Since) > MaxWait) next.Answer.SetException(TurnAway());
            else batch.Add(next);
        }
        Interlocked.Add(ref _underWay, batch.Count);
        return batch;
    }

    private async Task SendOffAsync(List<Waiting> batch, SemaphoreSlim free)
    {
        try
        {
            if (batch.Count > 0) await CommitAsync(batch);
        }
        finally
        {
            Interlocked.Add(ref _underWay, -batch.Count);
            free.Release();
        }
    }

    private async Task CommitAsync(IReadOnlyList<Waiting> batch)
    {
        try
        {
            using var activity = Telemetry.Source.StartActivity("commit orders", ActivityKind.Internal, batch[0].Placing.Trace,
                tags: [new("orders.batch", batch.Count)], links: batch.Skip(1).Select(w => new ActivityLink(w.Placing.Trace)));
            await using var scope = _scopes.CreateAsyncScope();
            var answers = await OrderBatch.CommitAsync(scope.ServiceProvider.GetRequiredService<ShopDb>(), [.. batch.Select(w => w.Placing)],
                _options.HoldTime, Now(), CancellationToken.None);
            BatchSizes.Record(batch.Count);
            foreach (var (waiting, answer) in batch.Zip(answers)) waiting.Answer.SetResult(answer);
        }
        catch (Exception error) when (batch.Count > 1 && !ShopDb.IsUnreachable(error)) // else it is no order's fault, and trying each alone would only take longer
        {
            _log.LogWarning(error, "A batch of {Count} orders failed; each is tried alone.", batch.Count);
            foreach (var waiting in batch) await CommitAsync([waiting]);
        }
        catch (Exception error)
        {
            foreach (var waiting in batch) waiting.Answer.TrySetException(error);
        }
    }

    /// <param name="Enough">So many orders end the gathering.</param>
    private sealed record Gathered(int Enough)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Waiting(Placing Placing, long Since)
    {
        public TaskCompletionSource<PlacingAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
