using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Catalog.Import;

/// <summary>
/// Takes uploads over the API and imports them one after the other in this process, by the code the command line uses. An upload is kept on disk
/// until it is done; an instance that is stopped leaves its runs as failed, those that waited too, and the same uploads may be sent again.
/// </summary>
public sealed class ImportDesk(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ImportDesk> logger) : BackgroundService
{
    private const int MaxWaiting = 20;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>What a process that is being stopped has left to write down how its runs ended; those it does not get to are known by their silence.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Channel<Accepted> _queue = Channel.CreateUnbounded<Accepted>();
    private readonly ConcurrentDictionary<Guid, Accepted> _waiting = [];
    private int _places;

    /// <summary>Queues the upload, and owns it from then on; one that is refused stays the caller's.</summary>
    public async Task<Outcome<ImportRun>> AcceptAsync(ImportUpload upload, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (upload.Csv is null) return new Refusal(CatalogRefusals.FileMissing, "There is no .csv file to import.");
        var now = clock.GetUtcNow();
        var run = new ImportRun { Id = Guid.CreateVersion7(now), FileName = upload.Name, StartedBy = actor.Name, CreatedAt = now, HeardAt = now };
        var accepted = new Accepted(run.Id, upload, new ImportOrigin(actor, reason, $"import:{run.Id}"), Activity.Current?.Id);
        var isQueued = false;
        try
        {
            if (Interlocked.Increment(ref _places) > MaxWaiting) return new Refusal(CatalogRefusals.ImportsBusy, $"{MaxWaiting} imports are waiting already; try again later.");
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            db.Add(run);
            db.Audit(actor, "catalogue.import-started", accepted.Origin.Subject, reason, new { run.FileName });
            await db.SaveChangesAsync(cancellation);
            _waiting[run.Id] = accepted;
            isQueued = _queue.Writer.TryWrite(accepted);
            if (!isQueued) return new Refusal(CatalogRefusals.ImportsBusy, "The shop is being stopped; try again in a moment.");
            return run;
        }
        finally
        {
            if (!isQueued)
            {
                _waiting.TryRemove(run.Id, out _);
                Interlocked.Decrement(ref _places);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var lastWords = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => lastWords.CancelAfter(LastWords));
        try
        {
            await foreach (var accepted in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                _waiting.TryRemove(accepted.Id, out _);
                Interlocked.Decrement(ref _places);
                await TakeAsync(accepted, stoppingToken, lastWords.Token);
            }
        }
        finally
        {
            _queue.Writer.Complete();
            while (_queue.Reader.TryRead(out var left)) await TakeAsync(left, stoppingToken, lastWords.Token);
        }
    }

    /// <summary>Imports it, unless the process is being stopped, and writes down how that ended. Nothing that goes wrong on the way ends the desk (decision 0006).</summary>
    private async Task TakeAsync(Accepted accepted, CancellationToken stopping, CancellationToken lastWords)
    {
        using var activity = Telemetry.Resume("import products", accepted.TraceParent);
        var report = new ImportReport();
        string? failure = null;
        try
        {
            using (accepted.Upload) await ImportAsync(accepted, report, stopping);
        }
        catch (ImportFileException error)
        {
            failure = error.Message.CutTo(ImportRun.MaxFailure);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            failure = ImportRun.WasStopped;
        }
        catch (Exception error)
        {
            failure = $"The import was cut off; send the file again. ({error.GetBaseException().Message})".CutTo(ImportRun.MaxFailure);
            if (ShopDb.IsAway(error)) logger.LogWarning("PostgreSQL could not be reached, import {Import} is cut off: {Reason}", accepted.Id, error.Message);
            else logger.LogError(error, "Import {Import} failed", accepted.Id);
        }
        await EndAsync(accepted, report, failure, lastWords);
    }

    private async Task ImportAsync(Accepted accepted, ImportReport report, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        var progress = new Latest();
        var import = scope.ServiceProvider.GetRequiredService<CatalogImport>().RunAsync(accepted.Upload.Csv!, accepted.Upload.ImagesFolder, accepted.Origin, progress, stopping, report);
        do await ReportAsync(accepted.Id, progress.Value);
        while (await Task.WhenAny(import, Task.Delay(BetweenReports, clock, CancellationToken.None)) != import);
        await import;
    }

    /// <summary>Says how far it is, and that those behind it still wait. Not being able to is no reason to end an import.</summary>
    private async Task ReportAsync(Guid id, ImportProgress seen)
    {
        try
        {
            await TellAsync(id, (run, _) => (run.State, run.Share, run.Products, run.ProblemCount) = (ImportState.Running, seen.Share, seen.Products, seen.Problems), CancellationToken.None);
            Guid[] waiting = [.. _waiting.Keys];
            if (waiting.Length == 0) return;
            await using var scope = scopes.CreateAsyncScope();
            var now = clock.GetUtcNow();
            await scope.ServiceProvider.GetRequiredService<ShopDb>().Set<ImportRun>().Where(r => waiting.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.HeardAt, now), CancellationToken.None);
        }
        catch (Exception error)
        {
            logger.LogWarning("How far import {Import} is could not be written down: {Reason}", id, error.Message);
        }
    }

    private async Task EndAsync(Accepted accepted, ImportReport report, string? failure, CancellationToken lastWords)
    {
        while (!lastWords.IsCancellationRequested)
        {
            try
            {
                await TellAsync(accepted.Id, (run, db) =>
                {
                    if (run.State is ImportState.Done or ImportState.Failed) return; // the answer to an earlier try was lost
                    if (failure is not null) db.Audit(accepted.Origin.Actor, "catalogue.import-failed", accepted.Origin.Subject, accepted.Origin.Reason, new { failure });
                    (run.State, run.Failure, run.ProblemCount) = (failure is null ? ImportState.Done : ImportState.Failed, failure, report.ProblemCount);
                    (run.Created, run.Updated, run.Unchanged, run.Products) = (report.Created, report.Updated, report.Unchanged, report.Created + report.Updated + report.Unchanged);
                    run.Problems = JsonSerializer.Serialize(report.Problems, Json);
                    if (failure is null) (run.Share, run.Encoding) = (1, report.Encoding);
                }, lastWords);
                return;
            }
            catch (OperationCanceledException) when (lastWords.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                if (!ShopDb.IsAway(error))
                {
                    logger.LogError(error, "How import {Import} ended cannot be written down", accepted.Id);
                    return;
                }
                logger.LogWarning("How import {Import} ended could not be written down; another try in {Wait}: {Reason}", accepted.Id, BetweenTries, error.Message);
            }
            await Task.Delay(BetweenTries, clock, lastWords).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(Guid id, Action<ImportRun, ShopDb> change, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        if (await db.Set<ImportRun>().FindAsync([id], cancellation) is not { } run) return; // taken back before it was written
        change(run, db);
        run.HeardAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
    }

    /// <param name="TraceParent">Of the request that sent it: what the import does, and its lines in the audit trail, are in the same trace.</param>
    private sealed record Accepted(Guid Id, ImportUpload Upload, ImportOrigin Origin, string? TraceParent);

    private sealed class Latest : IProgress<ImportProgress>
    {
        public ImportProgress Value { get; private set; }

        public void Report(ImportProgress value) => Value = value;
    }
}
