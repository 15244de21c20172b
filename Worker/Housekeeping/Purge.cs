using Commerce;
using Worker.Jobs;

namespace Worker.Housekeeping;

/// <summary>Deletes what is old enough, by the one list of <see cref="Commerce.Housekeeping.All"/>.</summary>
public sealed class Purge(ShopDb db, TimeProvider clock, ILogger<Purge> logger) : IJob<NoArguments>
{
    public async Task RunAsync(NoArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        foreach (var retention in Commerce.Housekeeping.All)
            if (await db.PurgeAsync(retention, clock.GetUtcNow(), cancellationToken) is > 0 and var count)
                logger.LogInformation("{What}: {Count} rows older than {Days} days deleted", retention.What, count, retention.Keep.TotalDays);
    }
}
