using Commerce;
using Worker.Jobs;

namespace Worker.Housekeeping;

/// <summary>Deletes settled jobs and noted slots that are old enough.</summary>
public sealed class PurgeSettledJobs(ShopDb db, ILogger<PurgeSettledJobs> logger) : IJob<NoArguments>
{
    public async Task RunAsync(NoArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        logger.LogInformation("{Count} rows deleted", await db.PurgeSettledJobsAsync(cancellationToken));
}
