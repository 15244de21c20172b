using Commerce.OnCall;
using Commerce.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Jobs;

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

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var poll = FastestPoll;
        var repairAt = long.MinValue;
        return Loop.RunAsync(logger, async () =>
        {
            heartbeats.Beat(Signal.Relay);
            var moved = await RelayAsync(stoppingToken);
            if (Environment.TickCount64 >= repairAt)
            {
                await RepairAsync(stoppingToken);
                repairAt = Environment.TickCount64 + (long)RepairEvery.TotalMilliseconds;
            }
            poll = moved > 0 ? FastestPoll : TimeSpan.FromTicks(Math.Min(poll.Ticks * 2, SlowestPoll.Ticks));
            return moved == BatchSize ? TimeSpan.Zero : poll;
        }, signal, stoppingToken);
    }

    private async Task<int> RelayAsync(CancellationToken cancellationToken)
    {
        if (!queue.IsAvailable) return 0;
        var rows = await scopes.QuietlyAsync(db => db.DispatchDueAsync(BatchSize, cancellationToken));
        rows.ForEach(JobTelemetry.Relayed);
        await OfferAsync(rows);
        return rows.Count;
    }

    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        var lost = await scopes.QuietlyAsync(db => db.SweepAsync(cancellationToken));
        if (lost > 0) logger.LogWarning("{Count} jobs lost their worker and run again", lost);
        await OfferAsync(await scopes.QuietlyAsync(db => db.DispatchAgainAsync(BatchSize, cancellationToken)));
    }

    private async Task OfferAsync(List<OutboxRow> rows)
    {
        if (rows.Count > 0 && !await queue.OfferAsync(rows))
            await scopes.QuietlyAsync(db => db.TakeBackAsync([.. rows.Select(row => row.Id)], CancellationToken.None));
    }
}
