using Commerce;
using Worker.Jobs;

namespace Worker.Housekeeping;

/// <summary>Deletes idempotency records that are old enough.</summary>
public sealed class PurgeIdempotencyRecords(ShopDb db, ILogger<PurgeIdempotencyRecords> logger) : IJob<NoArguments>
{
    public async Task RunAsync(NoArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        logger.LogInformation("{Count} rows deleted", await db.PurgeIdempotencyRecordsAsync(cancellationToken));
}
