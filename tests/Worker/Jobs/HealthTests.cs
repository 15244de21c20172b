using Commerce.Audit;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Outbox;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>What is measured, when it becomes an alert, and when the alert is over.</summary>
public sealed class HealthTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task A_healthy_queue_has_no_alerts()
    {
        var node = await StartNodeAsync();
        await node.EnqueueAsync(JobNode.Job("a"), JobNode.Job("later", runAfter: DateTimeOffset.UtcNow.AddHours(1)));
        await AllDoneAsync(1);
        var health = await ReadAsync();
        Assert.Empty(health.Alerts());
        Assert.Equal((0, 1, 0, 0), health.Kinds.Single() is var kind ? (kind.Due, kind.Scheduled, kind.Running, kind.Dead) : default);
    }

    [Theory]
    [InlineData(10, new string[0])]
    [InlineData(90, new[] { "job-backlog" })]
    [InlineData(400, new[] { "stuck-outbox" })]
    public async Task The_age_of_the_oldest_due_row_decides(int seconds, string[] expected)
    {
        await AddAsync(JobState.Pending, TimeSpan.FromSeconds(seconds));
        var health = await ReadAsync();
        Assert.Equal(expected, health.Alerts().Select(alert => alert.Name).Order());
        Assert.InRange(health.OldestDue.TotalSeconds, seconds, seconds + 60);
        await ExecuteAsync($"UPDATE outbox SET state = 'done', settled_at = now()");
        Assert.Empty((await ReadAsync()).Alerts());
    }

    [Theory]
    [InlineData(20, new string[0])]
    [InlineData(90, new[] { "job-backlog" })]
    [InlineData(301, new[] { "stuck-outbox" })]
    public async Task After_a_stop_a_wait_is_as_long_as_somebody_has_looked(int watchedSeconds, string[] expected)
    {
        await AddAsync(JobState.Pending, TimeSpan.FromHours(8));
        await ExecuteAsync($"INSERT INTO recurring_tasks (name, cron, time_zone, kind, missed, next_slot, seen_at) VALUES ('purge', '0 3 * * *', 'UTC', 'purge', 'once', now() - interval '7 h', now())");
        var health = await ReadAsync();
        Assert.Equal(expected, health.Alerts(TimeSpan.FromSeconds(watchedSeconds)).Select(alert => alert.Name));
        Assert.Equal(["stuck-outbox"], health.Alerts().Select(alert => alert.Name));
    }

    [Fact]
    public async Task Bulk_work_may_wait_longer()
    {
        await AddAsync(JobState.Pending, TimeSpan.FromMinutes(8), JobPriority.Low);
        // Pending, as without Redis, while others of it run.
        Assert.Empty((await ReadAsync()).Alerts());
        await ExecuteAsync($"UPDATE outbox SET run_after = now() - interval '31 min'");
        Assert.Equal("stuck-outbox", Assert.Single((await ReadAsync()).Alerts()).Name);
    }

    [Theory]
    [InlineData("running", 0, false)]
    [InlineData("pending", 3, false)]
    [InlineData("pending", 0, true)]
    public async Task What_waits_behind_runs_of_its_own_endpoint_wakes_nobody(string state, int failures, bool rings)
    {
        await ExecuteAsync($$"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, batch_key, run_after, lease_until)
            SELECT gen_random_uuid(), {{JobKinds.DeliverWebhook}}, 1, '{}', 2, s.state, s.failures, s.failures, 'endpoint', now() + s.due, CASE s.state WHEN 'running' THEN now() + interval '20 s' END
            FROM (VALUES ('pending', 0, interval '-1 h'), ({{state}}, {{failures}}, interval '10 s')) AS s(state, failures, due)
            """);
        var health = await ReadAsync();
        Assert.Equal(1, health.Kinds.Single().Due);
        Assert.Equal(rings ? ["stuck-outbox"] : [], health.Alerts().Select(alert => alert.Name));
        // Another endpoint's deliveries have no excuse.
        await ExecuteAsync($"UPDATE outbox SET batch_key = 'other' WHERE run_after < now()");
        Assert.Equal(["stuck-outbox"], (await ReadAsync()).Alerts().Select(alert => alert.Name));
    }

    [Fact]
    public async Task A_run_that_nobody_takes_back_is_due_since_its_lease_ran_out()
    {
        await AddAsync(JobState.Pending, TimeSpan.FromHours(1));
        await ExecuteAsync($"UPDATE outbox SET state = 'running', attempt = 1, lease_until = now() + interval '20 s'");
        Assert.Empty((await ReadAsync()).Alerts());
        await ExecuteAsync($"UPDATE outbox SET lease_until = now() - interval '6 min'");
        Assert.Equal("stuck-outbox", Assert.Single((await ReadAsync()).Alerts()).Name);
    }

    [Fact]
    public async Task Dead_letters_are_one_alert_until_they_are_replayed_or_discarded()
    {
        for (var i = 0; i < 3; i++) await AddAsync(JobState.Dead, TimeSpan.Zero);
        var alert = Assert.Single((await ReadAsync()).Alerts());
        Assert.Equal(("dead-letters", "error"), (alert.Name, alert.Severity));
        Assert.True(File.Exists(Path.Combine(TestFolders.Repository, alert.Runbook)), alert.Runbook);
        await using var db = Open();
        Assert.Equal(3, (await db.DiscardAsync(new DeadLetterChoice(Kind: JobNode.Kind), Actor.System("test"), "gone", default)).Value.Count);
        Assert.Empty((await ReadAsync()).Alerts());
    }

    [Theory]
    [InlineData("send-receipt", 5, 11, true)]
    [InlineData("send-receipt", 4, 11, false)]
    [InlineData("send-receipt", 5, 9, false)]
    [InlineData("deliver-webhook", 9, 60, false)]
    public async Task Jobs_that_keep_failing_are_an_alert_long_before_they_are_dead_letters(string kind, int failures, int minutes, bool rings)
    {
        await ExecuteAsync($$"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, failure_reason, created_at, run_after)
            VALUES (gen_random_uuid(), {{kind}}, 1, '{}', 1, 'pending', {{failures}}, {{failures}}, 'smtp-deferred', now() - make_interval(mins => {{minutes}}), now() + interval '1 h')
            """);
        var alerts = (await ReadAsync()).Alerts();
        if (!rings) Assert.Empty(alerts);
        else Assert.StartsWith("jobs-failing: Jobs keep failing: send-receipt 1, smtp-deferred", Assert.Single(alerts) is var alert ? $"{alert.Name}: {alert.Summary}" : "");
    }

    [Fact]
    public async Task A_schedule_nobody_looks_at_is_an_alert()
    {
        await ExecuteAsync($"INSERT INTO recurring_tasks (name, cron, time_zone, kind, missed, next_slot, seen_at) VALUES ('nightly', '0 3 * * *', 'UTC', 'purge', 'Skip', now() - interval '10 min', now())");
        var alert = Assert.Single((await ReadAsync()).Alerts());
        Assert.Equal("job-backlog", alert.Name);
        Assert.Contains("nightly", alert.Summary);
    }

    [Fact]
    public async Task A_replayed_dead_letter_runs_with_all_its_tries_before_it()
    {
        await AddAsync(JobState.Dead, TimeSpan.Zero);
        await using var db = Open();
        var id = (await OnlyRowAsync()).Id;
        Assert.Equal(1, (await db.ReplayAsync(new DeadLetterChoice(Reason: "test"), Actor.System("test"), null, default)).Value.Count);
        var node = await StartNodeAsync();
        await AllDoneAsync(1);
        var row = await OnlyRowAsync();
        Assert.Equal((id, 21, 0), (row.Id, row.Attempt, row.Failures));
        Assert.Single(node.Script.Starts);
    }

    private async Task<JobHealth> ReadAsync()
    {
        await using var db = Open();
        return await JobHealth.ReadAsync(db, CancellationToken.None);
    }

    private async Task AddAsync(JobState state, TimeSpan age, JobPriority priority = JobPriority.Normal)
    {
        await using var db = Open();
        var isDead = state == JobState.Dead;
        db.Add(new OutboxRow
        {
            Kind = JobNode.Kind,
            Version = 1,
            Arguments = """{"name":"a"}""",
            Priority = priority,
            State = state,
            RunAfter = DateTimeOffset.UtcNow - age,
            Attempt = isDead ? 20 : 0,
            Failures = isDead ? 20 : 0,
            FailureReason = isDead ? "test" : null,
            SettledAt = isDead ? DateTimeOffset.UtcNow : null,
        });
        await db.SaveChangesAsync();
    }
}
