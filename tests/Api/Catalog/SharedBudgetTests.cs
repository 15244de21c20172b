using System.Diagnostics;
using StackExchange.Redis;
using Tests.Fixture;

namespace Tests.Api.Catalog;

/// <summary>Two nodes that may share a few answers a minute: ever other lists do not fill the Redis that holds the sessions.</summary>
public class SharedBudgetTests(SharedBudgetTests.Nodes shop) : IClassFixture<SharedBudgetTests.Nodes>
{
    private const int Budget = 8 * 1024;

    [Fact]
    public async Task Answers_beyond_the_budget_of_the_minute_stay_with_the_node_that_loaded_them()
    {
        var slug = await shop.AddProductAsync();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 60; i++) await AskAsync(shop.All[0], i);

        await using var redis = await ConnectionMultiplexer.ConnectAsync(shop.RedisAddress);
        var (shared, bytes) = (0, 0L);
        await foreach (var key in redis.GetServers()[0].KeysAsync(redis.GetDatabase().Database, "catalog:*")) (shared, bytes) = (shared + 1, bytes + await redis.GetDatabase().StringLengthAsync(key));
        Assert.InRange(bytes, 1, Budget * (1 + (long)watch.Elapsed.TotalMinutes));
        Assert.InRange(shared, 2, 59);

        // What was not shared is loaded where it is asked for, at once.
        for (var i = 50; i < 60; i++) await AskAsync(shop.All[1], i);

        async Task AskAsync(HttpClient node, int priceMin) =>
            Assert.Equal(1, (await ShopApi.OkAsync(node.GetAsync($"/api/v1/products?tag={slug}&priceMin={priceMin}"))).GetProperty("items").GetArrayLength());
    }

    public sealed class Nodes(PostgresFixture postgres, RedisFixture redis) : CacheTests.Nodes(postgres, redis)
    {
        protected override IReadOnlyDictionary<string, string> MoreSettings { get; } = new Dictionary<string, string> { ["Catalog:Cache:SharedBytesPerMinute"] = $"{Budget}" };
    }
}
