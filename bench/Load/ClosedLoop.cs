using System.Diagnostics;
using Bench.Measuring;

namespace Bench.Load;

/// <summary>So many clients at once, each of which starts its next operation when the last has ended.</summary>
internal static class ClosedLoop
{
    /// <summary>Of how many operations of a client the time is kept.</summary>
    private const int MostTimed = 100_000;

    /// <param name="clients">How many.</param>
    /// <param name="window">No operation starts after it.</param>
    /// <param name="operation">Given the client's number, from 0; throws when it went wrong.</param>
    public static async Task<Work> RunAsync(int clients, TimeSpan window, Func<int, ValueTask> operation)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var mine = new List<double>();
            var count = 0L;
            while (Stopwatch.GetElapsedTime(started) < window)
            {
                var before = Stopwatch.GetTimestamp();
                await operation(client);
                count++;
                if (mine.Count < MostTimed) mine.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }
            return (count, mine);
        })));
        return new Work(times.Sum(client => client.count), [.. times.SelectMany(client => client.mine)]);
    }
}
