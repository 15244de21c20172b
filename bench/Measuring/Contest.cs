using System.Diagnostics;

namespace Bench.Measuring;

/// <summary>Lets sides take turns, so that what the machine does meanwhile falls on all of them alike: A, B, C, A, B, C, ...</summary>
internal sealed class Contest(int rounds, TimeSpan window)
{
    // The runtime compiles what is hot twice more, with what it has learned meanwhile, in the background and mostly once it finds nothing new to run: a service is as
    // fast as it gets after several rushes, and what one of them leaves to compile would fall on whoever is measured next, if there were no pause.
    private const int Rehearsals = 3;
    private static readonly TimeSpan Rehearsal = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>With turns of a share of the length: where a turn has many operations anyway.</summary>
    public Contest Shorter(double share) => new(rounds, window * share);

    /// <summary>Every side some times, uncounted; then the rounds.</summary>
    public async Task<IReadOnlyList<Row>> RunAsync(IReadOnlyList<Side> sides, IReadOnlyList<Comparison> comparisons)
    {
        var turns = sides.ToDictionary(side => side.Name, _ => new List<Turn>());
        for (var rehearsal = 1; rehearsal <= Rehearsals; rehearsal++)
        {
            foreach (var side in sides) await side.TakeTurnAsync(Rehearsal);
            await Task.Delay(Pause);
        }
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var side in sides)
            {
                var turn = await side.TakeTurnAsync(window);
                turns[side.Name].Add(turn);
                Console.Error.WriteLine($"  round {round}: {side.Name}: {turn.PerSecond:N0}/s, {turn.CpuMilliseconds:0.000} ms CPU, p50 {turn.Percentile(0.5):0.00} ms, p99 {turn.Percentile(0.99):0.00} ms");
            }
        }
        return [.. comparisons.Select(comparison => Row.Of(comparison, turns[comparison.Yardstick], turns[comparison.Measured]))];
    }
}

/// <summary>A line of the result: medians over the rounds, and the ratio's spread.</summary>
internal sealed record Row(Comparison Comparison, Summary Yardstick, Summary Measured, double Ratio, double LeastRatio, double MostRatio)
{
    /// <summary>The ratio is taken within each round, because only neighbours in time are comparable.</summary>
    public static Row Of(Comparison comparison, IReadOnlyList<Turn> yardstick, IReadOnlyList<Turn> measured)
    {
        double[] ratios = [.. measured.Zip(yardstick, (ours, theirs) => ours.PerSecond / theirs.PerSecond).Order()];
        return new Row(comparison, Summary.Of(yardstick), Summary.Of(measured), Summary.Median(ratios), ratios[0], ratios[^1]);
    }

    public string Verdict => Comparison.Target is not { } target ? "" : Ratio >= target ? "met" : "**missed**";
}

/// <summary>A side over all rounds.</summary>
internal sealed record Summary(double PerSecond, double CpuMilliseconds, double P50, double P99)
{
    public static Summary Of(IReadOnlyList<Turn> turns) => new(
        Median([.. turns.Select(turn => turn.PerSecond)]), Median([.. turns.Select(turn => turn.CpuMilliseconds)]),
        Median([.. turns.Select(turn => turn.Percentile(0.5))]), Median([.. turns.Select(turn => turn.Percentile(0.99))]));

    public static double Median(IReadOnlyList<double> values)
    {
        Debug.Assert(values.Count > 0);
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
