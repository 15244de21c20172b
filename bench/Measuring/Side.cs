using System.Diagnostics;

namespace Bench.Measuring;

/// <summary>What one turn of a side has brought.</summary>
/// <param name="Operations">Finished, and found right.</param>
/// <param name="Took">From the first start to the last end.</param>
/// <param name="Cpu">Processor time of the measured program and PostgreSQL, without the load generator unless it is the program.</param>
/// <param name="Milliseconds">Of single operations, as far as they were timed.</param>
internal sealed record Turn(long Operations, TimeSpan Took, TimeSpan Cpu, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Operations / Took.TotalSeconds;

    public double CpuMilliseconds => Operations == 0 ? 0 : Cpu.TotalMilliseconds / Operations;

    public double Percentile(double share) => Quantile([.. Milliseconds.Order()], share);

    public static double Quantile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count - 1, Math.Round(share * (sorted.Count - 1)))];
}

/// <summary>One thing that is measured: what it is called, and one turn of it.</summary>
/// <param name="Name">Unique within its bench.</param>
/// <param name="RunAsync">Works for about as long as it is told.</param>
/// <param name="Cpu">Total of the processor time that counts for it, now.</param>
/// <param name="PrepareAsync">What has to be there before a turn of this length; not measured.</param>
internal sealed record Side(string Name, Func<TimeSpan, Task<Work>> RunAsync, Func<TimeSpan> Cpu, Func<TimeSpan, Task>? PrepareAsync = null)
{
    public async Task<Turn> TakeTurnAsync(TimeSpan window)
    {
        if (PrepareAsync is not null) await PrepareAsync(window);
        var (before, started) = (Cpu(), Stopwatch.GetTimestamp());
        var work = await RunAsync(window);
        var took = work.Took ?? Stopwatch.GetElapsedTime(started);
        return new Turn(work.Operations, took, Cpu() - before, work.Milliseconds);
    }
}

/// <summary>What a side has done in one turn; without a time of its own it is as long as the call took.</summary>
internal sealed record Work(long Operations, IReadOnlyList<double> Milliseconds, TimeSpan? Took = null);

/// <summary>Which side is held against which, and the least share of it that is asked for; null: stated only.</summary>
internal sealed record Comparison(string What, string Yardstick, string Measured, double? Target = null);
