using System.Collections.Concurrent;
using Local.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Tests.Fixture;

/// <summary>
/// One server that speaks the Redis protocol per test process, in memory, started when the first class asks for it. Register it once per test project:
/// <code>[assembly: AssemblyFixture(typeof(Tests.Fixture.RedisFixture))]</code>
/// then take a database of your own with <c>IClassFixture&lt;RedisDatabase&gt;</c>.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private const int Databases = 16;
    private const int PortAttempts = 5;

    private readonly Lazy<EmbeddedRedis> _server;
    private readonly ConcurrentBag<int> _free = [.. Enumerable.Range(0, Databases)];
    private readonly SemaphoreSlim _available = new(Databases);
    private string? _folder;

    public RedisFixture() => _server = new(Start);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Lends an empty logical database; channels of pub/sub are shared by all of them, as in Redis.</summary>
    /// <returns>Its number and connection string.</returns>
    public async Task<(int Number, string ConnectionString)> RentAsync()
    {
        var server = await Task.Run(() => _server.Value);
        await _available.WaitAsync();
        if (!_free.TryTake(out var number))
            throw new InvalidOperationException("The semaphore lets nobody in without a free database.");
        await FlushAsync(number);
        return (number, $"{server.ConnectionString},defaultDatabase={number}");
    }

    /// <summary>Deletes every key of one database.</summary>
    public Task FlushAsync(int number) => _server.Value.CommandAsync(number, "FLUSHDB", CancellationToken.None);

    public void Return(int number)
    {
        _free.Add(number);
        _available.Release();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await _server.Value.DisposeAsync();
        if (_folder is not null)
            TestFolders.Delete(_folder);
        _available.Dispose();
    }

    private EmbeddedRedis Start()
    {
        _folder = TestFolders.CreatePrivate();
        for (var attempt = 1; ; attempt++)
        {
            var options = new RedisOptions { Port = TestFolders.FreePort(), DataFolder = _folder, Password = Guid.NewGuid().ToString("N"), Durable = false };
            try
            {
                return EmbeddedRedis.Start(options, NullLoggerFactory.Instance, _ => { });
            }
            catch (EmbeddedRedisException e) when (attempt < PortAttempts && e.Message.Contains("cannot listen", StringComparison.Ordinal))
            {
                // Somebody took the port between our look and our bind; the next attempt asks for another one.
            }
        }
    }
}

/// <summary>An empty Redis database of one test class's own. Needs <see cref="RedisFixture"/> registered as an assembly fixture.</summary>
public sealed class RedisDatabase(RedisFixture redis) : IAsyncLifetime
{
    private int _number;

    /// <summary>In StackExchange.Redis's format; names the database, so every client lands in it.</summary>
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync() => (_number, ConnectionString) = await redis.RentAsync();

    /// <summary>Deletes every key of this database.</summary>
    public Task FlushAsync() => redis.FlushAsync(_number);

    public ValueTask DisposeAsync()
    {
        redis.Return(_number);
        return ValueTask.CompletedTask;
    }
}
