using Commerce.OnCall;
using Npgsql;
using Tests.Fixture;
using Tests.Worker.Jobs;

namespace Tests.Worker.Watchdog;

/// <summary>Who watches, what happens when that one is gone, and when PagerDuty or PostgreSQL is.</summary>
public sealed class WatchTests(PostgresFixture postgres, RedisFixture redis, PagerServer pager) : WatchdogTest(postgres, redis, pager), IClassFixture<PagerServer>
{
    [Fact]
    public async Task A_condition_that_flaps_is_one_incident()
    {
        await StartWatcherAsync(settings: ("Watchdog:ResolveAfter", "00:00:03"));
        for (var i = 0; i < 4; i++)
        {
            await DieAsync();
            await Task.Delay(400);
            await BuryAsync();
            await Task.Delay(400);
        }
        await OnlyIncidentAsync("resolved", "it is over once");
        Assert.Single(await RowsOfIncidentsAsync());
    }

    [Fact]
    public async Task What_is_gone_before_it_has_lasted_wakes_nobody()
    {
        await StartWatcherAsync(settings: ("Watchdog:OpenAfter", "00:10:00"));
        await DieAsync();
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).Any(i => i.State == IncidentState.Suspected), "it is suspected");
        await BuryAsync();
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).Count == 0, "the suspicion is dropped");
        Assert.Empty(await Pager.IncidentsAsync());
    }

    [Fact]
    public async Task A_restarted_watchdog_goes_on_with_what_was_open()
    {
        var first = await StartWatcherAsync();
        await DieAsync();
        await OnlyIncidentAsync("triggered", "it rings");
        await first.StopAsync();
        await StartWatcherAsync();
        await BuryAsync();
        var closed = await OnlyIncidentAsync("resolved", "the successor resolves it");
        Assert.Equal(2, closed.GetProperty("timeline").GetArrayLength());
    }

    [Fact]
    public async Task Of_many_workers_one_watches_and_another_takes_over_when_it_loses_its_connection()
    {
        for (var i = 0; i < 3; i++) await StartWatcherAsync();
        await DieAsync();
        await OnlyIncidentAsync("triggered", "it rings once");
        var before = await HolderAsync();
        await ExecuteAsync($"SELECT pg_terminate_backend({before})");
        await EventuallyAsync(async () => await HolderAsync() is { } pid && pid != before, "somebody else watches");
        await BuryAsync();
        await OnlyIncidentAsync("resolved", "it is resolved");
        Assert.Equal(2, (await Pager.IncidentsAsync())[0].GetProperty("timeline").GetArrayLength());
    }

    [Theory]
    [InlineData("Status", 500)]
    [InlineData("Status", 429)]
    [InlineData("Drop", 500)]
    public async Task While_PagerDuty_refuses_the_incident_waits_and_then_rings_once(string kind, int status)
    {
        await Pager.FaultAsync(new { kind, status, calls = 1000 });
        await StartWatcherAsync();
        await DieAsync();
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).Any(i => i.SendFailures > 0), "sending failed");
        Assert.Empty(await Pager.IncidentsAsync());
        await Pager.ClearFaultsAsync();
        await SendNowAsync();
        var open = await OnlyIncidentAsync("triggered", "it rings after all");
        Assert.Equal(1, open.GetProperty("timeline").GetArrayLength());
        // PagerDuty knows a moment before the row does.
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync())[0] is { SendError: null, TriggeredAt: not null }, "the row says that it was sent");
    }

    [Fact]
    public async Task A_trigger_whose_answer_was_lost_is_resolved_all_the_same()
    {
        await Pager.FaultAsync(new { kind = "DropAfter", calls = 1000 });
        await StartWatcherAsync();
        await DieAsync();
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).Any(i => i.SendFailures > 0), "the answer was lost");
        await BuryAsync();
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).All(i => i.State == IncidentState.Resolved), "the condition is over");
        await Pager.ClearFaultsAsync();
        await SendNowAsync();
        await OnlyIncidentAsync("resolved", "it is resolved");
    }

    [Fact]
    public async Task An_incident_of_another_version_is_left_alone_and_closed_when_no_version_has_it_any_more()
    {
        await ExecuteAsync($"""
            INSERT INTO incidents (id, alert, state, summary, details, bad_since, opened_at, is_trigger_tried, triggered_at, send_failures) VALUES
            (gen_random_uuid(), 'search-down', 'open', 'of a newer version, untold', {"{}"}::jsonb, now(), now(), false, NULL, 0),
            (gen_random_uuid(), 'removed', 'open', 'told by a version that is gone', {"{}"}::jsonb, now(), now(), true, now(), 0)
            """);
        await StartWatcherAsync(settings: ("Watchdog:UnknownKeptFor", "1.00:00:00"));
        await DieAsync();
        await OnlyIncidentAsync("triggered", "the watch goes on, and tells what it knows");
        var rows = await RowsOfIncidentsAsync();
        Assert.All(rows, row => Assert.Equal(IncidentState.Open, row.State));
        Assert.False(rows.Single(row => row.Alert == "search-down").IsTriggerTried);

        await ExecuteAsync($"UPDATE incidents SET clear_since = now() - interval '25 h' WHERE alert IN ('removed', 'search-down')");
        await EventuallyAsync(async () => (await RowsOfIncidentsAsync()).Single(row => row.Alert == "removed").ResolveSentAt is not null, "PagerDuty is told that it is over");
        Assert.Null((await RowsOfIncidentsAsync()).Single(row => row.Alert == "search-down").ResolveSentAt);
    }

    [Fact]
    public async Task PostgreSQL_away_is_one_incident_sent_directly_by_every_worker_and_resolved_after()
    {
        var real = new NpgsqlConnectionStringBuilder(Shop);
        await using var cable = new Cable(TestFolders.FreePort(), real.Port);
        cable.Mend();
        var through = new NpgsqlConnectionStringBuilder(Shop) { Port = cable.Port, Timeout = 2 }.ConnectionString;
        await using var one = await JobNode.StartAsync(through, Redis, instead: services => AddWatch(services));
        await using var two = await JobNode.StartAsync(through, Redis, instead: services => AddWatch(services));
        await EventuallyAsync(async () => await HolderAsync() is not null, "one watches");

        cable.Cut();
        var open = await OnlyIncidentAsync("triggered", "it rings without a database");
        Assert.Equal(("critical", "oddgrain/database-down"), (open.GetProperty("severity").GetString(), open.GetProperty("dedupKey").GetString()));
        await EventuallyAsync(async () => (await Pager.IncidentsAsync())[0].GetProperty("timeline").GetArrayLength() == 2, "each worker said so");

        cable.Mend();
        await OnlyIncidentAsync("resolved", "it is back");
        await EventuallyAsync(async () => await HolderAsync() is not null, "one watches again");
    }

    [Fact]
    public async Task PostgreSQL_that_takes_questions_and_answers_none_is_away_from_the_first_one_on()
    {
        var real = new NpgsqlConnectionStringBuilder(Shop);
        await using var cable = new Cable(TestFolders.FreePort(), real.Port);
        cable.Mend();
        var through = new NpgsqlConnectionStringBuilder(Shop) { Port = cable.Port }.ConnectionString;
        await using var node = await JobNode.StartAsync(through, Redis, instead: services => AddWatch(services, settings: [("Watchdog:DatabaseAnswersWithin", "00:00:01")]));
        await EventuallyAsync(async () => await HolderAsync() is not null, "it watches");

        var held = DateTimeOffset.UtcNow;
        cable.Hold();
        var open = await OnlyIncidentAsync("triggered", "it rings");
        Assert.Equal("oddgrain/database-down", open.GetProperty("dedupKey").GetString());
        // Not from when the question was given up, and not from when the longest statement would have been.
        var since = open.GetProperty("trigger").GetProperty("payload").GetProperty("timestamp").GetDateTimeOffset();
        Assert.InRange(since - held, TimeSpan.FromSeconds(-10), TimeSpan.FromSeconds(10));

        cable.LetGo();
        await OnlyIncidentAsync("resolved", "it is back");
    }

    [Fact]
    public async Task Without_a_key_nobody_is_on_call_and_the_log_says_so_once()
    {
        await using var worker = WorkerProcess.Start(Shop, Redis, smtpPort: 9);
        await EventuallyAsync(() => worker.Output.Any(line => line.Contains("nobody is on call", StringComparison.Ordinal)), "it is said");
        await DieAsync();
        await Task.Delay(300);
        Assert.Single(worker.Output, line => line.Contains("nobody is on call", StringComparison.Ordinal));
        Assert.Empty(await RowsOfIncidentsAsync());
    }

    [Fact]
    public async Task A_watching_worker_that_is_killed_leaves_the_watch_to_the_next()
    {
        var settings = Small(Pager.Url).Select(pair => (pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value!)).ToArray();
        await using (var doomed = WorkerProcess.Start(Shop, Redis, smtpPort: 9, settings))
        {
            await DieAsync();
            await EventuallyAsync(async () => await Pager.StatusesAsync() == "triggered", "it rings", doomed.Output);
            await doomed.KillAsync();
        }
        await using var next = WorkerProcess.Start(Shop, Redis, smtpPort: 9, settings);
        await BuryAsync();
        await OnlyIncidentAsync("resolved", "the next one resolves it");
        await next.TerminateAsync();
        await using var db = Open();
        // The killed one's signals stay until they are forgotten; the other withdrew its own.
        Assert.Single(db.Set<Signal>().Select(signal => signal.Node).Distinct());
    }

    private Task SendNowAsync() => ExecuteAsync($"UPDATE incidents SET next_send_at = now()");

    private async Task<int?> HolderAsync()
    {
        await using var source = NpgsqlDataSource.Create(Shop);
        await using var command = source.CreateCommand(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid = 1329874007 LIMIT 1");
        return (int?)await command.ExecuteScalarAsync();
    }
}
