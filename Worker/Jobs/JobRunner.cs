using System.Diagnostics;
using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;

namespace Worker.Jobs;

/// <summary>Runs one claimed row, or the claimed rows of one batch key, from its span to its settlement, whatever happens in between.</summary>
public sealed class JobRunner(IServiceScopeFactory scopes, JobCatalog catalog, RunningJobs running, JobSettler settler, ILogger<JobRunner> logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    /// <summary>Writing down how a run ended must not hang on a database that has gone: then the lease runs out.</summary>
    internal static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(10);

    /// <remarks><paramref name="stopping"/> is cancelled when the worker has to go and no time is left to finish: the job is handed back.</remarks>
    public async Task RunAsync(JobRun run, CancellationToken stopping)
    {
        var row = run.Rows[0];
        var started = Stopwatch.GetTimestamp();
        using var activity = JobTelemetry.Start(row);
        var lost = running.Hold(run.Claim);
        string outcome;
        try
        {
            outcome = await RunToOutcomeAsync(run, lost, stopping);
        }
        catch (LeaseLostException)
        {
            logger.LogWarning("Attempt {Attempt} of {Kind} {JobId} lost its row and left no trace", row.Attempt, row.Kind, row.Id);
            outcome = "lost";
        }
        catch (Exception failure) when (ShopDb.IsOutage(failure) || failure is OperationCanceledException)
        {
            logger.LogError(failure, "The end of {Kind} {JobId} could not be written down: its lease will run out", row.Kind, row.Id);
            outcome = "lost";
        }
        finally
        {
            running.Release(run.Claim);
        }
        activity?.SetTag("job.outcome", outcome);
        if (outcome is not ("done" or "ignored" or "handed-back")) activity?.SetStatus(ActivityStatusCode.Error, outcome);
        activity?.SetTag("messaging.batch.message_count", run.Rows.Count > 1 ? run.Rows.Count : null);
        JobTelemetry.Ended(row, run.Rows.Count, outcome, Stopwatch.GetElapsedTime(started));
    }

    private async Task<string> RunToOutcomeAsync(JobRun run, CancellationToken lost, CancellationToken stopping)
    {
        var row = run.MostFailed;
        var kind = catalog.KindOf(row);
        using var limit = new CancellationTokenSource(kind.TimeLimit);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lost, stopping);
        try
        {
            if (row.Failures >= kind.MaxFailures)
                throw new JobFailedException(FailureKind.Page, row.FailureReason ?? "too-many-failures", row.FailureDetail ?? "Failed too often.");
            await using var scope = scopes.CreateAsyncScope();
            await catalog.RunAsync(scope.ServiceProvider, run, any.Token);
            if (!run.IsSettled) await settler.SettleAsync(run.Claim);
            return "done";
        }
        catch (Exception failure) when (failure is not LeaseLostException)
        {
            if (run.IsSettled)
            {
                logger.LogError(failure, "{Kind} {JobId} was settled and failed afterwards", row.Kind, row.Id);
                return "done";
            }
            if (lost.IsCancellationRequested) throw new LeaseLostException(run.Claim);
            var isCancelled = failure is OperationCanceledException;
            if (!isCancelled || !stopping.IsCancellationRequested)
                return await EndFailedAsync(run, kind, failure, isCancelled && limit.IsCancellationRequested ? "time-limit" : "unexpected");
            await EndAsync((db, token) => run.Claim.HandBackAsync(db, token));
            return "handed-back";
        }
    }

    private async Task<string> EndFailedAsync(JobRun run, JobKind kind, Exception failure, string reason)
    {
        var row = run.MostFailed;
        var said = failure as JobFailedException;
        if (said?.Kind == FailureKind.Ignore)
        {
            logger.LogInformation("{Kind} {JobId} had nothing to do: {Reason}", row.Kind, row.Id, failure.Message);
            await EndAsync((db, token) => run.Claim.IgnoreAsync(db, said.Reason, said.Message, token));
            return "ignored";
        }
        reason = said?.Reason ?? reason;
        var failures = row.Failures + 1;
        var isDead = said?.Kind == FailureKind.Page || failures >= kind.MaxFailures;
        TimeSpan? delay = isDead ? null : Backoff.After(failures, said?.FirstDelay ?? FirstDelay);
        Activity.Current?.AddException(failure);
        JobTelemetry.Failed(row, reason, isDead);
        // A job's own words stand for themselves; of anything else the type and the place matter too.
        var detail = said is null ? $"{failure}" : $"{said.Message}\n{said.InnerException}".TrimEnd();
        await EndAsync((db, token) => run.Claim.FailAsync(db, reason, detail, delay, token));
        if (isDead)
            logger.LogError(failure, "{Kind} {JobId} is a dead letter after {Failures} failures: {Reason}", row.Kind, row.Id, failures, reason);
        else
            logger.LogWarning(failure, "{Kind} {JobId} failed ({Reason}), failure {Failures}; again in {Delay}", row.Kind, row.Id, reason, failures, delay);
        return isDead ? "dead" : "retried";
    }

    private async Task EndAsync(Func<ShopDb, CancellationToken, Task> write)
    {
        using var patience = new CancellationTokenSource(SettlePatience);
        await using var scope = scopes.CreateAsyncScope();
        await write(scope.ServiceProvider.GetRequiredService<ShopDb>(), patience.Token);
    }
}
