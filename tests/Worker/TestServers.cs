using Commerce;
using Npgsql;
using StackExchange.Redis;

namespace Tests.Worker;

/// <summary>The servers these tests run against.</summary>
internal static class TestServers
{
    public static async Task<(string Shop, string Redis)> FreshAsync()
    {
        var redis = Environment.GetEnvironmentVariable("TEST_REDIS")!;
        var shop = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("TEST_SHOP")!) { Database = $"t{Guid.NewGuid():N}" }.ToString();
        await using (var source = NpgsqlDataSource.Create(shop))
        await using (var db = ShopDb.Open(source))
            await db.Database.EnsureCreatedAsync();
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(redis + ",allowAdmin=true"))
            await connection.GetServers()[0].FlushAllDatabasesAsync();
        return (shop, redis);
    }
}
