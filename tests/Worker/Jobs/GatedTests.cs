using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tests.Fixture;
using Worker.Jobs;

namespace Tests.Worker.Jobs;

/// <summary>Kinds with a limit across all workers, and kinds that run in batches by key.</summary>
public sealed class GatedTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    private static readonly JobKind Limited = new("test-limited", 1, 20, TimeSpan.FromMinutes(1), MostRunning: 2);
    private static readonly JobKind Batched = new("test-batched", 1, 3, TimeSpan.FromMinutes(1), IsBatched: true);
    private static readonly JobKind Keyed = new("test-keyed", 1, 20, TimeSpan.FromMinutes(1), Priority: JobPriority.Low, MostPerKey: 2);

    [Fact]
    public async Task A_limit_holds_on_all_workers_together()
    {
        var (running, most) = (0, 0);
        var script = new ProbeScript
        {
            Do = async (_, _, _, token) =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Delay(50, token);
                Interlocked.Decrement(ref running);
            },
        };
        for (var i = 0; i < 3; i++) await StartAsync(services => services.AddSingleton(script).AddJobs(jobs => jobs.Add<Probe, ProbeArguments>(Limited)));
        await AddAsync([.. Enumerable.Range(0, 30).Select(i => Enqueueing.Row(Limited, new NewJob(Limited.Name, new ProbeArguments($"{i}"))))]);
        await AllDoneAsync(30);
        Assert.Equal(2, most);
        Assert.Equal(30, script.Starts.Count);
        Assert.All(await RowsAsync(), row => Assert.Null(row.DispatchedAt));
    }

    [Fact]
    public async Task A_job_of_a_limited_kind_does_not_wait_behind_bulk_work()
    {
        var release = new TaskCompletionSource();
        var script = new ProbeScript { Do = (arguments, _, _, token) => arguments.Name == "bulk" ? release.Task.WaitAsync(token) : Task.CompletedTask };
        await StartAsync(services => services.AddSingleton(script).AddJobs(jobs => jobs
            .Add<Probe, ProbeArguments>(JobKinds.All[JobNode.Kind]).Add<Probe, ProbeArguments>(Limited)));
        await AddAsync([.. Enumerable.Range(0, 200).Select(_ => Enqueueing.RowOf(JobNode.Job("bulk", JobPriority.Low)))]);
        await EventuallyAsync(() => script.Starts.Count == global::Worker.JobPump.LowSlots, "bulk work fills its share");
        await AddAsync(Enqueueing.Row(Limited, new NewJob(Limited.Name, new ProbeArguments("purge"))));
        await EventuallyAsync(() => script.Ends.Contains("purge"), "it passes by");
        Assert.DoesNotContain("bulk", script.Ends);
        release.SetResult();
        await AllDoneAsync(201);
    }

    [Fact]
    public async Task All_due_rows_of_a_key_run_as_one_and_one_key_never_runs_twice_at_once()
    {
        var probe = new BatchProbe();
        for (var i = 0; i < 2; i++) await StartAsync(services => services.AddSingleton(probe).AddJobs(jobs => jobs.AddBatch<BatchJob, ProbeArguments>(Batched)));
        for (var round = 0; round < 10; round++)
            await AddAsync([.. Enumerable.Range(0, 60).Select(i => Row($"key {i % 3}", $"{round}.{i}"))]);
        await AllDoneAsync(600);
        Assert.Equal(600, probe.Batches.Sum(batch => batch.Count));
        Assert.Equal(600, probe.Batches.SelectMany(batch => batch).Distinct().Count());
        Assert.True(probe.Batches.Count < 100, $"{probe.Batches.Count} runs for 600 rows");
        Assert.Equal(1, probe.MostAtOnceOfOneKey);
        Assert.All(probe.Batches, batch => Assert.Single(batch.Select(name => int.Parse(name.Split('.')[1], null) % 3).Distinct()));
        Assert.All(await RowsAsync(), row => Assert.Equal((1, 0), (row.Attempt, row.Failures)));
    }

    [Fact]
    public async Task A_batch_fails_as_a_whole_and_another_key_flows_on()
    {
        var probe = new BatchProbe { Poison = "bad" };
        await StartAsync(services => services.AddSingleton(probe).AddJobs(jobs => jobs.AddBatch<BatchJob, ProbeArguments>(Batched)));
        await AddAsync(Row("poisoned", "0.bad"), Row("poisoned", "0.good"), Row("healthy", "0.1"));
        await AllDoneAsync(1);
        await EventuallyAsync(async () =>
        {
            await ExecuteAsync($"UPDATE outbox SET run_after = now() WHERE state = 'pending'");
            return (await RowsAsync()).Count(row => row.State == JobState.Dead) == 2;
        }, "both rows of the poisoned key are dead");
        Assert.All((await RowsAsync()).Where(row => row.State == JobState.Dead), row => Assert.Equal((3, "unexpected"), (row.Failures, row.FailureReason)));
    }

    [Fact]
    public async Task Of_one_key_only_so_many_run_on_all_workers_together_oldest_first_and_the_others_wait_uncounted()
    {
        var (running, most) = (new ConcurrentDictionary<string, int>(), 0);
        var script = new ProbeScript
        {
            Do = async (arguments, _, _, token) =>
            {
                var key = arguments.Name.Split('.')[0];
                InterlockedMax(ref most, running.AddOrUpdate(key, 1, (_, count) => count + 1));
                await Task.Delay(20, token);
                running.AddOrUpdate(key, 0, (_, count) => count - 1);
            },
        };
        for (var i = 0; i < 3; i++) await StartAsync(services => services.AddSingleton(script).AddJobs(jobs => jobs.Add<Probe, ProbeArguments>(Keyed)));
        await AddAsync([.. Enumerable.Range(0, 60).Select(i => KeyedRow($"{(char)('a' + i % 3)}", i))]);
        await AllDoneAsync(60);
        Assert.Equal(2, most);
        Assert.All(await RowsAsync(), row => Assert.Equal((1, 0, null), (row.Attempt, row.Failures, row.DispatchedAt)));
        Assert.Equal(60, script.Starts.Count);
        foreach (var started in script.Starts.Select(start => start.Name.Split('.')).GroupBy(name => name[0], name => int.Parse(name[1], null)))
            // Two at once may pass each other, nobody else does.
            Assert.All(started.Zip(started.Order()), pair => Assert.InRange(pair.First - pair.Second, -6, 6));
    }

    [Fact]
    public async Task A_key_with_a_huge_backlog_that_hangs_holds_up_neither_others_nor_bulk_work_and_asks_no_more_often_for_it()
    {
        const int Backlog = 50_000;
        var release = new TaskCompletionSource();
        var script = new ProbeScript { Do = (arguments, _, _, token) => arguments.Name.StartsWith("hangs", StringComparison.Ordinal) ? release.Task.WaitAsync(token) : Task.CompletedTask };
        var node = await StartAsync(services => services.AddSingleton(script).AddJobs(jobs => jobs
            .Add<Probe, ProbeArguments>(JobKinds.All[JobNode.Kind]).Add<Probe, ProbeArguments>(Keyed)));
        // Idle for a while: what is prepared on an empty table is used on a full one.
        await Task.Delay(3000);
        await ExecuteAsync($$"""
            INSERT INTO outbox (id, kind, version, arguments, priority, batch_key, state, attempt, failures, run_after)
            SELECT uuidv7(), {{Keyed.Name}}, 1, jsonb_build_object('name', 'hangs.' || i), 2, 'hangs', 'pending', 0, 0, now() - interval '1 h' + i * interval '1 ms'
            FROM generate_series(1, {{Backlog}}) AS i
            """);
        await EventuallyAsync(() => script.Starts.Count == 2, "the key has its runs");
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            await AddAsync(KeyedRow("flows", i), Enqueueing.RowOf(JobNode.Job($"bulk.{i}", JobPriority.Low)));
            await EventuallyAsync(() => script.Ends.Contains($"flows.{i}") && script.Ends.Contains($"bulk.{i}"), "others flow on");
        }
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal(["hangs.1", "hangs.2"], script.Starts.Select(start => start.Name).Where(name => name.StartsWith("hangs", StringComparison.Ordinal)).Order());
        release.SetResult();
        await EventuallyAsync(() => script.Ends.Count > 200, "it flows on once it answers again");
        // In order, but for two at once.
        Assert.InRange(script.Starts.Where(start => start.Name.StartsWith("hangs", StringComparison.Ordinal)).Take(100).Max(start => int.Parse(start.Name.Split('.')[1], null)), 100, 102);
        await node.StopAsync();
        await using var db = Open();
        Assert.Equal(0, await db.Set<OutboxRow>().CountAsync(row => row.Failures > 0));
    }

    [Fact]
    public async Task A_worker_that_froze_while_it_claimed_a_gated_kind_keeps_nobody_from_other_jobs()
    {
        var node = await StartAsync(services => services.AddSingleton(new ProbeScript()).AddJobs(jobs => jobs
            .Add<Probe, ProbeArguments>(JobKinds.All[JobNode.Kind]).Add<Probe, ProbeArguments>(Keyed)));
        await using var frozen = Open();
        await using (var transaction = await frozen.Database.BeginTransactionAsync())
        {
            await frozen.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('jobs:' || {Keyed.Name}, 0))");
            await AddAsync(KeyedRow("waits", 0));
            for (var i = 0; i < 5; i++)
            {
                await Task.Delay(300);
                await node.EnqueueAsync(JobNode.Job($"receipt {i}"));
                await EventuallyAsync(async () => (await RowsAsync()).Count(row => row.State == JobState.Done) == i + 1, "receipts pass by", within: TimeSpan.FromSeconds(10));
            }
        }
        await AllDoneAsync(6);
    }

    [Fact]
    public async Task Keys_take_turns_when_more_wants_to_run_than_there_are_slots()
    {
        var keys = global::Worker.JobPump.KeyedSlots; // two runs of each are twice as many as there are slots
        var script = new ProbeScript { Do = (arguments, _, _, token) => arguments.Name.StartsWith("late", StringComparison.Ordinal) ? Task.CompletedTask : Task.Delay(300, token) };
        await AddAsync([.. Enumerable.Range(0, keys * 30).Select(i => KeyedRow($"slow {i % keys}", i))]);
        await StartAsync(services => services.AddSingleton(script).AddJobs(jobs => jobs.Add<Probe, ProbeArguments>(Keyed)));
        await EventuallyAsync(() => script.Starts.Count >= keys, "all slots are taken");
        Assert.Equal(keys, script.Starts.Take(keys).Select(start => start.Name.Split('.')[0]).Distinct().Count());
        await AddAsync(KeyedRow("late", 0));
        await EventuallyAsync(() => script.Ends.Contains("late.0"), "the newest row has its turn");
        Assert.InRange(script.Ends.Count, 1, keys * 15);
    }

    [Fact]
    public void A_batched_kind_without_a_key_and_a_key_without_a_batched_kind_are_mistakes()
    {
        Assert.Throws<ArgumentException>(() => Enqueueing.Row(Batched, new NewJob(Batched.Name, new ProbeArguments("a"))));
        Assert.Throws<ArgumentException>(() => Enqueueing.Row(Limited, new NewJob(Limited.Name, new ProbeArguments("a"), BatchKey: "k")));
        Assert.Throws<ArgumentException>(() => Enqueueing.Row(Keyed, new NewJob(Keyed.Name, new ProbeArguments("a"))));
    }

    private static OutboxRow KeyedRow(string key, int number) => Enqueueing.Row(
        Keyed, new NewJob(Keyed.Name, new ProbeArguments($"{key}.{number}"), BatchKey: key, RunAfter: DateTimeOffset.UtcNow.AddMinutes(-1).AddMilliseconds(number)));

    private static OutboxRow Row(string key, string name) => Enqueueing.Row(Batched, new NewJob(Batched.Name, new ProbeArguments(name), BatchKey: key));

    private Task<JobNode> StartAsync(Action<IServiceCollection> jobs) => StartNodeAsync(instead: jobs);

    private async Task AddAsync(params OutboxRow[] rows)
    {
        await using var db = Open();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
    }

    private sealed class BatchProbe
    {
        private readonly ConcurrentDictionary<string, int> _running = new();
        private int _most;

        public string? Poison { get; init; }
        public ConcurrentQueue<List<string>> Batches { get; } = [];
        public int MostAtOnceOfOneKey => _most;

        public async Task RunAsync(IReadOnlyList<ProbeArguments> batch, CancellationToken cancellationToken)
        {
            if (Poison is not null && batch.Any(row => row.Name.EndsWith(Poison, StringComparison.Ordinal))) throw new InvalidDataException("poison");
            var key = $"{int.Parse(batch[0].Name.Split('.')[1], null) % 3}";
            InterlockedMax(ref _most, _running.AddOrUpdate(key, 1, (_, count) => count + 1));
            await Task.Delay(30, cancellationToken);
            _running.AddOrUpdate(key, 0, (_, count) => count - 1);
            Batches.Enqueue([.. batch.Select(row => row.Name)]);
        }
    }

    private sealed class BatchJob(BatchProbe probe) : IBatchJob<ProbeArguments>
    {
        public Task RunAsync(IReadOnlyList<ProbeArguments> batch, JobRun run, CancellationToken cancellationToken) => probe.RunAsync(batch, cancellationToken);
    }
}
