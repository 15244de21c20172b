using Commerce.Outbox;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Commerce.Jobs;

/// <summary>
/// The fast hint of what to run: one sorted set of row ids per priority, scored by the moment they were due. Adding an id that is there
/// changes nothing, so offers may repeat. An id that was taken is gone from here; PostgreSQL knows whether its job ran. Everything in
/// Redis may vanish at any time.
/// </summary>
public sealed class JobQueue(Lazy<IConnectionMultiplexer> redis, TimeProvider time, ILogger<JobQueue> logger)
{
    /// <summary>A slower answer counts as none: workers then read PostgreSQL.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly RedisChannel Wake = RedisChannel.Literal("{jobs}:wake");
    private static readonly RedisKey[] Queues = ["{jobs}:high", "{jobs}:normal", "{jobs}:low"];

    /// <summary>ARGV: queue number from 1, score, id; and so on.</summary>
    private const string OfferScript = """
        local added = 0
        for i = 1, #ARGV, 3 do
          added = added + redis.call('ZADD', KEYS[tonumber(ARGV[i])], 'NX', ARGV[i + 1], ARGV[i + 2])
        end
        return added
        """;

    /// <summary>ARGV: the most ids to take from each queue and those below it.</summary>
    private const string TakeScript = """
        local room = tonumber(ARGV[1])
        local taken = {}
        for i = 1, #KEYS do
          room = math.min(room, tonumber(ARGV[i]))
          if room > 0 then
            local popped = redis.call('ZPOPMIN', KEYS[i], room)
            for j = 1, #popped, 2 do
              taken[#taken + 1] = popped[j]
              room = room - 1
            end
          end
        end
        return taken
        """;

    private readonly RedisOutage _outage = new(time, AskAgainAfter);

    /// <summary>False right after a failure: callers then do without, until it is time to ask again.</summary>
    public bool IsAvailable => !_outage.IsOn && redis.Value.IsConnected;

    /// <summary>Adds the rows' ids and wakes the workers.</summary>
    /// <returns>False when Redis did not take them, or did not say so in time.</returns>
    public async Task<bool> OfferAsync(IReadOnlyCollection<OutboxRow> rows)
    {
        RedisValue[] arguments = [.. rows.SelectMany(row =>
            new RedisValue[] { (int)row.Priority + 1, row.RunAfter.ToUnixTimeMilliseconds(), row.Id.ToString() })];
        if (await AskAsync(db => db.ScriptEvaluateAsync(OfferScript, Queues, arguments)) is null) return false;
        await AskAsync(async db => RedisResult.Create(await db.PublishAsync(Wake, RedisValue.EmptyString, CommandFlags.FireAndForget)));
        return true;
    }

    /// <summary>Takes as many ids as there is room for, higher priorities first.</summary>
    /// <returns>Null when Redis is not there.</returns>
    public async Task<Guid[]?> TakeAsync(JobRoom room)
    {
        var taken = await AskAsync(db => db.ScriptEvaluateAsync(TakeScript, Queues, [room.All, room.BelowHigh, room.Low]));
        if (taken is null) return null;
        List<Guid> ids = [];
        foreach (var member in (string?[]?)taken ?? [])
            if (Guid.TryParse(member, out var id)) ids.Add(id);
            else logger.LogError("A member of the queue in Redis is no job's id and was dropped: {Member}", member?.CutTo(100));
        return [.. ids];
    }

    /// <summary>Raises <paramref name="signal"/> whenever a relay has offered something.</summary>
    public async Task ListenAsync(JobSignal signal) =>
        await redis.Value.GetSubscriber().SubscribeAsync(Wake, (_, _) => signal.Raise(), CommandFlags.FireAndForget);

    private async Task<RedisResult?> AskAsync(Func<IDatabase, Task<RedisResult>> command)
    {
        try
        {
            if (IsAvailable) return await command(redis.Value.GetDatabase()).WaitAsync(Patience);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            logger.LogWarning("Redis did not answer, jobs go through PostgreSQL alone: {Reason}", failure.Message);
            _outage.Begin();
        }
        return null;
    }
}
