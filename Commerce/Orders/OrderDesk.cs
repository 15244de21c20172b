using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Commerce.Orders;

/// <summary>
/// Takes orders. While one batch commits, the next gathers: on a quiet shop every batch has one order, on a hot item many share
/// one transaction and one lock of the stock row.
/// </summary>
public sealed class OrderDesk(IServiceScopeFactory scopes, IOptions<OrderOptions> options, TimeProvider clock, ILogger<OrderDesk> log)
{
    /// <summary>Most orders in one transaction, and most that may wait before the shop says it is busy.</summary>
    public const int MaxBatch = 64;
    public const int MaxWaiting = 2048;

    private const int MaxPricings = 3;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Lock _starting = new();
    private Task? _loop;

    /// <summary>Places the order, or replays the first answer given under its key. A caller that goes away keeps its order.</summary>
    /// <exception cref="OrderQueueFullException">Too many orders wait already.</exception>
    public async Task<PlacingAnswer> PlaceAsync(PlaceOrder wish, CancellationToken cancellation)
    {
        for (var pricing = 1; pricing <= MaxPricings; pricing++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            var record = await db.IdempotencyRecords.AsNoTracking().FirstOrDefaultAsync(r => r.Key == wish.IdempotencyKey, cancellation);
            if (record is not null) return PlacingAnswer.Replay(record, wish.Fingerprint());

            var draft = await OrderDraft.PriceAsync(db, wish, options.Value.HoldTime, Now(), cancellation);
            var waiting = new Waiting(draft);
            if (!_queue.Writer.TryWrite(waiting)) throw new OrderQueueFullException();
            EnsureRunning();
            var result = await waiting.Result.Task.WaitAsync(cancellation);
            if (result.Answer is { } answer) return answer;
        }
        return new PlacingAnswer(null, new Refusal(OrderRefusals.TotalChanged, "The basket keeps changing while it is being ordered; show it and ask again."));
    }

    /// <summary>In whole milliseconds, so that an answer says the same moment as the database later.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    private void EnsureRunning()
    {
        lock (_starting)
        {
            if (_loop is null)
                using (ExecutionContext.SuppressFlow()) // the loop outlives the request that starts it
                    _loop = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var batch = new List<Waiting>();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var next)) batch.Add(next);
            await CommitAsync(batch);
        }
    }

    private async Task CommitAsync(IReadOnlyList<Waiting> batch)
    {
        try
        {
            using var activity = Telemetry.Source.StartActivity("commit orders", ActivityKind.Internal, batch[0].Draft.Trace,
                tags: [new("orders.batch", batch.Count)], links: batch.Skip(1).Select(w => new ActivityLink(w.Draft.Trace)));
            await using var scope = scopes.CreateAsyncScope();
            var results = await OrderBatch.CommitAsync(scope.ServiceProvider.GetRequiredService<ShopDb>(), [.. batch.Select(w => w.Draft)],
                Now(), CancellationToken.None);
            foreach (var (waiting, result) in batch.Zip(results)) waiting.Result.SetResult(result);
        }
        catch (Exception error) when (batch.Count > 1)
        {
            log.LogWarning(error, "A batch of {Count} orders failed; each is tried alone.", batch.Count);
            foreach (var waiting in batch) await CommitAsync([waiting]);
        }
        catch (Exception error)
        {
            batch[0].Result.TrySetException(error);
        }
    }

    private sealed record Waiting(OrderDraft Draft)
    {
        public TaskCompletionSource<BatchResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
