using System.Diagnostics;
using Bench.Measuring;
using Bench.Servers;

namespace Bench.Benches;

/// <summary>From commit to start at a steady trickle of jobs that does not wait for the workers.</summary>
internal sealed class JobLatency : IBench
{
    private const int JobsPerSecond = 50;
    private const double MostP50 = 20;
    private const double MostP99 = 100;

    public string Name => "latency";
    public string Question => "how soon after its commit a job starts";

    public async Task RunAsync(Laboratory laboratory, Contest contest, Report report)
    {
        var floor = await JobFloor.OpenAsync(laboratory, "latency", withRivals: true);
        var rows = await contest.RunAsync(
            [
                new Side("hangfire", window => TrickleAsync(floor, window, id => Task.Run(() => floor.Enqueue(id))), floor.Cpu),
                new Side("jobs", window => TrickleAsync(floor, window, id => floor.CommitAsync(id)), floor.Cpu),
            ],
            [new($"{JobsPerSecond} jobs a second", "hangfire", "jobs")]);
        var (ours, theirs) = (rows[0].Measured, rows[0].Yardstick);
        report.Add("Commit to start", rows, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Commit to start: p50 {ours.P50:0.0} ms (target <= {MostP50:0} ms: {Verdict(ours.P50 <= MostP50)}), p99 {ours.P99:0.0} ms (target <= {MostP99:0} ms: {Verdict(ours.P99 <= MostP99)}); Hangfire p50 {theirs.P50:0.0} ms, p99 {theirs.P99:0.0} ms. The rate is given, so only the times and the CPU compare."));
    }

    private static string Verdict(bool isMet) => isMet ? "met" : "**missed**";

    private static async Task<Work> TrickleAsync(JobFloor floor, TimeSpan window, Func<Guid, Task> commitAsync)
    {
        var count = (int)(window.TotalSeconds * JobsPerSecond);
        var commits = new List<Task<(Guid Id, long At)>>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / JobsPerSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            commits.Add(CommitAsync(Guid.NewGuid()));
        }
        var committed = await Task.WhenAll(commits);
        var starts = new Dictionary<Guid, long>();
        for (var clock = Stopwatch.StartNew(); starts.Count < count; await Task.Delay(20))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(30)) throw new InvalidOperationException($"{count - starts.Count} jobs never started.");
            foreach (var (id, at) in await floor.StartsAsync()) starts.TryAdd(id, at);
        }
        return new Work(count, [.. committed.Select(commit => Math.Max(0, Stopwatch.GetElapsedTime(commit.At, starts[commit.Id]).TotalMilliseconds))]);

        async Task<(Guid, long)> CommitAsync(Guid id)
        {
            await commitAsync(id);
            return (id, Stopwatch.GetTimestamp());
        }
    }
}
