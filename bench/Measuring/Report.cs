using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Bench.Measuring;

/// <summary>The results as a page of Markdown.</summary>
internal sealed class Report(Arguments arguments)
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a bench's table; the notes stand under it.</summary>
    public void Add(string title, IReadOnlyList<Row> rows, params IEnumerable<string> notes)
    {
        var section = new StringBuilder();
        section.Append(Invariant, $"## {title}\n\n");
        section.Append("| What | Yardstick | Measured | Ratio (spread) | Target | CPU per operation: yardstick, measured | p50, p99 measured |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
            section.Append(Invariant,
                $"| {row.Comparison.What} | {Rate(row.Yardstick.PerSecond)} | {Rate(row.Measured.PerSecond)} | {Share(row.Ratio)} ({Share(row.LeastRatio)} to {Share(row.MostRatio)}) | {Target(row)} | {Cpu(row.Yardstick)}, {Cpu(row.Measured)} | {Latency(row.Measured)} |\n");
        section.Append('\n');
        foreach (var note in notes) section.Append(Invariant, $"{note}\n\n");
        _text.Append(section);
        Console.WriteLine(section);
    }

    /// <summary>Says that a bench did not come to its end.</summary>
    public void Fail(string name, string reason) => _text.Append(Invariant, $"## {name}: no result\n\n{reason}\n\n");

    public override string ToString() => string.Create(Invariant, $"""
        # Bench, {DateTimeOffset.UtcNow:d MMMM yyyy}

        {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}; PostgreSQL with fsync on.
        `dotnet run -c Release --project bench -- {string.Join(' ', arguments.Names)} --rounds {arguments.Rounds} --seconds {arguments.Window.TotalSeconds:0.##}`

        Medians over {arguments.Rounds} alternating rounds. The ratio is taken within each round; its spread is from the least to the most. CPU is that of the measured program
        and of PostgreSQL, not of the load generator (unless the generator is the program). Absolute figures are of this machine and this hour: compare ratios.


        """) + _text;

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "0.0" : "N0", Invariant) + "/s";

    private static string Share(double ratio) => ratio >= 2 ? ratio.ToString("0.0", Invariant) + " x" : (ratio * 100).ToString("0", Invariant) + " %";

    private static string Target(Row row) => row.Comparison.Target is { } target ? $">= {Share(target)}: {row.Verdict}" : "";

    private static string Cpu(Summary side) => side.CpuMilliseconds.ToString(side.CpuMilliseconds < 1 ? "0.000" : "0.00", Invariant) + " ms";

    private static string Latency(Summary side) => side.P50 == 0 ? "" : string.Create(Invariant, $"{side.P50:0.0} ms, {side.P99:0.0} ms");
}
