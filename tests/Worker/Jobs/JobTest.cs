using System.Diagnostics;
using Commerce;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>A fresh database and an empty Redis for every test. Serial, because some of them measure time.</summary>
[Collection(nameof(JobTest))]
public abstract class JobTest(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly List<JobNode> _nodes = [];
    private NpgsqlDataSource _source = null!;
    private int _redisNumber;

    protected string Shop { get; private set; } = "";
    protected string Redis { get; private set; } = "";

    public virtual async ValueTask InitializeAsync()
    {
        Shop = await postgres.CreateShopAsync();
        (_redisNumber, Redis) = await redis.RentAsync();
        _source = NpgsqlDataSource.Create(Shop);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await _source.DisposeAsync();
        await postgres.DropAsync(Shop);
        redis.Return(_redisNumber);
    }

    /// <summary>What a restart of Redis without its data leaves.</summary>
    protected Task FlushRedisAsync() => redis.FlushAsync(_redisNumber);

    protected async Task<JobNode> StartNodeAsync(ProbeScript? script = null, bool pump = true, string? otherRedis = null, Action<IServiceCollection>? instead = null)
    {
        var node = await JobNode.StartAsync(Shop, otherRedis ?? Redis, script, pump, instead);
        _nodes.Add(node);
        return node;
    }

    protected ShopDb Open() => ShopDb.Open(_source);

    protected async Task<OutboxRow> OnlyRowAsync()
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var db = Open();
        return await db.Set<OutboxRow>().AsNoTracking().SingleAsync();
    }

    protected async Task<List<OutboxRow>> RowsAsync()
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var db = Open();
        return await db.Set<OutboxRow>().AsNoTracking().OrderBy(row => row.Id).ToListAsync();
    }

    protected async Task ExecuteAsync(FormattableString sql)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var db = Open();
        await db.Database.ExecuteSqlAsync(sql);
    }

    protected static Task EventuallyAsync(Func<bool> isTrue, string what) => EventuallyAsync(() => Task.FromResult(isTrue()), what);

    protected static async Task EventuallyAsync(Func<Task<bool>> isTrue, string what, IEnumerable<string>? output = null, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            if (clock.Elapsed > (within ?? Soon)) Assert.Fail($"Not within {within ?? Soon}: {what}\n{string.Join('\n', output ?? [])}");
            await Task.Delay(20);
        }
    }

    protected Task AllDoneAsync(int count) => EventuallyAsync(
        async () => (await RowsAsync()).Count(row => row.State == JobState.Done) == count, $"{count} jobs are done");
}

[CollectionDefinition(nameof(JobTest), DisableParallelization = true)]
public sealed class OneAtATime;
