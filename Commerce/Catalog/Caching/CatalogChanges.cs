using System.Collections.Concurrent;
using System.Globalization;
using Commerce.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StackExchange.Redis;

namespace Commerce.Catalog.Caching;

/// <summary>
/// What this node knows of changes to the catalogue, as generations that are part of every cache key: a change makes another key, so nothing
/// is ever removed and no clocks of nodes are compared. The truth is the table <c>catalog_changes</c>, written in the transactions that change; Redis
/// only says when to look. Lines are read from the oldest transaction that was still running at the last look, because commits are not in order of number.
/// </summary>
public sealed class CatalogChanges(IServiceScopeFactory scopes, Lazy<IConnectionMultiplexer> redis, IOptions<CatalogCacheOptions> options, TimeProvider time,
    ILogger<CatalogChanges> logger) : BackgroundService
{
    /// <summary>Longer than the longest life of an answer: whatever was loaded before a change has died before the change is forgotten.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromMinutes(1);
    private static readonly RedisChannel Channel = RedisChannel.Literal("catalog:changed");

    private const string Everything = "*";

    /// <summary>What lists show: whatever changes. No product is called so.</summary>
    private const string Anything = "";

    private readonly ConcurrentDictionary<string, Generation> _known = new(StringComparer.Ordinal);
    private readonly JobSignal _look = new();
    private ulong _from;
    private long _lookedAt;
    private long _cleanedAt;
    private string _lists = "";

    /// <summary>False until the first look, and when the last one is so long ago that changes may have been forgotten: then nothing may be cached.</summary>
    public bool IsKnown => Volatile.Read(ref _lookedAt) is not 0 and var at && time.GetElapsedTime(at) < Memory - options.Value.Lifetime;

    /// <summary>Part of the keys of lists, facets and collections: another one after every change, and when a product's time to be published has come.</summary>
    public string Lists => Volatile.Read(ref _lists);

    /// <summary>Part of the keys of a product's page.</summary>
    public string Of(string slug) => string.Create(CultureInfo.InvariantCulture, $"{Known(slug).Number}-{Known(Everything).Number}");

    /// <summary>Tells every node, this one included, that there is something to look for. Only a hint: lost, it costs one interval.</summary>
    public void Announce()
    {
        _look.Raise();
        if (redis.Value.IsConnected) redis.Value.GetSubscriber().Publish(Channel, RedisValue.EmptyString, CommandFlags.FireAndForget);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Fire and forget: without Redis it is subscribed to when it comes back.
        await redis.Value.GetSubscriber().SubscribeAsync(Channel, (_, _) => _look.Raise(), CommandFlags.FireAndForget);
        // While PostgreSQL is away nothing changes either; what is cached goes on being served.
        await Loop.RunAsync(logger, async () =>
        {
            await Task.Delay(BetweenLooks, time, stoppingToken);
            await LookAsync(stoppingToken);
            return options.Value.Look;
        }, _look, stoppingToken);
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        await db.Database.OpenConnectionAsync(cancellation);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        // Two statements: the second one's snapshot is younger than the horizon, so it misses nothing at or behind it.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // By the clock that loads go by: a product whose time has come for the key must be in what is loaded for it.
                new("SELECT pg_snapshot_xmin(pg_current_snapshot()), (SELECT max(published_at) FROM products WHERE published_at <= $1)") { Parameters = { new() { Value = time.GetUtcNow() } } },
                new("SELECT xact, running, subject FROM catalog_changes WHERE xact >= $1") { Parameters = { new NpgsqlParameter<ulong> { TypedValue = _from, NpgsqlDbType = NpgsqlDbType.Xid8 } } },
            },
        };
        var learntAt = time.GetTimestamp();
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            var horizon = reader.GetFieldValue<ulong>(0);
            var published = reader.IsDBNull(1) ? 0 : reader.GetFieldValue<DateTimeOffset>(1).UtcTicks;
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                foreach (var subject in (string[])[reader.GetString(2), Anything])
                    _known[subject] = Known(subject).Learn(reader.GetFieldValue<ulong>(0), reader.GetFieldValue<ulong>(1), learntAt);
            _from = horizon;
            Volatile.Write(ref _lists, string.Create(CultureInfo.InvariantCulture, $"{Known(Anything).Number}-{published}"));
        }
        Volatile.Write(ref _lookedAt, learntAt);
        if (_cleanedAt != 0 && time.GetElapsedTime(_cleanedAt) < BetweenCleanings) return;
        _cleanedAt = learntAt;
        await using var clean = new NpgsqlCommand("DELETE FROM catalog_changes WHERE at < now() - $1", connection) { Parameters = { new() { Value = Memory + Memory } } };
        await clean.ExecuteNonQueryAsync(cancellation);
        foreach (var (subject, known) in _known)
            if (time.GetElapsedTime(known.LearntAt) > Memory) _known.TryRemove(new(subject, known));
    }

    private Generation Known(string subject) => _known.GetValueOrDefault(subject, Generation.None);
}
