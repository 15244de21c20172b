using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Commerce.Orders;

/// <summary>
/// Takes orders. While <see cref="MaxInFlight"/> batches are on their way, the next gathers: on a quiet shop every batch has one order, on a hot
/// item many share one transaction and one lock of the stock row.
/// </summary>
public sealed class OrderDesk
{
    /// <summary>Most orders in one transaction.</summary>
    public const int MaxBatch = 128;

    /// <summary>One batch is priced and written while the other commits. More would only wait for the same stock, and be smaller.</summary>
    public const int MaxInFlight = 2;

    /// <summary>From so many orders in a batch on the desk is in demand.</summary>
    private const int Demand = 8;

    /// <summary>In demand it lets more orders come for so long before it takes the next batch, unless a full one waits: half of a batch's cost is the same for any number.</summary>
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
    private Task? _loops;

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
        if (_loops is not null) return;
        lock (_starting)
        {
            if (_loops is null)
                using (ExecutionContext.SuppressFlow()) // the loops outlive the request that starts them
                    _loops = Task.WhenAll(Enumerable.Range(0, MaxInFlight).Select(_ => Task.Run(RunAsync)));
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var batch = new List<Waiting>();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var next))
            {
                if (_clock.GetElapsedTime(next.Since) > MaxWait) next.Answer.SetException(TurnAway());
                else batch.Add(next);
            }
            if (batch.Count > 0) await CommitAsync(batch);
            if (batch.Count >= Demand && _queue.Reader.Count < MaxBatch) await Task.Delay(Gathering);
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
        catch (Exception error) when (batch.Count > 1 && !IsDatabaseAway(error))
        {
            _log.LogWarning(error, "A batch of {Count} orders failed; each is tried alone.", batch.Count);
            foreach (var waiting in batch) await CommitAsync([waiting]);
        }
        catch (Exception error)
        {
            foreach (var waiting in batch) waiting.Answer.TrySetException(error);
        }
    }

    /// <summary>No order's fault, so trying each alone would only take longer.</summary>
    private static bool IsDatabaseAway(Exception error) => error is RetryLimitExceededException or NpgsqlException { IsTransient: true } or TimeoutException;

    private sealed record Waiting(Placing Placing, long Since)
    {
        public TaskCompletionSource<PlacingAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
