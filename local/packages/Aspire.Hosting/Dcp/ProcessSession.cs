using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// The orchestrator starts every process in one session of its own. A process that has lost its parent is out of the
/// orchestrator's sight, but still in that session: there it is found and ended. Linux only.
/// </summary>
internal sealed class ProcessSession : IDisposable
{
    /// <summary>Set for every process of a resource and inherited by those it starts, so that an orphan tells whose it was.</summary>
    public const string OwnerVariable = "OWNING_RESOURCE_INSTANCE";

    private const int Terminate = 15;
    private const int KillNow = 9;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int Init = 1;

    // Waits until the AppHost is gone, gives the orchestrator time to do its work, then ends what is left of the session.
    // Without its controllers the orchestrator's server would wait for them for minutes.
    // $1 the AppHost, $2 when it started, $3 the session, $4 the orchestrator's server
    private const string Watchdog = """
        trap '' INT HUP TERM
        field() { s=; { read -r s < "/proc/$1/stat"; } 2>/dev/null || return 1; s=${s##*) }; n=$2; set -- $s; shift $((n - 3)); f=$1; }
        while field "$1" 22 && [ "$f" = "$2" ]; do sleep 1; done
        sleep 9
        for signal in TERM KILL; do
          for d in /proc/[0-9]*; do
            p=${d#/proc/}
            field "$p" 6 && [ "$f" = "$3" ] && kill -$signal "$p" 2>/dev/null
          done
          c=; { read -r c < "/proc/$4/comm"; } 2>/dev/null
          [ "$c" = dcp ] && kill -$signal "$4" 2>/dev/null
          sleep 2
        done
        """;

    private readonly int _id;
    private readonly Process? _watchdog;

    private ProcessSession(int id, Process? watchdog)
    {
        _id = id;
        _watchdog = watchdog;
    }

    /// <summary>The session a process of the orchestrator belongs to, watched from now on.</summary>
    /// <param name="pid">Any process the orchestrator started.</param>
    /// <returns>Null where there are no sessions, or the process has already gone.</returns>
    public static ProcessSession? Of(int pid)
    {
        if (!OperatingSystem.IsLinux() || Read(pid) is not { } process || Read(Environment.ProcessId) is not { } self || process.Session == self.Session || Read(process.Session) is not { } leader)
            return null;

        return new ProcessSession(process.Session, StartWatchdog(self, process.Session, server: leader.Parent));
    }

    /// <summary>Ends the processes a resource left behind: those of its own whose parent is gone. Another resource may keep such a process on purpose.</summary>
    /// <param name="owner">The resource that has ended; null ends all of the session, whoever its parent.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> SweepAsync(string? owner)
    {
        var found = Members().Where(process => owner is null || (process.Parent == Init && BelongsTo(process, owner))).ToList();
        foreach (var process in found)
            Signal(process.Id, Terminate);

        for (var waited = TimeSpan.Zero; waited < Grace && found.Any(IsAlive); waited += Pause)
            await Task.Delay(Pause);

        foreach (var process in found.Where(IsAlive))
            Signal(process.Id, KillNow);

        return found.Count;
    }

    public void Dispose()
    {
        if (_watchdog is null)
            return;

        if (!_watchdog.HasExited)
            _watchdog.Kill();

        _watchdog.Dispose();
    }

    private static Process? StartWatchdog(Entry self, int session, int server)
    {
        // In a session of its own it survives whatever ends the AppHost's.
        string[] command = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", "/bin/sh"] : ["/bin/sh"];
        string[] arguments = [.. command[1..], "-c", Watchdog, "watchdog", Text(self.Id), self.Started, Text(session), Text(server)];
        var process = Process.Start(new ProcessStartInfo(command[0], arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        process?.StandardInput.Close();
        return process;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The processes of the session, without the orchestrator's own.</summary>
    private IEnumerable<Entry> Members() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? Read(pid) : null)
        .OfType<Entry>()
        .Where(process => process.Session == _id && process.Name != "dcp" && process.State != 'Z');

    private static bool BelongsTo(Entry process, string owner)
    {
        try
        {
            return $"\0{File.ReadAllText($"/proc/{process.Id}/environ")}".Contains($"\0{OwnerVariable}={owner}\0", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's, which this one could not end either.
            return false;
        }
    }

    private static bool IsAlive(Entry process) => Read(process.Id) is { State: not 'Z' } now && now.Started == process.Started;

    /// <summary>Reads <c>15693 (sh) S 15626 15626 15626 0 …</c>: id, name, state, parent, group, session; the 22nd is when it started.</summary>
    private static Entry? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var name = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..text.LastIndexOf(')')];
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(pid, name, fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (IOException)
        {
            // Gone meanwhile.
            return null;
        }
    }

    private static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    private sealed record Entry(int Id, string Name, char State, int Parent, int Session, string Started);
}
