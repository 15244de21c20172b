using Commerce.Jobs;
using Commerce.Outbox;
using Commerce.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;
using Worker.Jobs;
using Worker.Webhooks;

namespace Tests.Worker.Jobs;

public sealed class FailureTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task A_failed_job_runs_again_after_a_back_off()
    {
        var script = new ProbeScript { Do = (_, run, _, _) => run.Failures == 0 ? throw new InvalidDataException("first time") : Task.CompletedTask };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync(JobNode.Job("a"));
        await AllDoneAsync(1);
        var row = await OnlyRowAsync();
        Assert.Equal(2, row.Attempt);
        Assert.Equal(1, row.Failures);
        Assert.Equal("unexpected", row.FailureReason);
        Assert.Contains("first time", row.FailureDetail);
    }

    [Fact]
    public async Task A_poison_job_becomes_a_dead_letter_with_its_reason_and_the_queue_flows_on()
    {
        var script = new ProbeScript { Do = (arguments, _, _, _) => arguments.Name == "poison" ? throw new InvalidDataException("always") : Task.CompletedTask };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync(JobNode.Job("poison"));
        await EventuallyAsync(async () => (await OnlyRowAsync()).Failures == 1, "it failed");
        await ExecuteAsync($"UPDATE outbox SET attempt = {JobKind.ADay - 1}, failures = {JobKind.ADay - 1}, run_after = now() WHERE state <> 'running'");
        await node.EnqueueAsync(JobNode.Job("healthy"));
        await EventuallyAsync(async () => (await RowsAsync()).Any(row => row.State == JobState.Dead), "it is dead");
        await AllDoneAsync(1);
        var dead = (await RowsAsync()).Single(row => row.State == JobState.Dead);
        Assert.Equal(JobKind.ADay, dead.Failures);
        Assert.Equal("unexpected", dead.FailureReason);
        Assert.Contains("InvalidDataException: always", dead.FailureDetail);
        Assert.NotNull(dead.SettledAt);
    }

    [Fact]
    public async Task A_failure_whose_words_PostgreSQL_cannot_keep_whole_ends_the_job_like_any_other()
    {
        var words = new string('a', OutboxRow.MaxFailureDetail - 1) + "😀 and more";
        var script = new ProbeScript { Do = (_, _, _, _) => throw new JobFailedException(FailureKind.Page, "as-said", words) };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync(JobNode.Job("poison"));
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        var dead = await OnlyRowAsync();
        Assert.Equal((1, "as-said", words[..(OutboxRow.MaxFailureDetail - 1)]), (dead.Attempt, dead.FailureReason, dead.FailureDetail));
    }

    [Fact]
    public async Task A_job_that_kills_its_worker_every_time_becomes_a_dead_letter_without_running_again()
    {
        var node = await StartNodeAsync(pump: false);
        await node.EnqueueAsync(JobNode.Job("killer"));
        await ExecuteAsync($"UPDATE outbox SET state = 'running', attempt = {JobKind.ADay}, failures = {JobKind.ADay - 1}, lease_until = now() - interval '1 s', worker = 'gone:1'");
        await EventuallyAsync(async () => (await OnlyRowAsync()).Failures == JobKind.ADay, "the lease was swept");
        // The more workers it has ended, the later it comes back.
        Assert.InRange((await OnlyRowAsync()).RunAfter - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(50), Backoff.Longest);
        await ExecuteAsync($"UPDATE outbox SET run_after = now()");
        var worker = await StartNodeAsync();
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        var row = await OnlyRowAsync();
        Assert.Equal("lease-lost", row.FailureReason);
        Assert.Contains("gone:1", row.FailureDetail);
        Assert.Empty(worker.Script.Starts);
    }

    [Fact]
    public async Task A_lost_lease_cancels_the_handler_and_rolls_back_what_it_wrote()
    {
        var (rolledBack, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var script = new ProbeScript();
        script.Do = async (_, run, db, token) =>
        {
            if (run.Attempt > 1) return;
            await Assert.ThrowsAsync<LeaseLostException>(() => run.SettleAsync(db, async inner =>
            {
                db.Enqueue(JobNode.Job("written by a zombie"));
                await ExecuteAsync($"UPDATE outbox SET state = 'pending', lease_until = NULL, run_after = now() + interval '5 s' WHERE id = {run.Id}");
            }, token));
            rolledBack.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
                throw;
            }
        };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync(JobNode.Job("a"));
        await rolledBack.Task.WaitAsync(Soon);
        await node.Services.GetRequiredService<RunningJobs>().RenewOnceAsync(CancellationToken.None);
        await cancelled.Task.WaitAsync(Soon);
        await AllDoneAsync(1);
        var row = await OnlyRowAsync();
        Assert.Equal(2, row.Attempt);
        Assert.Equal(2, script.Starts.Count);
    }

    [Fact]
    public async Task A_zombie_cannot_settle_the_attempt_of_its_successor()
    {
        var node = await StartNodeAsync(pump: false);
        await node.EnqueueAsync(JobNode.Job("a"));
        var id = (await OnlyRowAsync()).Id;
        await using var db = Open();
        await db.ClaimAsync([id], "first", CancellationToken.None);
        var zombie = new JobClaim(id, 1);
        await ExecuteAsync($"UPDATE outbox SET lease_until = now() - interval '1 s'");
        await EventuallyAsync(async () => (await OnlyRowAsync()).State != JobState.Running, "the lease was swept");
        Assert.Single(await db.ClaimAsync([id], "second", CancellationToken.None));
        foreach (var attempt in new Func<Task>[]
        {
            () => zombie.SettleAsync(db, default), () => zombie.RenewAsync(db, default), () => zombie.HandBackAsync(db, default),
            () => zombie.FailAsync(db, "late", "late", null, default),
        })
            await Assert.ThrowsAsync<LeaseLostException>(attempt);
        Assert.Empty(await db.RenewAsync([zombie], CancellationToken.None));
        await new JobClaim(id, 2).SettleAsync(db, default);
        var row = await OnlyRowAsync();
        Assert.Equal((JobState.Done, 1), (row.State, row.Failures));
    }

    [Fact]
    public async Task Many_workers_racing_for_one_row_give_it_to_one()
    {
        var node = await StartNodeAsync(pump: false);
        await node.EnqueueAsync(JobNode.Job("a"));
        var id = (await OnlyRowAsync()).Id;
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            await using var db = Open();
            return i % 2 == 0
                ? await db.ClaimAsync([id], $"w{i}", CancellationToken.None)
                : await db.ClaimDueAsync(new JobRoom(5, 5, 5), TimeSpan.Zero, $"w{i}", CancellationToken.None);
        }));
        Assert.Single(claims, claimed => claimed.Count == 1);
        Assert.Equal(1, (await OnlyRowAsync()).Attempt);
    }

    [Fact]
    public async Task An_unknown_kind_or_version_waits_for_a_newer_worker()
    {
        var node = await StartNodeAsync();
        await ExecuteAsync($$"""
            INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures) VALUES
            (gen_random_uuid(), 'from-the-future', 1, '{}', 1, 'pending', 0, 0), (gen_random_uuid(), {{JobNode.Kind}}, 99, '{}', 1, 'pending', 0, 0)
            """);
        await node.EnqueueAsync(JobNode.Job("healthy"));
        await AllDoneAsync(1);
        await EventuallyAsync(async () => (await RowsAsync()).Count(row => row.FailureReason == "unknown-kind") == 2, "both failed");
        Assert.All((await RowsAsync()).Where(row => row.FailureReason is not null), row =>
        {
            Assert.Equal(JobState.Pending, row.State);
            Assert.InRange((row.RunAfter - DateTimeOffset.UtcNow).TotalSeconds, 5, 31);
        });
        Assert.Single(node.Script.Starts);
    }

    [Fact]
    public async Task Arguments_that_no_longer_parse_are_a_dead_letter_at_once()
    {
        var node = await StartNodeAsync();
        await node.EnqueueAsync(new NewJob(JobNode.Kind, new { somethingElse = 1 }));
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dead, "it is dead");
        var row = await OnlyRowAsync();
        Assert.Equal("malformed-arguments", row.FailureReason);
        Assert.Equal(1, row.Failures);
        Assert.Empty(node.Script.Starts);
    }

    [Fact]
    public async Task What_has_nothing_left_to_do_is_done_and_what_a_person_must_see_is_dead()
    {
        var script = new ProbeScript
        {
            Do = (arguments, _, _, _) => throw new JobFailedException(Enum.Parse<FailureKind>(arguments.Name), "as-named", "detail"),
        };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync(JobNode.Job(nameof(FailureKind.Ignore)), JobNode.Job(nameof(FailureKind.Page)));
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.SettledAt is not null), "both ended");
        Assert.Equal(
            [(JobState.Done, 0, "as-named", "detail"), (JobState.Dead, 1, "as-named", "detail")],
            (await RowsAsync()).Select(row => (row.State, row.Failures, row.FailureReason!, row.FailureDetail!)).Order());
    }

    [Fact]
    public void Back_off_doubles_up_to_an_hour_with_jitter()
    {
        var first = TimeSpan.FromSeconds(1);
        for (var failures = 1; failures <= 30; failures++)
        {
            var full = Math.Min(Math.Pow(2, failures - 1), 3600);
            for (var i = 0; i < 50; i++) Assert.InRange(Backoff.After(failures, first).TotalSeconds, full / 2, full);
        }
    }

    public static TheoryData<string> EveryKind => new(JobKinds.All.Keys.Order());

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void A_kind_gives_up_after_the_time_its_limit_is_named_for(string name)
    {
        var (kind, most) = (JobKinds.All[name], JobKinds.All[name].MaxFailures);
        if (most == JobKind.HalfAnHour) Assert.InRange(UntilGivenUp(most, TimeSpan.FromSeconds(1)).TotalMinutes, 20, 40);
        else
            foreach (var first in new[] { 1, 5, 10, 30 }) Assert.InRange(UntilGivenUp(most, TimeSpan.FromSeconds(first)).TotalHours, most == JobKind.ADay ? 22 : 30, most == JobKind.ADay ? 30 : 35);
        Assert.True(most is JobKind.ADay or JobKind.DayAndAThird or JobKind.HalfAnHour, kind.Name);
    }

    [Fact]
    public void A_kind_of_a_newer_version_waits_half_a_day_for_a_newer_worker() =>
        Assert.InRange(UntilGivenUp(JobKind.UnknownMaxFailures, TimeSpan.FromSeconds(30)).TotalHours, 10, 13);

    [Fact]
    public void An_endpoint_is_called_for_hours_longer_than_it_takes_to_switch_it_off()
    {
        var options = new WebhookOptions();
        Assert.InRange(UntilGivenUp(DeliverWebhook.MaxAttempts, options.FirstDelay).TotalHours, options.DisableAfter.TotalHours + 6, 36);
        Assert.True(DeliverWebhook.MaxAttempts < JobKinds.All[JobKinds.DeliverWebhook].MaxFailures, "An endpoint's fault is no dead letter.");
    }

    /// <summary>From the first failure to the last, on average.</summary>
    private static TimeSpan UntilGivenUp(int failures, TimeSpan first) =>
        TimeSpan.FromSeconds(Enumerable.Range(1, failures - 1).Sum(failure => Backoff.After(failure, first, jitter: 0.5).TotalSeconds));
}
