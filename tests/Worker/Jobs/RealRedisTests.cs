using System.Diagnostics;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>The queue's scripts on both servers that speak the protocol: the embedded one, and Redis itself where it is installed.</summary>
public sealed class RealRedisTests(RedisFixture redis)
{
    [Fact]
    public async Task The_scripts_work_on_the_embedded_server()
    {
        var (number, connection) = await redis.RentAsync();
        await ExerciseAsync(connection);
        redis.Return(number);
    }

    [Fact]
    public async Task The_scripts_work_on_Redis_itself()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, "redis-server"), Path.Combine(folder, "valkey-server") }).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Neither redis-server nor valkey-server is installed.");
        var folder = TestFolders.CreatePrivate();
        var port = TestFolders.FreePort();
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--loglevel", "warning"];
        using var server = Process.Start(new ProcessStartInfo(program!, arguments) { RedirectStandardOutput = true })!;
        try
        {
            await ExerciseAsync($"127.0.0.1:{port}");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            TestFolders.Delete(folder);
        }
    }

    private static async Task ExerciseAsync(string connection)
    {
        var options = ConfigurationOptions.Parse(connection);
        options.AbortOnConnectFail = false;
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        for (var patience = 0; !multiplexer.IsConnected && patience < 100; patience++) await Task.Delay(100);
        var queue = new JobQueue(new Lazy<IConnectionMultiplexer>(multiplexer), TimeProvider.System, NullLogger<JobQueue>.Instance);
        var due = DateTimeOffset.UtcNow;
        var rows = Enum.GetValues<JobPriority>().SelectMany(priority => Enumerable.Range(0, 4).Select(age => Row(priority, due.AddSeconds(-age)))).ToList();

        // The first script of a cold server on a busy machine may take longer than the queue's patience.
        for (var tries = 0; !await queue.OfferAsync(rows) && tries < 20; tries++) await Task.Delay(500);
        Assert.True(await queue.OfferAsync(rows));
        var expected = rows.OrderBy(row => row.Priority).ThenBy(row => row.RunAfter).Select(row => row.Id).ToList();
        var taken = (await queue.TakeAsync(new JobRoom(10, 5, 2)))!;
        Assert.Equal(expected.Take(9), taken);
        Assert.Equal(expected.Skip(9).Take(2), (await queue.TakeAsync(new JobRoom(2, 2, 2)))!);
        Assert.Equal(expected.Skip(11), (await queue.TakeAsync(new JobRoom(5, 5, 5)))!);
        Assert.Empty((await queue.TakeAsync(new JobRoom(5, 5, 5)))!);

        var wakes = new JobSignal();
        await queue.ListenAsync(wakes);
        var clock = Stopwatch.StartNew();
        // Subscribing is not awaited by the worker either: offers until one is heard.
        while (clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            await queue.OfferAsync(rows);
            var heard = Stopwatch.StartNew();
            await wakes.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            if (heard.Elapsed < TimeSpan.FromMilliseconds(900)) return;
        }
        Assert.Fail("No offer was heard.");
    }

    private static OutboxRow Row(JobPriority priority, DateTimeOffset runAfter) =>
        new() { Kind = JobNode.Kind, Version = 1, Arguments = "{}", Priority = priority, RunAfter = runAfter };
}
