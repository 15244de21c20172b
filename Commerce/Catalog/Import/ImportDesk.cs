using System.Text.Json;
using System.Threading.Channels;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Commerce.Catalog.Import;

/// <summary>
/// Takes uploads over the API and imports them one after the other in this process, by the code the command line uses. An upload is kept on disk
/// until it is done; an instance that is stopped leaves its run as failed, and the same upload may be sent again.
/// </summary>
public sealed class ImportDesk(IServiceScopeFactory scopes, TimeProvider clock) : BackgroundService
{
    private const int MaxWaiting = 20;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Channel<(Guid Id, ImportUpload Upload, ImportOrigin Origin)> _waiting = Channel.CreateBounded<(Guid, ImportUpload, ImportOrigin)>(MaxWaiting);

    /// <summary>Queues the upload, and owns it from then on; one that is refused stays the caller's.</summary>
    public async Task<Outcome<ImportRun>> AcceptAsync(ImportUpload upload, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (upload.Csv is null) return new Refusal(CatalogRefusals.FileMissing, "There is no .csv file to import.");
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        var now = clock.GetUtcNow();
        var run = new ImportRun { Id = Guid.CreateVersion7(now), FileName = upload.Name, StartedBy = actor.Name, CreatedAt = now, HeardAt = now };
        db.Add(run);
        var origin = new ImportOrigin(actor, reason, $"import:{run.Id}");
        db.Audit(actor, "catalogue.import-started", origin.Subject, reason, new { run.FileName });
        if (_waiting.Reader.Count >= MaxWaiting) return new Refusal(CatalogRefusals.ImportsBusy, $"{MaxWaiting} imports are waiting already; try again later.");
        await db.SaveChangesAsync(cancellation);
        await _waiting.Writer.WriteAsync((run.Id, upload, origin), CancellationToken.None);
        return run;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (id, upload, origin) in _waiting.Reader.ReadAllAsync(stoppingToken))
                using (upload)
                    await RunAsync(id, upload, origin, stoppingToken);
        }
        finally
        {
            while (_waiting.Reader.TryRead(out var left)) left.Upload.Dispose();
        }
    }

    private async Task RunAsync(Guid id, ImportUpload upload, ImportOrigin origin, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var report = new ImportReport();
        string? failure = null;
        try
        {
            var progress = new Latest();
            var import = scope.ServiceProvider.GetRequiredService<CatalogImport>().RunAsync(upload.Csv!, upload.ImagesFolder, origin, progress, cancellation);
            do
            {
                var seen = progress.Value;
                await TellAsync(id, (run, _) => (run.State, run.Share, run.Products, run.ProblemCount) = (ImportState.Running, seen.Share, seen.Products, seen.Problems), cancellation);
            }
            while (await Task.WhenAny(import, Task.Delay(BetweenReports, clock, cancellation)) != import);
            report = await import;
        }
        catch (ImportFileException error)
        {
            failure = error.Message;
        }
        catch (Exception error) when (error is DbUpdateException or NpgsqlException or RetryLimitExceededException or InvalidOperationException or UnauthorizedAccessException or IOException or OperationCanceledException)
        {
            failure = error is OperationCanceledException ? "The shop was stopped; send the file again." : $"The import was cut off; send the file again. ({error.GetBaseException().Message})";
        }
        await TellAsync(id, (run, db) =>
        {
            if (failure is not null) db.Audit(origin.Actor, "catalogue.import-failed", origin.Subject, origin.Reason, new { failure });
            (run.State, run.Failure, run.ProblemCount) = (failure is null ? ImportState.Done : ImportState.Failed, failure, report.ProblemCount);
            (run.Created, run.Updated, run.Unchanged, run.Products) = (report.Created, report.Updated, report.Unchanged, report.Created + report.Updated + report.Unchanged);
            run.Problems = JsonSerializer.Serialize(report.Problems, Json);
            if (failure is null) (run.Share, run.Encoding) = (1, report.Encoding);
        }, CancellationToken.None);
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

    private sealed class Latest : IProgress<ImportProgress>
    {
        public ImportProgress Value { get; private set; }

        public void Report(ImportProgress value) => Value = value;
    }
}
