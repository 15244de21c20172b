using System.Diagnostics;
using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;
using Worker;

namespace Tests.Worker.Jobs;

public sealed class RunningTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task A_job_runs_once_after_its_transaction_has_committed()
    {
        var node = await StartNodeAsync();
        await node.EnqueueAsync(JobNode.Job("a"));
        await AllDoneAsync(1);
        var row = await OnlyRowAsync();
        Assert.Equal(1, row.Attempt);
        Assert.Equal(0, row.Failures);
        Assert.NotNull(row.DispatchedAt);
        Assert.NotNull(row.SettledAt);
        Assert.Null(row.LeaseUntil);
        Assert.Equal(1, node.Script.StartsOf("a"));
    }

    [Fact]
    public async Task A_job_whose_transaction_rolled_back_does_not_exist()
    {
        var node = await StartNodeAsync();
        await using (var scope = node.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync();
                db.Enqueue(JobNode.Job("never"));
                await db.SaveChangesAsync();
                await transaction.RollbackAsync();
            });
        }
        await node.EnqueueAsync(JobNode.Job("after"));
        await AllDoneAsync(1);
        Assert.Equal(["after"], node.Script.Starts.Select(start => start.Name));
    }

    [Fact]
    public async Task Commit_wakes_the_relay_without_waiting_for_its_poll()
    {
        var node = await StartNodeAsync();
        await node.EnqueueAsync(JobNode.Job("warm-up"));
        await AllDoneAsync(1);
        await Task.Delay(2500);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var clock = Stopwatch.StartNew();
            await node.EnqueueAsync(JobNode.Job($"job {i}"));
            await EventuallyAsync(() => node.Script.StartsOf($"job {i}") == 1, "it started");
            waits.Add(clock.Elapsed);
            // Long enough for the poll to fall back to its slowest, a second.
            await Task.Delay(1700);
        }
        Assert.True(waits.Order().ElementAt(2) < TimeSpan.FromMilliseconds(250), string.Join(", ", waits));
    }

    [Fact]
    public async Task Two_relays_and_two_workers_run_every_job_exactly_once()
    {
        var script = new ProbeScript();
        var first = await StartNodeAsync(script);
        await StartNodeAsync(script);
        const int Jobs = 400;
        foreach (var chunk in Enumerable.Range(0, Jobs).Chunk(50))
            await first.EnqueueAsync([.. chunk.Select(i => JobNode.Job($"{i}"))]);
        await AllDoneAsync(Jobs);
        Assert.Equal(Jobs, script.Starts.Count);
        Assert.Equal(Jobs, script.Starts.DistinctBy(start => start.Name).Count());
        Assert.All(await RowsAsync(), row => Assert.Equal(1, row.Attempt));
    }

    [Fact]
    public async Task An_id_offered_twice_runs_once()
    {
        var relay = await StartNodeAsync(pump: false);
        await relay.EnqueueAsync(JobNode.Job("a"), JobNode.Job("b"));
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.State == JobState.Dispatched), "both are dispatched");
        var queue = relay.Services.GetRequiredService<JobQueue>();
        var rows = await RowsAsync();
        Assert.True(await queue.OfferAsync(rows));
        Assert.Equal(2, (await queue.TakeAsync(new JobRoom(10, 10, 10)))!.Length);
        Assert.True(await queue.OfferAsync(rows));
        var node = await StartNodeAsync();
        await AllDoneAsync(2);
        Assert.True(await queue.OfferAsync(rows));
        await node.EnqueueAsync(JobNode.Job("c"));
        await AllDoneAsync(3);
        Assert.Equal(["a", "b", "c"], node.Script.Starts.Select(start => start.Name).Order());
    }

    [Fact]
    public async Task A_delayed_job_waits_for_its_time()
    {
        var node = await StartNodeAsync();
        await node.EnqueueAsync(JobNode.Job("later", runAfter: DateTimeOffset.UtcNow.AddSeconds(3)), JobNode.Job("now"));
        await EventuallyAsync(() => node.Script.StartsOf("now") == 1, "the other one ran");
        Assert.Equal(0, node.Script.StartsOf("later"));
        await AllDoneAsync(2);
        var rows = await RowsAsync();
        Assert.All(rows, row => Assert.True(row.SettledAt >= row.RunAfter));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bulk_work_never_takes_every_slot_and_nothing_takes_those_of_payments(bool hasRedis)
    {
        var release = new TaskCompletionSource();
        var script = new ProbeScript { Do = (arguments, _, _, token) => arguments.Name.Contains("hangs", StringComparison.Ordinal) ? release.Task.WaitAsync(token) : Task.CompletedTask };
        var node = await StartNodeAsync(script, otherRedis: hasRedis ? null : "127.0.0.1:9");
        await node.EnqueueAsync([.. Enumerable.Range(0, 50).Select(i => JobNode.Job($"low {i} hangs", JobPriority.Low))]);
        await FilledAsync(JobPump.LowSlots, "bulk work fills its share");
        await node.EnqueueAsync(JobNode.Job("high", JobPriority.High), JobNode.Job("normal"));
        await EventuallyAsync(() => script.Ends.Contains("high") && script.Ends.Contains("normal"), "the others pass by");

        await node.EnqueueAsync([.. Enumerable.Range(0, 90).Select(i => JobNode.Job($"normal {i} hangs"))]);
        await FilledAsync(JobPump.SlotsBelowHigh + 2, "a mail server that hangs takes the rest of what is not for payments");
        await node.EnqueueAsync(JobNode.Job("payment", JobPriority.High), JobNode.Job("receipt"));
        await EventuallyAsync(() => script.Ends.Contains("payment"), "a payment passes by");
        Assert.DoesNotContain("receipt", script.Ends);
        release.SetResult();
        await AllDoneAsync(144);

        async Task FilledAsync(int starts, string what)
        {
            await EventuallyAsync(() => script.Starts.Count == starts, what);
            await Task.Delay(600);
            Assert.Equal(starts, script.Starts.Count);
        }
    }

    [Theory]
    [InlineData(JobKinds.ApplyStripeEvent, JobPriority.High)]
    [InlineData(JobKinds.RefundPayment, JobPriority.High)]
    [InlineData(JobKinds.SendReceipt, JobPriority.Normal)]
    [InlineData(JobKinds.SendStaffMail, JobPriority.Low)]
    [InlineData(JobKinds.SendWebhookNotice, JobPriority.Low)]
    public async Task A_job_goes_into_the_queue_of_its_kind_unless_it_says_another(string kind, JobPriority expected)
    {
        var relay = await StartNodeAsync(pump: false);
        await relay.EnqueueAsync(new NewJob(kind, new { }));
        Assert.Equal(expected, (await OnlyRowAsync()).Priority);
        await relay.EnqueueAsync(new NewJob(kind, new { }, Priority: JobPriority.Low));
        Assert.Equal(JobPriority.Low, (await RowsAsync())[1].Priority);
    }

    [Fact]
    public async Task A_thousand_index_updates_never_hold_up_a_receipt()
    {
        var script = new ProbeScript { Do = (arguments, _, _, token) => Task.Delay(arguments.Name == "receipt" ? 0 : 40, token) };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync([.. Enumerable.Range(0, 1000).Select(i => JobNode.Job($"index {i}", JobPriority.Low))]);
        await EventuallyAsync(() => script.Ends.Count >= 16, "bulk work runs");
        await node.EnqueueAsync(JobNode.Job("receipt"));
        await EventuallyAsync(() => script.Ends.Contains("receipt"), "the receipt went out");
        // In the order of their becoming due it would have been the last of all.
        Assert.InRange(script.Ends.Count, 16, 800);
        await AllDoneAsync(1001);
    }

    [Fact]
    public async Task The_queue_hands_out_ids_in_order_of_priority_and_then_of_age()
    {
        var relay = await StartNodeAsync(pump: false);
        await relay.EnqueueAsync(JobNode.Job("low", JobPriority.Low));
        await relay.EnqueueAsync(JobNode.Job("normal 1"));
        await Task.Delay(5);
        await relay.EnqueueAsync(JobNode.Job("normal 2"));
        await relay.EnqueueAsync(JobNode.Job("high", JobPriority.High));
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.State == JobState.Dispatched), "all are dispatched");
        var names = (await RowsAsync()).ToDictionary(row => row.Id, row => System.Text.Json.JsonDocument.Parse(row.Arguments).RootElement.GetProperty("name").GetString());
        var taken = await relay.Services.GetRequiredService<JobQueue>().TakeAsync(new JobRoom(10, 10, 10));
        Assert.Equal(["high", "normal 1", "normal 2", "low"], taken!.Select(id => names[id]));
    }

    [Fact]
    public async Task A_stop_lets_short_jobs_finish_and_hands_long_ones_back_uncounted()
    {
        var script = new ProbeScript
        {
            Do = (arguments, _, _, token) => Task.Delay(arguments.Name == "short" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1), token),
        };
        var node = await StartNodeAsync(script);
        await node.EnqueueAsync(JobNode.Job("short"), JobNode.Job("long"));
        await EventuallyAsync(() => script.Starts.Count == 2, "both started");
        var clock = Stopwatch.StartNew();
        await node.StopAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"stopped after {clock.Elapsed}");
        var rows = await RowsAsync();
        Assert.Single(rows, row => row.State == JobState.Done);
        var back = Assert.Single(rows, row => row.State is JobState.Pending or JobState.Dispatched);
        Assert.Equal(0, back.Failures);
        Assert.Null(back.LeaseUntil);

        script.Do = (_, _, _, _) => Task.CompletedTask;
        await StartNodeAsync(script);
        await AllDoneAsync(2);
        Assert.Equal(2, (await RowsAsync()).Max(row => row.Attempt));
    }
}
