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
    public async Task RunAsync(IReadOnlyList<OutboxRow> rows, CancellationToken stopping)
    {
        var row = rows[0];
        var started = Stopwatch.GetTimestamp();
        var run = new JobRun(rows);
        using var activity = JobTelemetry.Start(row);
        using var lost = running.Hold(run.Claim);
        string outcome;
        try
        {
            outcome = await RunToOutcomeAsync(rows, run, lost.Token, stopping);
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
        activity?.SetTag("messaging.batch.message_count", rows.Count > 1 ? rows.Count : null);
        JobTelemetry.Ended(row, rows.Count, outcome, Stopwatch.GetElapsedTime(started));
    }

    private async Task<string> RunToOutcomeAsync(IReadOnlyList<OutboxRow> rows, JobRun run, CancellationToken lost, CancellationToken stopping)
    {
        var row = rows.MaxBy(row => row.Failures)!;
        var kind = catalog.KindOf(row);
        using var limit = new CancellationTokenSource(kind.TimeLimit);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lost, stopping);
        try
        {
            if (row.Failures >= kind.MaxFailures)
                throw new JobFailedException(FailureKind.Page, row.FailureReason ?? "too-many-failures", row.FailureDetail ?? "Failed too often.");
            await using var scope = scopes.CreateAsyncScope();
            await catalog.RunAsync(scope.ServiceProvider, rows, run, any.Token);
            if (!run.IsSettled) await settler.SettleAsync(run.Claim);
            return "done";
        }
        catch (LeaseLostException)
        {
            throw;
        }
        catch (Exception failure) when (run.IsSettled)
        {
            logger.LogError(failure, "{Kind} {JobId} was settled and failed afterwards", row.Kind, row.Id);
            return "done";
        }
        catch (Exception) when (lost.IsCancellationRequested)
        {
            throw new LeaseLostException(run.Claim);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await EndAsync((db, token) => run.Claim.HandBackAsync(db, token));
            return "handed-back";
        }
        catch (JobFailedException failure) when (failure.Kind == FailureKind.Ignore)
        {
            logger.LogInformation("{Kind} {JobId} had nothing to do: {Reason}", row.Kind, row.Id, failure.Message);
            await settler.SettleAsync(run.Claim);
            return "ignored";
        }
        catch (JobFailedException failure)
        {
            return await FailAsync(row, run, failure, failure.Reason, dead: failure.Kind == FailureKind.Page, kind, failure.FirstDelay);
        }
        catch (OperationCanceledException failure) when (limit.IsCancellationRequested)
        {
            return await FailAsync(row, run, failure, "time-limit", dead: false, kind, null);
        }
        catch (Exception failure)
        {
            return await FailAsync(row, run, failure, "unexpected", dead: false, kind, null);
        }
    }

    private async Task<string> FailAsync(OutboxRow row, JobRun run, Exception failure, string reason, bool dead, JobKind kind, TimeSpan? firstDelay)
    {
        var failures = row.Failures + 1;
        dead |= failures >= kind.MaxFailures;
        TimeSpan? delay = dead ? null : Backoff.After(failures, firstDelay ?? FirstDelay);
        Activity.Current?.AddException(failure);
        JobTelemetry.Failed(row, reason, dead);
        await EndAsync((db, token) => run.Claim.FailAsync(db, reason, failure.ToString(), delay, token));
        if (dead)
            logger.LogError(failure, "{Kind} {JobId} is a dead letter after {Failures} failures: {Reason}", row.Kind, row.Id, failures, reason);
        else
            logger.LogWarning(failure, "{Kind} {JobId} failed ({Reason}), failure {Failures}; again in {Delay}", row.Kind, row.Id, reason, failures, delay);
        return dead ? "dead" : "retried";
    }

    private async Task EndAsync(Func<ShopDb, CancellationToken, Task> write)
    {
        using var patience = new CancellationTokenSource(SettlePatience);
        await using var scope = scopes.CreateAsyncScope();
        await write(scope.ServiceProvider.GetRequiredService<ShopDb>(), patience.Token);
    }
}
