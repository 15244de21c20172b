using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Local.Postgres;

/// <summary>A program of PostgreSQL that cannot outlive the launcher for long, whatever the launcher dies of.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    // Its standard input is a pipe that only the launcher holds open. When the launcher is gone, for whatever reason, the pipe ends, and the guard
    // stops the server: fast, then at once, then by force. The guard is no child of the server, which would take its death for a crash of its own.
    private const string Guard = """
        exec 3<&0 <"$1"
        shift
        server=$$
        ( (
          trap '' HUP TERM
          while read -r line <&3; do :; done
          for signal in INT QUIT KILL; do
            kill -$signal $server || exit 0
            for wait in 1 2 3 4 5 6; do sleep 1; kill -0 $server || exit 0; done
          done
        ) >/dev/null 2>&1 & )
        exec 3<&-
        exec "$@"
        """;

    private const int TailLines = 40;

    private readonly Process _process;
    private readonly Queue<string> _tail = new();

    private ServerProcess(Process process) => _process = process;

    public enum Signal
    {
        /// <summary>To the server: fast shutdown. Open transactions are rolled back.</summary>
        Interrupt = 2,

        /// <summary>To the server: immediate shutdown. The next start recovers from the log.</summary>
        Quit = 3,

        Kill = 9,
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines the program wrote, oldest first.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_tail)
                return [.. _tail];
        }
    }

    /// <param name="program">Full path.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="folder">Working folder; the account must be able to enter it.</param>
    /// <param name="account">Whom the program runs as.</param>
    /// <param name="log">Hears every line the program writes.</param>
    /// <param name="inputFile">What the program reads as its standard input; null: nothing.</param>
    /// <exception cref="EmbeddedPostgresException">The program cannot be started at all.</exception>
    public static ServerProcess Start(
        string program, IEnumerable<string> arguments, string folder, ServerAccount account, Action<string> log, string? inputFile = null)
    {
        string[] command = [program, .. arguments];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(program, command[1..])
            : new ProcessStartInfo("/bin/sh", ["-c", Guard, "postgres-guard", inputFile ?? "/dev/null", .. command]);
        start.WorkingDirectory = folder;
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (account.UserName is not null && !OperatingSystem.IsWindows())
            start.UserName = account.UserName;
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";

        var server = new ServerProcess(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Hear(line.Data, log);
        server._process.ErrorDataReceived += (_, line) => server.Hear(line.Data, log);
        try
        {
            server._process.Start();
        }
        catch (Win32Exception e)
        {
            throw new EmbeddedPostgresException($"{program} cannot be started as user `{account.Display}`: {e.Message}.", e);
        }
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        if (OperatingSystem.IsWindows())
        {
            if (inputFile is not null)
                server._process.StandardInput.Write(File.ReadAllText(inputFile));
            server._process.StandardInput.Close();
        }
        return server;
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <returns>False when the program is still running after <paramref name="patience"/>.</returns>
    public async Task<bool> ExitsWithinAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Send(Signal signal)
    {
        if (!_process.HasExited)
            Send(_process.Id, signal);
    }

    /// <summary>Signals a process; one that is gone already is fine.</summary>
    public static void Send(int processId, Signal signal)
    {
        if (OperatingSystem.IsWindows())
            Process.GetProcessById(processId).Kill(entireProcessTree: true);
        else
            _ = SendSignal(processId, (int)signal);
    }

    public void Dispose() => _process.Dispose();

    private void Hear(string? line, Action<string> log)
    {
        if (string.IsNullOrEmpty(line))
            return;
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
                _tail.Dequeue();
        }
        log(line);
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
