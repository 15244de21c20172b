using System.Diagnostics;
using Bench.Measuring;
using Bench.Servers;

namespace Bench.Benches;

/// <summary>Jobs from commit to settled: outbox, relay, Redis and two workers against Hangfire on Redis with two servers.</summary>
internal sealed class JobThroughput : IBench
{
    private const int Producers = 4;

    /// <summary>As a batch of orders leaves them.</summary>
    private const int JobsPerCommit = 16;

    private const double FirstRate = 300;

    /// <summary>Hangfire's turn is over when so many have succeeded: now and then a single job of its waits half a minute, which would only flatter ours.</summary>
    private const double MostOfThem = 0.99;

    private const string Rival = "hangfire";

    public string Name => "jobs";
    public string Question => "how many jobs two workers settle for each that Hangfire on Redis does";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var off = await JobFloor.OpenAsync(laboratory, "off", withRivals: true);
        var on = await JobFloor.OpenAsync(laboratory, "on", withRivals: false, await laboratory.TelemetryAsync());
        var rows = await contest.RunAsync(
            [
                Burst(Rival, off, ids =>
                {
                    foreach (var id in ids) off.Enqueue(id);
                    return Task.CompletedTask;
                }),
                Burst("jobs", off, ids => off.CommitAsync(ids)),
                Burst("jobs, telemetry", on, ids => on.CommitAsync(ids)),
            ],
            [new("commit to settled", Rival, "jobs", 5), new("commit to settled, telemetry on", Rival, "jobs, telemetry")]);
        report.Add("Jobs", rows,
            $"{Producers} producers without a pause, two worker processes with {Worker.JobPump.Slots} slots each; a turn is as many jobs as the side settled in that time before. Ours ends when the last has settled, Hangfire's at {MostOfThem:P0}, because single jobs of its wait half a minute. Ours: {JobsPerCommit} rows per transaction in PostgreSQL, fsync on, " +
            "each settled there too. Hangfire: Redis alone. CPU: producer, workers, PostgreSQL and Redis.");
    }

    /// <summary>A turn of so many jobs as the side settled in that time in its turn before: a fixed time would leave the slower side a backlog to work off.</summary>
    private static Side Burst(string name, JobFloor floor, Func<Guid[], Task> commitAsync)
    {
        var rate = FirstRate;
        return new Side(name, async window =>
        {
            var jobs = (int)Math.Max(Producers * JobsPerCommit, rate * window.TotalSeconds);
            var (started, before) = (Stopwatch.GetTimestamp(), name == Rival ? floor.Succeeded : 0);
            await Parallel.ForEachAsync(Enumerable.Range(0, jobs).Chunk(JobsPerCommit), new ParallelOptions { MaxDegreeOfParallelism = Producers },
                async (chunk, _) => await commitAsync([.. chunk.Select(_ => Guid.NewGuid())]));
            await (name == Rival ? floor.SucceededAsync(before + (long)(jobs * MostOfThem)) : floor.SettledAsync());
            var took = Stopwatch.GetElapsedTime(started);
            if (name == Rival) await floor.SucceededAsync(before + jobs);
            rate = jobs / took.TotalSeconds;
            await floor.StartsAsync();
            return new Work(jobs, [], took);
        }, floor.Cpu);
    }
}
