using System.Text;
using Commerce;
using Commerce.Audit;
using Commerce.Catalog;
using Commerce.Catalog.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tests.Fixture;

namespace Tests.Commerce.Catalog;

/// <summary>The queue of uploads, whose cable to PostgreSQL can be cut. An import is held up by whoever has the lock that products are changed under.</summary>
public sealed class ImportDeskTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _folder = TestFolders.CreatePrivate();
    private readonly ShopDatabase _database = new(postgres);
    private Cable? _cable;
    private ServiceProvider? _services;
    private ShopDb? _db;

    private ImportDesk Desk => _services!.GetRequiredService<ImportDesk>();

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _db = _database.Open();
        var real = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        _cable = new Cable(TestFolders.FreePort(), real.Port);
        _cable.Mend();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Media:Folder"] = _folder }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<ImportDesk>();
        services.AddDbContextPool<ShopDb>(options => options.UseNpgsql(new NpgsqlConnectionStringBuilder(real.ConnectionString) { Host = "127.0.0.1", Port = _cable.Port }.ConnectionString));
        services.AddCommerce(configuration);
        // Without retries an outage shows at once.
        services.ConfigureDbContext<ShopDb>(options => options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies))));
        _services = services.BuildServiceProvider(validateScopes: true);
        await Desk.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Desk.StopAsync(CancellationToken.None);
        await _services!.DisposeAsync();
        await _cable!.DisposeAsync();
        await _db!.DisposeAsync();
        await _database.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    [Fact]
    public async Task An_outage_of_PostgreSQL_costs_the_import_under_way_and_the_next_ones_are_taken()
    {
        await using var hold = await HoldAsync();
        var cut = await AcceptAsync("cut");
        await UntilAsync(cut, run => run.State == ImportState.Running);
        var next = await AcceptAsync("next");
        await UntilAsync(next, run => run.State == ImportState.Waiting && run.HeardAt > run.CreatedAt.AddSeconds(1)); // it is heard of while it waits

        _cable!.Cut();
        // Longer than it takes to notice, and to fail to write it down once.
        for (var tries = 0; tries < 30; tries++, await Task.Delay(100)) Assert.False(Desk.ExecuteTask!.IsCompleted, "The desk has ended, and the Api with it.");
        await hold.RollbackAsync();
        _cable.Mend();

        Assert.Contains("cut off", (await UntilAsync(cut, run => run.State == ImportState.Failed)).Failure);
        Assert.Equal(1, (await UntilAsync(next, run => run.State == ImportState.Done)).Created);
        Assert.Equal(["next"], await _db!.Products.Select(p => p.Slug).ToListAsync());
        Assert.Single(await _db.AuditEntries.Where(a => a.Action == "catalogue.import-failed").ToListAsync());
    }

    [Fact]
    public async Task An_import_that_is_cut_off_says_what_had_landed_before()
    {
        var slugs = Enumerable.Range(0, 60).Select(i => $"p-{i}").ToArray();
        await using var hold = await _db!.Database.BeginTransactionAsync();
        // The last one cannot land while this is undecided.
        var now = DateTimeOffset.UtcNow;
        _db.Add(new Product { Id = Guid.CreateVersion7(), Slug = slugs[^1], Title = "undecided", CreatedAt = now, UpdatedAt = now });
        await _db.SaveChangesAsync();
        var cut = await AcceptAsync(slugs);
        var landed = await UntilAsync(cut, run => run.Products > 0);
        _cable!.Cut();
        await hold.RollbackAsync();
        _cable.Mend();

        var failed = await UntilAsync(cut, run => run.State == ImportState.Failed);
        Assert.Equal(landed.Products, failed.Created);
        Assert.Equal(failed.Created, failed.Products);
        Assert.Equal(failed.Created, await _db.Products.CountAsync(p => slugs.Contains(p.Slug)));
        Assert.InRange(failed.Created, 1, slugs.Length - 1);
    }

    [Fact]
    public async Task A_process_that_is_stopped_leaves_its_runs_as_failed_those_that_waited_too()
    {
        await using var hold = await HoldAsync();
        var running = await AcceptAsync("running");
        await UntilAsync(running, run => run.State == ImportState.Running);
        var waiting = await AcceptAsync("waiting");
        await Desk.StopAsync(CancellationToken.None);
        foreach (var id in (Guid[])[running, waiting]) Assert.Equal(ImportRun.WasStopped, (await UntilAsync(id, run => run.State == ImportState.Failed)).Failure);

        using var late = await UploadAsync("late");
        Assert.Equal(CatalogRefusals.ImportsBusy, (await Desk.AcceptAsync(late, Actor.System("test"), null, CancellationToken.None)).Refusal!.Code);
    }

    [Fact]
    public async Task Twenty_wait_and_all_others_are_refused_at_once_though_they_come_at_the_same_time()
    {
        await using var hold = await HoldAsync();
        await UntilAsync(await AcceptAsync("running"), run => run.State == ImportState.Running);
        var uploads = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => UploadAsync($"w-{i}")));
        var answers = await Task.WhenAll(uploads.Select(upload => Desk.AcceptAsync(upload, Actor.System("test"), null, CancellationToken.None)));
        Assert.Equal(5, answers.Count(a => a.Refusal?.Code == CatalogRefusals.ImportsBusy));
        foreach (var (upload, answer) in uploads.Zip(answers).Where(u => u.Second.IsRefused)) upload.Dispose();
        Assert.Equal(20, await _db!.Set<ImportRun>().CountAsync(r => r.State == ImportState.Waiting));
    }

    [Fact]
    public async Task What_no_text_can_hold_is_told_of_a_file_that_has_it()
    {
        var run = await UntilAsync(await AcceptAsync("a\0b"), run => run.State is ImportState.Done or ImportState.Failed);
        Assert.Equal((ImportState.Done, 1), (run.State, run.ProblemCount));
        Assert.Contains("a b", run.Problems);
    }

    [Theory]
    [InlineData(ImportState.Waiting, 3, true)]
    [InlineData(ImportState.Running, 3, true)]
    [InlineData(ImportState.Waiting, 1, false)]
    [InlineData(ImportState.Done, 3, false)]
    public void A_run_that_is_not_heard_of_has_lost_its_process(ImportState state, int silentMinutes, bool isLost)
    {
        var now = DateTimeOffset.UtcNow;
        var run = new ImportRun { Id = Guid.NewGuid(), FileName = "a.csv", StartedBy = "test", State = state, CreatedAt = now.AddHours(-1), HeardAt = now.AddMinutes(-silentMinutes) };
        Assert.Equal(isLost ? (ImportState.Failed, ImportRun.WasStopped) : (state, null), (run.StateAt(now), run.FailureAt(now)));
    }

    private async Task<IDbContextTransaction> HoldAsync()
    {
        var hold = await _db!.Database.BeginTransactionAsync();
        await _db.LockMembershipAsync(changesRules: true, CancellationToken.None);
        return hold;
    }

    private async Task<Guid> AcceptAsync(params string[] slugs) => (await Desk.AcceptAsync(await UploadAsync(slugs), Actor.System("test"), null, CancellationToken.None)).Value.Id;

    private static async Task<ImportUpload> UploadAsync(params string[] slugs)
    {
        var upload = new ImportUpload();
        using var csv = new MemoryStream(Encoding.UTF8.GetBytes($"Handle,Title,Variant Price\n{string.Concat(slugs.Select(slug => $"{slug},{slug},1.00\n"))}"));
        Assert.Null(await upload.AddAsync(csv, "products.csv", CancellationToken.None));
        return upload;
    }

    private async Task<ImportRun> UntilAsync(Guid id, Predicate<ImportRun> isSo)
    {
        for (var tries = 0; tries < 1200; tries++, await Task.Delay(50))
        {
            await using var db = _database.Open();
            if (await db.Set<ImportRun>().FindAsync(id) is { } run && isSo(run)) return run;
        }
        throw new TimeoutException("It did not come true.");
    }
}
