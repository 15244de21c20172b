using Commerce;
using Worker.Jobs;

namespace Worker.Housekeeping;

/// <summary>Deletes baskets nobody has touched for long.</summary>
public sealed class PurgeBaskets(ShopDb db, ILogger<PurgeBaskets> logger) : IJob<NoArguments>
{
    public async Task RunAsync(NoArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        logger.LogInformation("{Count} rows deleted", await db.PurgeBasketsAsync(cancellationToken));
}
