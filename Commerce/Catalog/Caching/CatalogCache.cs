using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Commerce.Catalog.Caching;

/// <summary>
/// Answers about the catalogue as bytes: in this node's memory, then in Redis, then from the database, once for all who ask at the same time
/// on any node. Refusals are not kept: what does not exist must not fill the cache.
/// </summary>
public sealed class CatalogCache : IAsyncDisposable
{
    private const int MaxKeyLength = 256;
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    private static readonly Meter Meter = new("Commerce");
    private static readonly Counter<long> Loads = Meter.CreateCounter<long>("commerce.catalog.loads", description: "Answers about the catalogue that came from the database");

    private readonly CatalogChanges _changes;
    private readonly SharedAnswers _shared;
    private readonly ServiceProvider _services;
    private readonly HybridCache _cache;

    public CatalogCache(CatalogChanges changes, Lazy<IConnectionMultiplexer> redis, IOptions<CatalogCacheOptions> options, TimeProvider time, ILoggerFactory logging)
    {
        _changes = changes;
        _shared = new SharedAnswers(redis, options, time, logging.CreateLogger<SharedAnswers>());
        // Services of its own: a bound on memory would bind everybody who uses the host's memory cache.
        var services = new ServiceCollection();
        services.AddSingleton(logging).AddLogging();
        services.AddSingleton<IDistributedCache>(_shared).AddMemoryCache(memory => memory.SizeLimit = options.Value.MemoryBytes);
        services.AddHybridCache(hybrid =>
        {
            hybrid.MaximumPayloadBytes = MaxAnswerBytes;
            hybrid.DefaultEntryOptions = new HybridCacheEntryOptions
            {
                Expiration = options.Value.Lifetime,
                LocalCacheExpiration = options.Value.Lifetime,
                Flags = HybridCacheEntryFlags.DisableCompression,
            };
        }).AddSerializer<CachedAnswer, CachedAnswerSerializer>();
        _services = services.BuildServiceProvider();
        _cache = _services.GetRequiredService<HybridCache>();
    }

    /// <summary>The answer about one product; <paramref name="load"/> gives its bytes.</summary>
    public ValueTask<Outcome<CachedAnswer>> ProductAsync<TState>(string slug, string variation, TState state, Func<TState, CancellationToken, Task<Outcome<byte[]>>> load,
        CancellationToken cancellation) => GetAsync($"{SharedAnswers.Prefix}p:{slug}|{variation}|{_changes.Of(slug)}", state, load, cancellation);

    /// <summary>An answer about many products, named by everything it depends on.</summary>
    public ValueTask<Outcome<CachedAnswer>> ListAsync<TState>(string name, TState state, Func<TState, CancellationToken, Task<Outcome<byte[]>>> load,
        CancellationToken cancellation) => GetAsync($"{SharedAnswers.Prefix}l:{name}|{_changes.Lists}", state, load, cancellation);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async ValueTask<Outcome<CachedAnswer>> GetAsync<TState>(string key, TState state, Func<TState, CancellationToken, Task<Outcome<byte[]>>> load, CancellationToken cancellation)
    {
        if (!_changes.IsKnown)
        {
            var fresh = await LoadAsync(state, load, cancellation);
            return fresh.Refusal is { } refusal ? refusal : new CachedAnswer(fresh.Value);
        }
        // HybridCache keeps nothing under a name with a control character or half a surrogate pair, and complains about each. Plain ASCII is neither.
        if (key.Length > MaxKeyLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~')) key = SharedAnswers.Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        try
        {
            return await _cache.GetOrCreateAsync(key, (Cache: this, Key: key, State: state, Load: load), static async (call, token) =>
            {
                var isKept = false;
                try
                {
                    var loaded = await LoadAsync(call.State, call.Load, token);
                    isKept = !loaded.IsRefused;
                    return loaded.Refusal is { } refusal ? throw new RefusedException(refusal) : new CachedAnswer(loaded.Value);
                }
                finally
                {
                    if (!isKept) await call.Cache._shared.ReleaseAsync(call.Key);
                }
            }, cancellationToken: cancellation);
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }

    private static Task<Outcome<byte[]>> LoadAsync<TState>(TState state, Func<TState, CancellationToken, Task<Outcome<byte[]>>> load, CancellationToken cancellation)
    {
        Loads.Add(1);
        return load(state, cancellation);
    }

    /// <summary>How a refusal leaves the cache without being kept.</summary>
    private sealed class RefusedException(Refusal refusal) : Exception
    {
        public Refusal Refusal => refusal;
    }
}
