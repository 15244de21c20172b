using System.Diagnostics;
using Commerce.OnCall;
using Commerce.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Commerce.Jobs;

/// <summary>The relay's own wake-up, apart from a worker's.</summary>
public sealed class RelaySignal
{
    private readonly JobSignal _signal = new();

    /// <summary>To be called after commit by code that writes outbox rows without SaveChanges.</summary>
    public void Raise() => _signal.Raise();

    internal Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, cancellationToken);
}

/// <summary>
/// Hands due outbox rows to Redis: at once when this process committed them, else by polling. Also repairs what was lost on the way.
/// Any number of processes run it; none leads. While Redis is away rows stay pending and workers claim them from PostgreSQL.
/// </summary>
internal sealed class JobRelay(IServiceScopeFactory scopes, JobQueue queue, RelaySignal signal, Heartbeats heartbeats, ILogger<JobRelay> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan FastestPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepairEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = FastestPoll;
        long? repaired = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            heartbeats.Beat(Signal.Relay);
            var moved = 0;
            try
            {
                moved = await RelayAsync(JobRows.DispatchDueAsync, firstOffer: true, stoppingToken);
                if (IsTime(ref repaired, RepairEvery)) await RepairAsync(stoppingToken);
            }
            catch (Exception failure) when (ShopDb.IsOutage(failure))
            {
                logger.LogWarning(failure, "The relay could not reach PostgreSQL and tries again");
                await Task.Delay(SlowestPoll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (moved == BatchSize) continue;
            poll = moved > 0 ? FastestPoll : TimeSpan.FromTicks(Math.Min(poll.Ticks * 2, SlowestPoll.Ticks));
            await signal.WaitAsync(poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        var lost = await QuietlyAsync(db => db.SweepAsync(cancellationToken));
        if (lost > 0) logger.LogWarning("{Count} jobs lost their worker and run again", lost);
        await RelayAsync(JobRows.DispatchAgainAsync, firstOffer: false, cancellationToken);
    }

    private async Task<int> RelayAsync(
        Func<ShopDb, int, CancellationToken, Task<List<OutboxRow>>> dispatch, bool firstOffer, CancellationToken cancellationToken)
    {
        if (firstOffer && !queue.IsAvailable) return 0;
        var rows = await QuietlyAsync(db => dispatch(db, BatchSize, cancellationToken));
        if (rows.Count == 0) return 0;
        if (firstOffer) rows.ForEach(JobTelemetry.Relayed);
        using var quiet = SuppressInstrumentationScope.Begin();
        if (!await queue.OfferAsync(rows))
            await QuietlyAsync(async db =>
            {
                await db.TakeBackAsync([.. rows.Select(row => row.Id)], CancellationToken.None);
                return 0;
            });
        return rows.Count;
    }

    /// <summary>Polling must not fill the traces.</summary>
    private async Task<T> QuietlyAsync<T>(Func<ShopDb, Task<T>> work)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ShopDb>());
    }

    private static bool IsTime(ref long? last, TimeSpan every)
    {
        if (last is { } then && Stopwatch.GetElapsedTime(then) < every) return false;
        last = Stopwatch.GetTimestamp();
        return true;
    }
}
