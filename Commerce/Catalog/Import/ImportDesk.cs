using System.Text.Json;
using System.Threading.Channels;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Commerce.Catalog.Import;

/// <summary>
/// Takes import files over the API and runs them one after the other in this process, by the code the command line uses. The file is kept on
/// disk until it is done; an instance that is stopped leaves its run as failed, and the same file may be sent again.
/// </summary>
public sealed class ImportDesk(IServiceScopeFactory scopes, TimeProvider clock) : BackgroundService
{
    /// <summary>Bytes; larger files are refused.</summary>
    public const long MaxFileBytes = 200L * 1024 * 1024;

    private const int MaxWaiting = 20;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Channel<(Guid Id, string Path)> _waiting = Channel.CreateBounded<(Guid, string)>(MaxWaiting);

    /// <summary>Keeps the file and queues it.</summary>
    public async Task<Outcome<ImportRun>> AcceptAsync(Stream file, string fileName, Actor actor, string? reason, CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), $"import-{Guid.NewGuid():N}.csv");
        var isAccepted = false;
        try
        {
            await using (var target = File.Create(path))
                if (!await TryCopyAsync(file, target, cancellation)) return new Refusal(CatalogRefusals.FileTooLarge, $"An import file has at most {MaxFileBytes / 1024 / 1024} MB.");
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            var now = clock.GetUtcNow();
            var run = new ImportRun { Id = Guid.CreateVersion7(now), FileName = Path.GetFileName(fileName), StartedBy = actor.Name, CreatedAt = now, HeardAt = now };
            db.Add(run);
            db.Audit(actor, "catalogue.import-started", $"import:{run.Id}", reason, new { run.FileName });
            if (!_waiting.Writer.TryWrite((run.Id, path))) return new Refusal(CatalogRefusals.ImportsBusy, $"{MaxWaiting} imports are waiting already; try again later.");
            isAccepted = true;
            await db.SaveChangesAsync(cancellation);
            return run;
        }
        finally
        {
            if (!isAccepted) File.Delete(path);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (id, path) in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await RunAsync(id, path, stoppingToken);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    private async Task RunAsync(Guid id, string path, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var report = new ImportReport();
        string? failure = null;
        try
        {
            var progress = new Latest();
            var import = scope.ServiceProvider.GetRequiredService<CatalogImport>().RunAsync(path, "", progress, cancellation);
            do
            {
                var seen = progress.Value;
                await TellAsync(id, run => (run.State, run.Share, run.Products, run.ProblemCount) = (ImportState.Running, seen.Share, seen.Products, seen.Problems), cancellation);
            }
            while (await Task.WhenAny(import, Task.Delay(BetweenReports, clock, cancellation)) != import);
            report = await import;
        }
        catch (ImportFileException error)
        {
            failure = error.Message;
        }
        catch (Exception error) when (error is DbUpdateException or NpgsqlException or IOException or OperationCanceledException)
        {
            failure = error is OperationCanceledException ? "The shop was stopped; send the file again." : $"The import was cut off; send the file again. ({error.GetBaseException().Message})";
        }
        await TellAsync(id, run =>
        {
            (run.State, run.Failure, run.ProblemCount) = (failure is null ? ImportState.Done : ImportState.Failed, failure, report.ProblemCount);
            (run.Created, run.Updated, run.Products) = (report.Created, report.Updated, report.Created + report.Updated);
            run.Problems = JsonSerializer.Serialize(report.Problems, Json);
            if (failure is null) run.Share = 1;
        }, CancellationToken.None);
    }

    private async Task TellAsync(Guid id, Action<ImportRun> change, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        if (await db.Set<ImportRun>().FindAsync([id], cancellation) is not { } run) return; // taken back before it was written
        change(run);
        run.HeardAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
    }

    private static async Task<bool> TryCopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (to.Position + read > MaxFileBytes) return false;
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        return true;
    }

    private sealed class Latest : IProgress<ImportProgress>
    {
        public ImportProgress Value { get; private set; }

        public void Report(ImportProgress value) => Value = value;
    }
}
