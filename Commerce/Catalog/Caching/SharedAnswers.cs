using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Commerce.Catalog.Caching;

/// <summary>
/// The tier of the cache that all nodes share. A node that finds nothing takes a lock on the key and loads; the others wait for its answer, for
/// a bounded time. One that has shared its part of the minute takes no lock: nobody is to wait for an answer that will not come. Without Redis, or with a slow one, every node is on its own at once: waiting for a cache must not cost more than the load it saves.
/// </summary>
internal sealed class SharedAnswers(Lazy<IConnectionMultiplexer> redis, IOptions<CatalogCacheOptions> options, TimeProvider time, ILogger<SharedAnswers> logger) : IDistributedCache
{
    /// <summary>Only keys with this prefix are locked; HybridCache has some of its own.</summary>
    public const string Prefix = "catalog:";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(15);

    private readonly ConcurrentDictionary<string, string> _held = new(StringComparer.Ordinal);
    private readonly RedisOutage _outage = new(time, AskAgainAfter);
    private readonly Lock _budget = new();
    private long _minuteBegan;
    private long _shared;
    private bool _isSpent;

    private bool IsAvailable => !_outage.IsOn && redis.Value.IsConnected;

    /// <summary>The answer; or null, and the caller loads it.</summary>
    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        var started = time.GetTimestamp();
        while (IsAvailable)
        {
            var (isThere, value) = await AskAsync(db => db.StringGetAsync(key));
            if (!isThere) return null;
            if (value.HasValue) return value;
            if (!key.StartsWith(Prefix, StringComparison.Ordinal) || time.GetElapsedTime(started) > options.Value.LoadTime || IsSpent()) return null;
            if (await TryLockAsync(key)) return await LookAgainAsync(key);
            await Task.Delay(BetweenLooks, time, token);
        }
        return null;
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        if (IsAvailable && TrySpend(value.Length)) await AskAsync(db => db.StringSetAsync(key, value, options.AbsoluteExpirationRelativeToNow ?? TimeSpan.FromMinutes(1)));
        await ReleaseAsync(key);
    }

    /// <summary>Lets another node try: there will be no answer from this one.</summary>
    public async Task ReleaseAsync(string key)
    {
        if (_held.TryRemove(key, out var token) && IsAvailable) await AskAsync(db => db.LockReleaseAsync(LockOf(key), token));
    }

    public async Task RemoveAsync(string key, CancellationToken token = default) => await AskAsync(db => db.KeyDeleteAsync(key));

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask; // answers have one life, however often they are read

    // HybridCache never calls these; blocking on Redis is what this tier exists to avoid.
    public byte[]? Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    /// <summary>Whether it may go to Redis; counted from minute to minute.</summary>
    private bool TrySpend(int bytes)
    {
        lock (_budget)
        {
            BeginMinute();
            if (_shared + bytes > options.Value.SharedBytesPerMinute)
            {
                _isSpent = true;
                return false;
            }
            _shared += bytes;
            return true;
        }
    }

    /// <summary>Whether an answer found no room this minute already; the next one may be smaller, but nobody should wait for that.</summary>
    private bool IsSpent()
    {
        lock (_budget)
        {
            BeginMinute();
            return _isSpent;
        }
    }

    private void BeginMinute()
    {
        if (_minuteBegan == 0 || time.GetElapsedTime(_minuteBegan) > Minute) (_minuteBegan, _shared, _isSpent) = (time.GetTimestamp(), 0, options.Value.SharedBytesPerMinute == 0);
    }

    private async Task<bool> TryLockAsync(string key)
    {
        var token = Guid.NewGuid().ToString("N");
        var (isThere, isMine) = await AskAsync(db => db.LockTakeAsync(LockOf(key), token, options.Value.LoadTime));
        if (isThere && isMine) _held[key] = token;
        return !isThere || isMine;
    }

    /// <summary>Whoever had the lock before may have stored the answer between our look and our turn.</summary>
    private async Task<byte[]?> LookAgainAsync(string key)
    {
        var (_, value) = await AskAsync(db => db.StringGetAsync(key));
        if (!value.HasValue) return null;
        await ReleaseAsync(key);
        return value;
    }

    private static RedisKey LockOf(string key) => $"lock:{key}";

    private async Task<(bool IsThere, T? Value)> AskAsync<T>(Func<IDatabase, Task<T>> command)
    {
        try
        {
            return (true, await command(redis.Value.GetDatabase()).WaitAsync(options.Value.Patience));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            logger.LogWarning("Redis did not answer, the catalogue is cached by each node alone: {Reason}", failure.Message);
            _outage.Begin();
            return (false, default);
        }
    }
}
