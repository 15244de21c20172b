using System.Diagnostics;
using Local.Redis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Tests.Fixture;

namespace Tests.Api.Catalog;

/// <summary>Three nodes whose Redis is taken away.</summary>
public class CacheWithoutRedisTests(CacheWithoutRedisTests.Nodes shop) : IClassFixture<CacheWithoutRedisTests.Nodes>
{
    [Fact]
    public async Task Browsing_goes_on_without_Redis_and_each_node_loads_what_it_needs_once()
    {
        var slugs = new List<string>();
        for (var i = 0; i < 5; i++) slugs.Add(await shop.AddProductAsync());
        foreach (var node in shop.All) await ShopApi.OkAsync(node.GetAsync($"/api/v1/products/{slugs[0]}"));
        await shop.Server.DisposeAsync();

        var price = 3000;
        await using (var db = shop.Open()) await db.Database.ExecuteSqlAsync($"UPDATE prices SET amount_minor = {price}");
        foreach (var node in shop.All)
        {
            var started = Stopwatch.StartNew();
            while ((await ShopApi.OkAsync(node.GetAsync($"/api/v1/products/{slugs[0]}"))).GetProperty("variants")[0].GetProperty("price").GetProperty("amountMinor").GetInt64() != price)
            {
                Assert.True(started.Elapsed < TimeSpan.FromSeconds(30), "The change is not seen without Redis.");
                await Task.Delay(50);
            }
        }
        shop.Loads.Clear();
        for (var round = 0; round < 3; round++)
            foreach (var (node, slug) in shop.All.SelectMany(node => slugs.Skip(1).Select(slug => (node, slug))))
                await ShopApi.OkAsync(node.GetAsync($"/api/v1/products/{slug}"));
        var statements = slugs.Skip(1).Select(s => shop.Loads[s]).ToList();
        Assert.All(statements, count => Assert.Equal(statements[0], count));
        Assert.Equal(0, statements[0] % shop.All.Count);
        await ShopApi.OkAsync(shop.All[0].GetAsync("/api/v1/products?limit=3"));
        await ShopApi.OkAsync(shop.All[1].GetAsync("/api/v1/facets"));
    }

    /// <summary>With a Redis of their own, which may die.</summary>
    public sealed class Nodes(PostgresFixture postgres, RedisFixture redis) : CacheTests.Nodes(postgres, redis)
    {
        private readonly string _data = TestFolders.CreatePrivate();
        private EmbeddedRedis? _server;

        protected override string Redis(string real) => Server.ConnectionString;

        internal EmbeddedRedis Server => _server ??= EmbeddedRedis.Start(
            new RedisOptions { Port = TestFolders.FreePort(), DataFolder = _data, Password = "own", Durable = false }, NullLoggerFactory.Instance, _ => { });
    }
}
