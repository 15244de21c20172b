using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Tests;

/// <summary>The sample AppHost as a process of its own, ended in ways no code of it can answer.</summary>
public class KilledAppHostTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_killed_AppHost_leaves_no_process_behind_within_twenty_seconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found in /proc.");
        // Nobody else sleeps for exactly this long.
        var seconds = RandomNumberGenerator.GetInt32(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture);
        using var host = Process.Start(new ProcessStartInfo("dotnet", [typeof(Projects.SampleHost).Assembly.Location, $"--Sample:Sleep={seconds}"])
        {
            Environment =
            {
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
            },
        })!;
        await UntilAsync(() => Count($"sleep {seconds}") == 2, RunningModel.Patience, "both processes sleep");
        // The watchdog learns of the session with the first running process.
        await UntilAsync(() => Count($"watchdog {host.Id} ") == 1, RunningModel.Patience, "the watchdog runs");
        host.Kill();
        await host.WaitForExitAsync();
        await UntilAsync(() => Count($"sleep {seconds}") + Count($"watchdog {host.Id} ") + Count($"--monitor {host.Id} ") == 0, Promised, "everything has ended");
    }

    private static async Task UntilAsync(Func<bool> condition, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < limit, $"Not within {limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(Pause);
        }
    }

    private static int Count(string part) => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Count(folder => CommandLine(folder).Contains(part, StringComparison.Ordinal) && !CommandLine(folder).StartsWith("sh ", StringComparison.Ordinal));

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // Gone meanwhile.
            return "";
        }
    }
}
