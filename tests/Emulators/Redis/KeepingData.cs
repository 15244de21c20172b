using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Tests.Emulators.Redis;

public class KeepingData
{
    [Fact]
    public async Task Stopping_is_quick_and_loses_nothing()
    {
        const int Writes = 2_000;
        await using var redis = new RedisLauncher();
        var launcher = await redis.StartHealthyAsync();
        await using (var client = await redis.ConnectAsync())
        {
            var db = client.GetDatabase();
            await Task.WhenAll(Enumerable.Range(1, Writes).Select(i => db.ListRightPushAsync("list", i)));
            await db.SortedSetAddAsync("sorted", "member", 7);
            await db.HashSetAsync("hash", "field", "value");
            await db.StringSetAsync("expiring", "value", TimeSpan.FromHours(1));
        }

        var (took, exitCode) = await launcher.TerminateAsync();

        Assert.Equal(0, exitCode);
        Assert.True(took < TimeSpan.FromSeconds(10), $"took {took}");
        await redis.StartHealthyAsync();
        await using var again = await redis.ConnectAsync();
        Assert.Equal(Writes, await again.GetDatabase().ListLengthAsync("list"));
        Assert.Equal(7, await again.GetDatabase().SortedSetScoreAsync("sorted", "member"));
        Assert.Equal("value", await again.GetDatabase().HashGetAsync("hash", "field"));
        Assert.InRange((await again.GetDatabase().KeyTimeToLiveAsync("expiring"))!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_kill_costs_at_most_the_last_moments()
    {
        // The log is written every second; the rest is what a busy machine may add.
        var window = TimeSpan.FromSeconds(3);
        await using var redis = new RedisLauncher();
        var launcher = await redis.StartHealthyAsync();
        var acknowledged = new List<DateTimeOffset>();
        await using (var client = await redis.ConnectAsync())
        {
            var end = DateTimeOffset.UtcNow + (2 * window);
            while (DateTimeOffset.UtcNow < end)
            {
                await client.GetDatabase().ListRightPushAsync("written", acknowledged.Count);
                acknowledged.Add(DateTimeOffset.UtcNow);
            }
            await launcher.KillAsync();
        }

        var killed = DateTimeOffset.UtcNow;
        await redis.StartHealthyAsync();

        await using var again = await redis.ConnectAsync();
        var kept = await again.GetDatabase().ListRangeAsync("written");
        Assert.InRange(kept.Length, acknowledged.Count(at => at < killed - window), acknowledged.Count);
        Assert.Equal(Enumerable.Range(0, kept.Length), kept.Select(value => (int)value));
    }

    [Fact]
    public async Task Stops_and_kills_in_turn_do_not_confuse_it()
    {
        const int Rounds = 4;
        await using var redis = new RedisLauncher();
        for (var round = 1; round <= Rounds; round++)
        {
            var launcher = await redis.StartHealthyAsync();
            await using (var client = await redis.ConnectAsync())
                Assert.Equal(round, await client.GetDatabase().StringIncrementAsync("rounds"));
            if (round % 2 == 0)
            {
                await launcher.TerminateAsync();
            }
            else
            {
                await Task.Delay(TimeSpan.FromSeconds(3));
                await launcher.KillAsync();
            }
        }
    }

    [Fact]
    public async Task The_log_does_not_grow_without_end()
    {
        const int Megabyte = 1024 * 1024;
        await using var redis = new RedisLauncher();
        await redis.StartHealthyAsync();
        await using var client = await redis.ConnectAsync();
        var value = new byte[Megabyte];
        for (var i = 0; i < 160; i++)
            await client.GetDatabase().StringSetAsync("the same key", value);

        // The limit is looked at every 5 s.
        var log = Path.Combine(redis.DataFolder, "store", "AOF");
        for (var end = DateTimeOffset.UtcNow.AddSeconds(40); Size(log) > 130 * Megabyte && DateTimeOffset.UtcNow < end;)
            await Task.Delay(500);
        Assert.InRange(Size(log), 0, 130 * Megabyte);
        Assert.Equal(Megabyte, await client.GetDatabase().StringLengthAsync("the same key"));
    }

    [Fact]
    public async Task More_than_fits_in_memory_moves_to_the_disk_and_stays()
    {
        const int Values = 400;
        await using var redis = new RedisLauncher();
        var launcher = await redis.StartHealthyAsync();
        await using (var client = await redis.ConnectAsync())
        {
            for (var i = 0; i < Values; i++)
                await client.GetDatabase().StringSetAsync($"key {i}", new string((char)('a' + (i % 26)), 300_000));
            Assert.Equal(300_000, await client.GetDatabase().StringLengthAsync("key 0"));
        }
        await launcher.TerminateAsync();
        await redis.StartHealthyAsync();
        await using var again = await redis.ConnectAsync();
        for (var i = 0; i < Values; i += 57)
            Assert.Equal(new string((char)('a' + (i % 26)), 300_000), (string?)await again.GetDatabase().StringGetAsync($"key {i}"));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var redis = new RedisLauncher { Port = ((IPEndPoint)taken.LocalEndpoint).Port };

        Assert.Contains($"the port {redis.Port} on 127.0.0.1 is in use", await redis.RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_so_is_its_reset()
    {
        await using var redis = new RedisLauncher();
        await redis.StartHealthyAsync();

        Assert.Contains("is in use by another launcher", await redis.RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await redis.ResetAsync()).ExitCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_with_the_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "only root on Linux can become somebody else");
        await using var redis = new RedisLauncher();

        Assert.Contains($"The data folder {redis.DataFolder} cannot be written by user `daemon`", await redis.RefusedAsync("daemon"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_folder_is_named_with_the_way_out_and_starts_empty_after_a_reset()
    {
        await using var redis = new RedisLauncher();
        var launcher = await redis.StartHealthyAsync();
        await using (var client = await redis.ConnectAsync())
            await client.GetDatabase().StringSetAsync("key", "value");
        await launcher.TerminateAsync();
        foreach (var file in Directory.EnumerateFiles(redis.DataFolder, "info.dat*", SearchOption.AllDirectories))
            await File.WriteAllBytesAsync(file, Enumerable.Repeat((byte)0x5a, 512).ToArray());

        var said = await redis.RefusedAsync();

        Assert.Contains($"Redis did not start on the data folder {redis.DataFolder}", said, StringComparison.Ordinal);
        Assert.Contains($"reset --data-folder \"{redis.DataFolder}\"", said, StringComparison.Ordinal);
        Assert.Equal(0, (await redis.ResetAsync()).ExitCode);
        await redis.StartHealthyAsync();
        await using var again = await redis.ConnectAsync();
        Assert.False(await again.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password_of_this_run()
    {
        await using var redis = new RedisLauncher();
        await (await redis.StartHealthyAsync()).TerminateAsync();
        var old = redis.Password;
        redis.Password = "another one";
        await redis.StartHealthyAsync();
        await using (await redis.ConnectAsync())
            redis.Password = old;

        await Assert.ThrowsAsync<RedisConnectionException>(redis.ConnectAsync);
    }

    private static long Size(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}
