using System.Diagnostics;
using Bench.Measuring;
using Bench.Servers;
using Bench.Yardsticks;
using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Hangfire;
using Hangfire.Redis.StackExchange;
using Microsoft.EntityFrameworkCore;

namespace Bench.Benches;

/// <summary>Two workers of ours and two Hangfire servers, on the same Redis; a producer for each, ours with the relay an Api has.</summary>
internal sealed class JobFloor : IAsyncDisposable
{
    private const int Nodes = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Laboratory _laboratory;
    private readonly Shop _shop;
    private readonly IHost _producer;
    private readonly Child _redis;
    private readonly List<Child> _workers;
    private readonly List<Child> _rivals;
    private readonly RedisStorage _storage;
    private readonly BackgroundJobClient _client;
    private readonly HttpClient _http = new();

    private JobFloor(Laboratory laboratory, Shop shop, IHost producer, Child redis, List<Child> workers, List<Child> rivals, RedisStorage storage) =>
        (_laboratory, _shop, _producer, _redis, _workers, _rivals, _storage, _client) = (laboratory, shop, producer, redis, workers, rivals, storage, new BackgroundJobClient(storage));

    /// <param name="laboratory">Where.</param>
    /// <param name="name">Of its database and its Redis.</param>
    /// <param name="withRivals">Whether Hangfire's servers run too.</param>
    /// <param name="more">Further settings of the workers.</param>
    public static async Task<JobFloor> OpenAsync(Laboratory laboratory, string name, bool withRivals, params (string, string)[] more)
    {
        var shop = await laboratory.ShopAsync(1, name);
        var (redis, redisAddress) = await laboratory.RedisAsync(name);
        (string, string)[] settings = [.. await laboratory.ServiceAsync(shop.ConnectionString, name), .. more];
        var (workers, rivals) = (new List<Child>(), new List<Child>());
        for (var i = 0; i < Nodes; i++)
        {
            workers.Add(await laboratory.StartAsync("worker", "Bench", ["worker"], settings));
            if (withRivals) rivals.Add(await laboratory.StartAsync("hangfire", "Bench", ["hangfire"], ("ConnectionStrings__redis", redisAddress)));
        }
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:shop"] = shop.ConnectionString, ["ConnectionStrings:redis"] = redisAddress });
        builder.AddNpgsqlDbContext<ShopDb>("shop", database => (database.ConnectionString, database.DisableTracing, database.DisableMetrics) = (ShopDb.Prepared(database.ConnectionString), true, true));
        builder.AddRedisClient("redis");
        builder.Services.AddCommerce(builder.Configuration).AddJobRelay();
        var producer = builder.Build();
        await producer.StartAsync();
        return laboratory.Keep(new JobFloor(laboratory, shop, producer, redis, workers, rivals, HangfireNode.Open(redisAddress)));
    }

    /// <summary>Producer, workers, PostgreSQL and Redis.</summary>
    public TimeSpan Cpu() =>
        CpuTime.Of([Environment.ProcessId, _redis.ProcessId, .. _workers.Concat(_rivals).Select(child => child.ProcessId)]) + CpuTime.OfTree(_laboratory.PostgresId);

    /// <summary>Commits jobs of ours in one transaction.</summary>
    public async Task CommitAsync(params IReadOnlyCollection<Guid> ids)
    {
        await using var scope = _producer.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.EnqueueAsync([.. ids.Select(id => new NewJob(JobKinds.SendReceipt, new { orderId = id }))], CancellationToken.None);
            await transaction.CommitAsync();
        });
    }

    /// <summary>Hands one job to Hangfire.</summary>
    public void Enqueue(Guid id) => _client.Enqueue(() => HangfireJob.Run(id));

    /// <summary>Waits until no row of ours is left that is due.</summary>
    /// <remarks>By the indexes, one row at a time: a scan of all rows, or a bitmap of all that waits, a hundred times a second would cost more than the jobs.</remarks>
    public Task SettledAsync() => UntilAsync(() => _shop.ReadAsync<bool>("""
        DO $$BEGIN PERFORM set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true); END$$;
        SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND batch_key IS NULL AND run_after <= now())
            AND NOT EXISTS (SELECT 1 FROM outbox WHERE state = 'dispatched') AND NOT EXISTS (SELECT 1 FROM outbox WHERE state = 'running')
        """));

    /// <summary>Waits until Hangfire counts so many successes.</summary>
    public Task SucceededAsync(long count) => UntilAsync(() => Task.FromResult(Succeeded >= count));

    public long Succeeded => _storage.GetMonitoringApi().GetStatistics().Succeeded;

    /// <summary>When jobs have started, since the last call, wherever they ran.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> StartsAsync()
    {
        var starts = new Dictionary<Guid, long>();
        foreach (var child in _workers.Concat(_rivals))
            foreach (var (id, timestamp) in await Starts.OfAsync(_http, child)) starts.TryAdd(id, timestamp);
        return starts;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _producer.StopAsync();
        await ((IAsyncDisposable)_producer).DisposeAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> isDone)
    {
        for (var clock = Stopwatch.StartNew(); !await isDone(); await Task.Delay(10))
            if (clock.Elapsed > Patience) throw new InvalidOperationException("Some jobs never ended.");
    }
}
