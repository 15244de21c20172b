using System.Diagnostics;
using Bench.Load;
using Bench.Measuring;
using Bench.Servers;

namespace Bench.Benches;

/// <summary>Jobs from commit to settled: outbox, relay, Redis and two workers against Hangfire on Redis with two servers.</summary>
internal sealed class JobThroughput : IBench
{
    private const int Producers = 4;

    /// <summary>As a batch of orders leaves them.</summary>
    private const int JobsPerCommit = 16;

    public string Name => "jobs";
    public string Question => "how many jobs two workers settle for each that Hangfire on Redis does";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var off = await JobFloor.OpenAsync(laboratory, "off", withRivals: true);
        var on = await JobFloor.OpenAsync(laboratory, "on", withRivals: false, await laboratory.TelemetryAsync());
        var rows = await contest.RunAsync(
            [
                new Side("hangfire", window => HangfireAsync(off, window), off.Processor),
                new Side("jobs", window => OursAsync(off, window), off.Processor),
                new Side("jobs, telemetry", window => OursAsync(on, window), on.Processor),
            ],
            [new("commit to settled", "hangfire", "jobs", 5), new("commit to settled, telemetry on", "hangfire", "jobs, telemetry")]);
        report.Add("Jobs", rows,
            $"{Producers} producers without a pause, two worker processes with {Worker.JobPump.Slots} slots each; a turn ends when the last job has settled. Ours: {JobsPerCommit} rows per transaction in PostgreSQL, fsync on, " +
            "each settled there too. Hangfire: Redis alone. CPU: producer, workers, PostgreSQL and Redis.");
    }

    private static async Task<Work> OursAsync(JobFloor floor, TimeSpan window)
    {
        var started = Stopwatch.GetTimestamp();
        var work = await ClosedLoop.RunAsync(Producers, window, async _ => await floor.CommitAsync([.. Enumerable.Range(0, JobsPerCommit).Select(_ => Guid.NewGuid())]));
        await floor.SettledAsync();
        await floor.StartsAsync();
        return new Work(work.Operations * JobsPerCommit, [], Stopwatch.GetElapsedTime(started));
    }

    private static async Task<Work> HangfireAsync(JobFloor floor, TimeSpan window)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), floor.Succeeded);
        var work = await ClosedLoop.RunAsync(Producers, window, _ =>
        {
            floor.Enqueue(Guid.NewGuid());
            return ValueTask.CompletedTask;
        });
        await floor.SucceededAsync(before + work.Operations);
        await floor.StartsAsync();
        return new Work(work.Operations, [], Stopwatch.GetElapsedTime(started));
    }
}
