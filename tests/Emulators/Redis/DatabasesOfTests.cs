using StackExchange.Redis;
using Tests.Fixture;

namespace Tests.Emulators.Redis;

public class DatabasesOfTests(RedisDatabase mine, RedisFixture redis) : IClassFixture<RedisDatabase>
{
    [Fact]
    public async Task What_one_class_writes_another_never_sees()
    {
        var (number, connectionString) = await redis.RentAsync();
        await using var me = await ConnectionMultiplexer.ConnectAsync(mine.ConnectionString);
        await using var other = await ConnectionMultiplexer.ConnectAsync(connectionString);

        await me.GetDatabase().StringSetAsync("key", "mine");

        Assert.False(await other.GetDatabase().KeyExistsAsync("key"));
        Assert.Equal("mine", await me.GetDatabase().StringGetAsync("key"));
        redis.Return(number);
    }

    [Fact]
    public async Task A_returned_database_is_empty_for_the_next_class()
    {
        var (number, connectionString) = await redis.RentAsync();
        await using (var client = await ConnectionMultiplexer.ConnectAsync(connectionString))
            await client.GetDatabase().StringSetAsync("key", "left over");
        await redis.FlushAsync(number);
        await using (var client = await ConnectionMultiplexer.ConnectAsync(connectionString))
            Assert.False(await client.GetDatabase().KeyExistsAsync("key"));
        redis.Return(number);
    }
}
