using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>Redis is a hint: whatever happens to it, every job runs.</summary>
public sealed class RedisLossTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    [Fact]
    public async Task Flushing_Redis_with_queued_jobs_loses_none()
    {
        var relay = await StartNodeAsync(pump: false);
        await relay.EnqueueAsync([.. Enumerable.Range(0, 50).Select(i => JobNode.Job($"{i}"))]);
        await EventuallyAsync(async () => (await RowsAsync()).All(row => row.State == JobState.Dispatched), "all are dispatched");
        await FlushRedisAsync();
        var node = await StartNodeAsync();
        await node.EnqueueAsync(JobNode.Job("new"));
        await AllDoneAsync(1);
        // As if the time after which an offer is repeated had passed.
        await ExecuteAsync($"UPDATE outbox SET dispatched_at = dispatched_at - {JobRows.OfferAgainAfter}");
        await AllDoneAsync(51);
        Assert.All(await RowsAsync(), row => Assert.Equal(1, row.Attempt));
    }

    [Fact]
    public async Task What_is_no_id_in_Redis_is_dropped_and_the_jobs_behind_it_run()
    {
        var node = await StartNodeAsync();
        foreach (var queue in new[] { "high", "normal", "low" })
            await node.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().SortedSetAddAsync($"{{jobs}}:{queue}", "not-a-guid", 0);
        await node.EnqueueAsync([.. Enumerable.Range(0, 10).Select(i => JobNode.Job($"{i}"))]);
        await AllDoneAsync(10);
        await node.EnqueueAsync(JobNode.Job("later"));
        await AllDoneAsync(11);
        Assert.All(await RowsAsync(), row => Assert.NotNull(row.DispatchedAt));
    }

    [Fact]
    public async Task Without_Redis_jobs_run_from_PostgreSQL()
    {
        var node = await StartNodeAsync(otherRedis: "127.0.0.1:9");
        await node.EnqueueAsync([.. Enumerable.Range(0, 50).Select(i => JobNode.Job($"{i}"))]);
        await AllDoneAsync(50);
        Assert.All(await RowsAsync(), row =>
        {
            Assert.Null(row.DispatchedAt);
            Assert.Equal(1, row.Attempt);
        });
    }

    [Fact]
    public async Task A_worker_that_sees_an_empty_queue_still_finds_what_no_relay_could_offer()
    {
        // The relay's Redis is gone, the worker's is not: as with a full Redis that answers but takes nothing.
        var relay = await StartNodeAsync(pump: false, otherRedis: "127.0.0.1:9");
        var worker = await StartNodeAsync();
        foreach (var service in worker.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Where(service => service.GetType().Name == "JobRelay"))
            await service.StopAsync(CancellationToken.None);
        await relay.EnqueueAsync(JobNode.Job("a"));
        await AllDoneAsync(1);
        Assert.Null((await OnlyRowAsync()).DispatchedAt);
    }

    [Fact]
    public async Task Rows_lost_between_Redis_and_the_claim_are_offered_again()
    {
        var relay = await StartNodeAsync(pump: false);
        await relay.EnqueueAsync(JobNode.Job("a"));
        await EventuallyAsync(async () => (await OnlyRowAsync()).State == JobState.Dispatched, "it is dispatched");
        Assert.Single((await relay.Services.GetRequiredService<JobQueue>().TakeAsync(new JobRoom(1, 1, 1)))!);
        var node = await StartNodeAsync();
        await Task.Delay(500);
        Assert.Empty(node.Script.Starts);
        await ExecuteAsync($"UPDATE outbox SET dispatched_at = dispatched_at - {JobRows.OfferAgainAfter}");
        await AllDoneAsync(1);
        Assert.Equal(1, (await OnlyRowAsync()).Attempt);
    }
}
