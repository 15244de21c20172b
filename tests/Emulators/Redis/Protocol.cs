using StackExchange.Redis;
using Tests.Fixture;

namespace Tests.Emulators.Redis;

/// <summary>The part of the protocol that the shop leans on, as Redis documents it. Set REDIS to a connection string to hold a real Redis to the same tests.</summary>
public class Protocol(RedisDatabase redis) : IClassFixture<RedisDatabase>
{
    private readonly string _connection = Environment.GetEnvironmentVariable("REDIS") is { Length: > 0 } real ? real : redis.ConnectionString;

    [Fact]
    public async Task A_script_runs_as_one_step_however_many_callers_race()
    {
        const string TakeIfThere = "local left = tonumber(redis.call('GET', KEYS[1])); if left < tonumber(ARGV[1]) then return -1 end; return redis.call('DECRBY', KEYS[1], ARGV[1])";
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var key = NewKey();
        await db.StringSetAsync(key, 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => db.ScriptEvaluateAsync(TakeIfThere, [key], [1])));

        Assert.Equal(100, answers.Count(answer => (int)answer >= 0));
        Assert.Equal(0, (int)await db.StringGetAsync(key));
    }

    [Fact]
    public async Task A_script_moves_between_a_list_a_sorted_set_and_a_hash()
    {
        const string Claim = """
            local id = redis.call('RPOP', KEYS[1])
            if not id then return false end
            redis.call('ZADD', KEYS[2], ARGV[1], id)
            redis.call('HINCRBY', KEYS[3], id, 1)
            return {id, redis.call('HGET', KEYS[3], id)}
            """;
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var (list, leases, attempts) = (NewKey(), NewKey(), NewKey());
        await db.ListLeftPushAsync(list, "job-1");

        var claimed = (string?[])(await db.ScriptEvaluateAsync(Claim, [list, leases, attempts], [1234.5]))!;

        Assert.Equal(["job-1", "1"], claimed);
        Assert.Equal(1234.5, await db.SortedSetScoreAsync(leases, "job-1"));
        Assert.True((await db.ScriptEvaluateAsync(Claim, [list, leases, attempts], [1])).IsNull);
    }

    [Fact]
    public async Task A_script_is_found_again_by_its_hash()
    {
        await using var client = await ConnectAsync();
        var script = await LuaScript.Prepare("return redis.call('INCRBY', @key, @by)").LoadAsync(client.GetServers()[0]);
        var key = NewKey();

        Assert.Equal(5, (int)await client.GetDatabase().ScriptEvaluateAsync(script, new { key, by = 5 }));
        Assert.Equal(10, (int)await client.GetDatabase().ScriptEvaluateAsync(script, new { key, by = 5 }));
    }

    [Fact]
    public async Task A_transaction_applies_whole_or_not_at_all()
    {
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var (key, list) = (NewKey(), NewKey());
        await db.StringSetAsync(key, "1");

        var stale = db.CreateTransaction();
        stale.AddCondition(Condition.StringEqual(key, "something else"));
        _ = stale.ListRightPushAsync(list, "never");
        _ = stale.StringIncrementAsync(key);
        Assert.False(await stale.ExecuteAsync());
        Assert.Equal("1", await db.StringGetAsync(key));
        Assert.False(await db.KeyExistsAsync(list));

        var fresh = db.CreateTransaction();
        fresh.AddCondition(Condition.StringEqual(key, "1"));
        _ = fresh.StringIncrementAsync(key);
        var length = fresh.ListRightPushAsync(list, "once");
        Assert.True(await fresh.ExecuteAsync());
        Assert.Equal(1, await length);
        Assert.Equal("2", await db.StringGetAsync(key));
    }

    [Fact]
    public async Task Only_one_of_many_gets_a_lock_and_it_runs_out()
    {
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var key = NewKey();

        var got = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => db.StringSetAsync(key, i, TimeSpan.FromMilliseconds(400), When.NotExists)));

        Assert.Single(got, true);
        await Task.Delay(600);
        Assert.True(await db.StringSetAsync(key, "next", TimeSpan.FromSeconds(10), When.NotExists));
    }

    [Fact]
    public async Task Lists_keep_their_order_and_move_atomically()
    {
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var (from, to) = (NewKey(), NewKey());
        await db.ListRightPushAsync(from, ["a", "b", "c", "b"]);

        Assert.Equal("a", await db.ListMoveAsync(from, to, ListSide.Left, ListSide.Right));
        Assert.Equal(2, await db.ListRemoveAsync(from, "b"));
        Assert.Equal(["c"], await db.ListRangeAsync(from));
        Assert.Equal(["a"], await db.ListRangeAsync(to));
    }

    [Fact]
    public async Task Sorted_sets_give_what_is_due()
    {
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var key = NewKey();
        await db.SortedSetAddAsync(key, [new("late", 30), new("early", 10), new("middle", 20)]);

        Assert.Equal(["early", "middle"], await db.SortedSetRangeByScoreAsync(key, stop: 20));
        Assert.Equal("early", (await db.SortedSetPopAsync(key))!.Value.Element);
        Assert.False(await db.SortedSetAddAsync(key, "late", 99, SortedSetWhen.NotExists));
        Assert.Equal(30, await db.SortedSetScoreAsync(key, "late"));
    }

    [Fact]
    public async Task A_message_reaches_every_subscriber_and_a_pattern()
    {
        await using var sender = await ConnectAsync();
        await using var receiver = await ConnectAsync();
        var channel = NewKey();
        var heard = new TaskCompletionSource<string>();
        var matched = new TaskCompletionSource<string>();
        await receiver.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel), (_, message) => heard.TrySetResult(message!));
        await receiver.GetSubscriber().SubscribeAsync(RedisChannel.Pattern($"{channel}*"), (_, message) => matched.TrySetResult(message!));

        await sender.GetSubscriber().PublishAsync(RedisChannel.Literal(channel), "product 7 changed");

        Assert.Equal("product 7 changed", await heard.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("product 7 changed", await matched.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_blocked_pop_wakes_up_when_something_comes_and_gives_up_in_time()
    {
        await using var waiting = await ConnectAsync();
        await using var pushing = await ConnectAsync();
        var (key, other) = (NewKey(), NewKey());
        var popped = waiting.GetDatabase().ExecuteAsync("BLPOP", key, "10");
        await Task.Delay(200);
        Assert.False(popped.IsCompleted);

        await pushing.GetDatabase().ListLeftPushAsync(key, "job");

        Assert.Equal([key, "job"], (string?[])(await popped.WaitAsync(TimeSpan.FromSeconds(5)))!);
        await pushing.GetDatabase().ListLeftPushAsync(key, "second");
        Assert.Equal("second", (string?)await waiting.GetDatabase().ExecuteAsync("BLMOVE", key, other, "RIGHT", "LEFT", "1"));
    }

    [Fact]
    public async Task Members_of_a_hash_run_out_on_their_own()
    {
        await using var client = await ConnectAsync();
        var db = client.GetDatabase();
        var key = NewKey();
        await db.HashSetAsync(key, [new("short", "1"), new("long", "2")]);
        await db.HashFieldExpireAsync(key, ["short"], TimeSpan.FromMilliseconds(300));

        await Task.Delay(600);

        Assert.False(await db.HashExistsAsync(key, "short"));
        Assert.True(await db.HashExistsAsync(key, "long"));
    }

    // Keys of one test: with a real Redis the database is shared. The braces keep them in one slot of a cluster.
    private static string NewKey() => $"{{test}}:{Guid.NewGuid():N}";

    private Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(_connection);
}
