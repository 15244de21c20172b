using System.Globalization;

namespace Bench.Measuring;

/// <summary>Processor time that processes have used, read from Linux's <c>/proc</c>; zero where there is none.</summary>
internal static class CpuTime
{
    /// <summary>USER_HZ, the same on every Linux that .NET supports.</summary>
    private const double TicksPerSecond = 100;

    public static TimeSpan Of(params IEnumerable<int> processIds) =>
        TimeSpan.FromSeconds(processIds.Select(Read).Sum(stat => stat?.Own ?? 0) / TicksPerSecond);

    /// <summary>The process and its children, those that have ended included.</summary>
    public static TimeSpan OfTree(int processId)
    {
        if (Read(processId) is not { } root) return TimeSpan.Zero;
        var children = Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).Select(Read).Where(stat => stat?.Parent == processId).Sum(stat => stat!.Own);
        return TimeSpan.FromSeconds((root.Own + root.Ended + children) / TicksPerSecond);
    }

    // 4242 (some name) S 1 4242 ... : after the name come state, parent, ..., and as 12th to 15th utime, stime, cutime, cstime.
    private static Stat? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Number(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
            return new Stat((int)Number(1), Number(11) + Number(12), Number(13) + Number(14));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // it ended between the listing and the look
        }
    }

    private sealed record Stat(int Parent, long Own, long Ended);
}
