using Commerce.OnCall;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tests.Fixture;
using Tests.Worker.Mail;
using Worker.Watchdog;

namespace Tests.Worker.Watchdog;

/// <summary>Everything was stopped for a night: what is old is so because nobody was there, until somebody has been there for long enough.</summary>
public sealed class VigilTests(PostgresFixture postgres, RedisFixture redis, PagerServer pager) : WatchdogTest(postgres, redis, pager), IClassFixture<PagerServer>
{
    private static readonly (string, string) FreshFor = ("Watchdog:SignalsFreshFor", "00:00:04");

    [Fact]
    public async Task After_a_stop_a_pump_that_never_comes_rings_once_it_had_its_time_and_nothing_else_that_is_only_old()
    {
        await StoppedForANightAsync();
        await DieAsync(); // the first look rings for this, and so dates itself
        await StartWatcherAsync(AsAtAStart, FreshFor);
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).Count > 1, "the pump is missed");
        var rows = await RowsOfIncidentsAsync();
        Assert.Equal(["dead-letters", "heartbeat-missing"], rows.Select(row => row.Alert));
        Assert.Contains("No node runs the pump", rows[1].Summary);
        Assert.InRange(rows[1].BadSince - rows[0].BadSince, TimeSpan.FromSeconds(3.5), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task After_a_stop_a_pump_that_comes_in_time_wakes_nobody()
    {
        await StoppedForANightAsync();
        await StartWatcherAsync(AsAtAStart, FreshFor);
        await ExecuteAsync($"INSERT INTO signals (name, node, is_bad, at) VALUES ('pump', 'worker:2', false, now() + interval '1 h')");
        await Task.Delay(TimeSpan.FromSeconds(6));
        await DieAsync();
        Assert.Equal("oddgrain/dead-letters", (await OnlyIncidentAsync("triggered", "only the dead letter rings")).GetProperty("dedupKey").GetString());
    }

    [Fact]
    public async Task What_rang_before_the_stop_is_neither_over_nor_rings_again()
    {
        await ExecuteAsync($"INSERT INTO signals (name, node, is_bad, at) VALUES ('pump', 'worker:1', false, now() - interval '8 h')");
        var before = await StartWatcherAsync();
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()) is [{ TriggeredAt: not null }], "the pump is missed");
        await before.StopAsync();
        await StartWatcherAsync(AsAtAStart, ("Watchdog:SignalsFreshFor", "00:10:00"));
        await DieAsync();
        await EventuallyAsync(async () => (await Pager.IncidentsAsync()).Count == 2, "it looks");
        await Task.Delay(1500); // twice as long as what is over needs to be resolved
        Assert.All(await RowsOfIncidentsAsync(), row => Assert.Equal(IncidentState.Open, row.State));
        Assert.Equal(1, (await Pager.IncidentsAsync()).Single(i => i.GetProperty("dedupKey").GetString() == "oddgrain/heartbeat-missing").GetProperty("timeline").GetArrayLength());
    }

    [Fact]
    public void A_break_begins_it_anew()
    {
        var clock = new Clock();
        var vigil = new Vigil(clock, Options.Create(new WatchdogOptions()));
        Assert.Equal(TimeSpan.Zero, vigil.Length);
        for (var i = 0; i < 25; i++) See(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromMinutes(2), vigil.Length);
        See(TimeSpan.FromSeconds(22)); // what could not be written meanwhile is fresh for longer
        Assert.Equal(TimeSpan.FromSeconds(142), vigil.Length);
        See(TimeSpan.FromSeconds(23));
        Assert.Equal(TimeSpan.Zero, vigil.Length);
        See(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), vigil.Length);
        See(TimeSpan.FromSeconds(-1));
        Assert.Equal(TimeSpan.Zero, vigil.Length);

        void See(TimeSpan later)
        {
            clock.Now += later;
            vigil.See();
        }
    }

    private static void AsAtAStart(IServiceCollection services) =>
        services.AddSingleton<Vigil>(provider => new(TimeProvider.System, provider.GetRequiredService<IOptions<WatchdogOptions>>()));

    /// <summary>Killed eight hours ago, with work to do and payments whose webhooks came to nobody.</summary>
    private async Task StoppedForANightAsync()
    {
        await using (var db = Open())
        {
            db.Add(PaidOrder.Example());
            await db.SaveChangesAsync();
        }
        await ExecuteAsync($"UPDATE payments SET session_id = 'cs_1'");
        await ExecuteAsync($"UPDATE orders SET paid_at = now() - interval '5 h'");
        await ExecuteAsync($"DELETE FROM outbox");
        await ExecuteAsync($"INSERT INTO signals (name, node, is_bad, at) VALUES ('pump', 'worker:1', false, now() - interval '8 h'), ('relay', 'worker:1', false, now() - interval '8 h')");
        await ExecuteAsync($"INSERT INTO recurring_tasks (name, cron, time_zone, kind, missed, next_slot, seen_at) VALUES ('purge', '0 3 * * *', 'UTC', 'purge', 'once', now() - interval '7 h', now())");
        await ExecuteAsync($"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, run_after)
            VALUES (gen_random_uuid(), 'send-receipt', 1, {"{}"}::jsonb, 1, 'pending', 0, 0, now() - interval '8 h')
            """);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
