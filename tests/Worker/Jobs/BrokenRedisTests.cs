using Commerce.Outbox;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>Experiment 11 on the Worker's side: the server is killed, full, or takes two seconds for every answer, while jobs come in.</summary>
public sealed class BrokenRedisTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task A_killed_Redis_costs_no_job_and_is_used_again_when_it_is_back()
    {
        await using var server = await RedisProcess.StartAsync();
        var script = new ProbeScript();
        var node = await StartNodeAsync(script, otherRedis: server.ConnectionString);
        await StartNodeAsync(script, otherRedis: server.ConnectionString);
        await EventuallyAsync(async () =>
        {
            await node.EnqueueAsync(JobNode.Job($"before {Guid.NewGuid()}"));
            return (await RowsAsync()).Any(row => row.DispatchedAt is not null);
        }, "jobs go through Redis");

        var (before, jobs) = ((await RowsAsync()).Count, 0);
        for (var i = 0; i < 30; i++)
        {
            await node.EnqueueAsync(JobNode.Job($"{jobs++}"), JobNode.Job($"{jobs++}"));
            if (i == 10) await server.KillAsync();
        }
        // Ids the dead server had taken along are found by age; the clock is moved instead of waited for.
        await EventuallyAsync(async () =>
        {
            await ExecuteAsync($"UPDATE outbox SET dispatched_at = dispatched_at - interval '15 s' WHERE state = 'dispatched'");
            return (await RowsAsync()).All(row => row.State == JobState.Done);
        }, "all jobs ran without Redis");

        await server.StartServerAsync();
        await EventuallyAsync(async () =>
        {
            await node.EnqueueAsync(JobNode.Job($"after {jobs++}"));
            await Task.Delay(200);
            return (await RowsAsync()).Last().DispatchedAt is not null;
        }, "jobs go through Redis again");
        await AllDoneAsync(before + jobs);
        Assert.All(await RowsAsync(), row => Assert.Equal((1, 0), (row.Attempt, row.Failures)));
        Assert.Equal(before + jobs, script.Starts.DistinctBy(start => start.Id).Count());
        Assert.Equal(before + jobs, script.Starts.Count);
    }

    [Fact]
    public async Task A_Redis_that_takes_two_seconds_for_an_answer_costs_no_job()
    {
        await using var server = await RedisProcess.StartAsync();
        var script = new ProbeScript();
        var node = await StartNodeAsync(script, otherRedis: server.ConnectionString);
        await node.EnqueueAsync(JobNode.Job("before"));
        await AllDoneAsync(1);
        server.Door.Delay = TimeSpan.FromSeconds(2);
        for (var i = 0; i < 20; i++)
        {
            await node.EnqueueAsync(JobNode.Job($"{i}"));
            await Task.Delay(100);
        }
        await EventuallyAsync(async () =>
        {
            await ExecuteAsync($"UPDATE outbox SET dispatched_at = dispatched_at - interval '15 s' WHERE state = 'dispatched' AND dispatched_at < now() - interval '5 s'");
            return (await RowsAsync()).Count(row => row.State == JobState.Done) == 21;
        }, "all jobs ran");
        Assert.Equal(21, script.Starts.DistinctBy(start => start.Name).Count());
        Assert.Equal(21, script.Starts.Count);
        server.Door.Delay = TimeSpan.Zero;
        await node.EnqueueAsync(JobNode.Job("after"));
        await AllDoneAsync(22);
    }

    [Fact]
    public async Task A_full_Redis_costs_no_job_and_is_used_again_when_it_has_room()
    {
        await using var server = await RedisProcess.StartAsync();
        var script = new ProbeScript();
        var node = await StartNodeAsync(script, otherRedis: server.ConnectionString);
        await node.EnqueueAsync(JobNode.Job("before"));
        await AllDoneAsync(1);
        server.Door.IsFull = true;
        for (var i = 0; i < 20; i++) await node.EnqueueAsync(JobNode.Job($"{i}"));
        await AllDoneAsync(21);
        Assert.InRange(server.Door.Refused, 1, int.MaxValue);
        server.Door.IsFull = false;
        var jobs = 21;
        await EventuallyAsync(async () =>
        {
            await node.EnqueueAsync(JobNode.Job($"after {jobs++}"));
            await Task.Delay(200);
            return (await RowsAsync()).Last().DispatchedAt is not null;
        }, "jobs go through Redis again");
        await AllDoneAsync(jobs);
        Assert.All(await RowsAsync(), row => Assert.Equal((1, 0), (row.Attempt, row.Failures)));
        Assert.Equal(jobs, script.Starts.DistinctBy(start => start.Id).Count());
    }
}
