using System.Diagnostics;
using System.Globalization;
using Commerce.Outbox;
using Npgsql;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>
/// How fast jobs go from commit to settled, with two workers in this process. Small here and without a limit, because a busy machine proves nothing;
/// for numbers: <c>JOBS=20000 DURABLE=1 dotnet run -c Release --project tests/Worker -- -class "*SpeedTests" -showliveoutput</c>
/// </summary>
public sealed class SpeedTests(PostgresFixture postgres, RedisFixture redis) : JobTest(postgres, redis)
{
    private static readonly int Jobs = int.Parse(Environment.GetEnvironmentVariable("JOBS") ?? "2000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_burst_of_jobs_is_settled_once_each()
    {
        var script = new ProbeScript();
        var first = await StartNodeAsync(script);
        await StartNodeAsync(script);
        await first.EnqueueAsync(JobNode.Job("warm-up"));
        await AllDoneAsync(1);
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        foreach (var chunk in Enumerable.Range(0, Jobs).Chunk(500))
            await first.EnqueueAsync([.. chunk.Select(i => JobNode.Job($"{i}"))]);
        await using var source = NpgsqlDataSource.Create(Shop);
        await using var count = source.CreateCommand("SELECT count(*) FROM outbox WHERE state = 'done' AND attempt = 1 AND failures = 0");
        await EventuallyAsync(async () => (long)(await count.ExecuteScalarAsync())! == Jobs + 1, "all are settled");
        TestContext.Current.TestOutputHelper!.WriteLine($"{Jobs} jobs, {Jobs / clock.Elapsed.TotalSeconds:0}/s from the first commit to the last settlement, {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Jobs:0.000} ms CPU of this process per job");
        Assert.Equal(Jobs + 1, script.Starts.DistinctBy(start => start.Name).Count());
        Assert.Equal(Jobs + 1, script.Starts.Count);
    }

    [Fact]
    public async Task Under_a_steady_trickle_jobs_start_soon_after_their_commit()
    {
        var count = Math.Min(Jobs / 20, 1000);
        var starts = new System.Collections.Concurrent.ConcurrentDictionary<string, long>();
        var script = new ProbeScript
        {
            Do = (arguments, _, _, _) =>
            {
                starts[arguments.Name] = Stopwatch.GetTimestamp();
                return Task.CompletedTask;
            },
        };
        var node = await StartNodeAsync(script);
        await StartNodeAsync(script);
        var commits = new Dictionary<string, long>();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            await node.EnqueueAsync(JobNode.Job($"{i}", JobPriority.High));
            commits[$"{i}"] = Stopwatch.GetTimestamp();
            if (TimeSpan.FromMilliseconds(20 * (i + 1)) - clock.Elapsed is { Ticks: > 0 } rest) await Task.Delay(rest);
        }
        await AllDoneAsync(count);
        var waits = commits.Select(commit => Stopwatch.GetElapsedTime(commit.Value, starts[commit.Key]).TotalMilliseconds).Order().ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"commit to start at 50/s: p50 {waits[count / 2]:0.0} ms, p95 {waits[count * 95 / 100]:0.0} ms, p99 {waits[count * 99 / 100]:0.0} ms, max {waits[^1]:0.0} ms");
        Assert.All(await RowsAsync(), row => Assert.Equal((JobState.Done, 1), (row.State, row.Attempt)));
    }
}
