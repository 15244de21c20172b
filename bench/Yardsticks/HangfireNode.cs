using Bench.Servers;
using Hangfire;
using Hangfire.Redis.StackExchange;
using StackExchange.Redis;

namespace Bench.Yardsticks;

/// <summary>A Hangfire server over Redis with as many workers as a Worker of ours has slots. Runs as a process: <c>Bench hangfire</c>.</summary>
internal static class HangfireNode
{
    /// <summary>StackExchange.Redis 3 starves under Hangfire at the default minimum of threads.</summary>
    private const int Threads = 64;

    public static async Task RunAsync()
    {
        ThreadPool.SetMinThreads(Threads, Threads);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddHangfire(hangfire => hangfire.UseRecommendedSerializerSettings().UseRedisStorage(Connect(builder.Configuration.GetConnectionString("redis")!), Options));
        builder.Services.AddHangfireServer(server => server.WorkerCount = Worker.JobPump.Slots);
        await using var app = builder.Build();
        app.MapGet("/alive", () => "alive");
        app.MapGet("/starts", Starts.Take);
        await app.RunAsync();
    }

    /// <summary>The producer's side.</summary>
    public static RedisStorage Open(string redis) => new(Connect(redis), Options);

    private static RedisStorageOptions Options => new() { Prefix = "{hangfire}:", SucceededListSize = 1_000 };

    private static ConnectionMultiplexer Connect(string redis) => ConnectionMultiplexer.Connect(redis);
}

/// <summary>The job: it only starts, as ours does.</summary>
public static class HangfireJob
{
    public static void Run(Guid id) => Starts.Note(id);
}
