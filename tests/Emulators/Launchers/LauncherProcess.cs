using System.Diagnostics;
using System.Globalization;
using System.Net;
using Tests.Fixture;

namespace Tests.Emulators.Launchers;

/// <summary>One of the launchers under local/, run as the AppHost runs it: a process with environment variables, watched from outside.</summary>
internal sealed class LauncherProcess : IAsyncDisposable
{
    /// <summary>How long a healthy start may take on a busy machine, download excluded.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;
    private readonly List<string> _output = [];

    private LauncherProcess(Process process, int healthPort)
    {
        Process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{healthPort}"), Timeout = TimeSpan.FromSeconds(10) };
    }

    public Process Process { get; }

    /// <summary>Everything it wrote so far, both streams, in order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return string.Join('\n', _output);
        }
    }

    /// <param name="assembly">Say, Local.Postgres.</param>
    /// <param name="arguments">Command line.</param>
    /// <param name="settings">Environment variables on top of the inherited ones.</param>
    /// <param name="user">Another account to run as (only root can do that); null: our own.</param>
    public static LauncherProcess Start(string assembly, string[] arguments, IReadOnlyDictionary<string, string> settings, string? user = null)
    {
        var healthPort = TestFolders.FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{healthPort}");
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        if (user is not null && !OperatingSystem.IsWindows())
        {
            start.UserName = user;
            start.Environment["HOME"] = "/nonexistent";
        }
        var launcher = new LauncherProcess(new Process { StartInfo = start }, healthPort);
        launcher.Process.OutputDataReceived += (_, line) => launcher.Hear(line.Data);
        launcher.Process.ErrorDataReceived += (_, line) => launcher.Hear(line.Data);
        launcher.Process.Start();
        launcher.Process.BeginOutputReadLine();
        launcher.Process.BeginErrorReadLine();
        return launcher;
    }

    public async Task<HttpStatusCode> HealthAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/health");
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    public async Task<LauncherProcess> UntilHealthyAsync()
    {
        for (var clock = Stopwatch.StartNew(); await HealthAsync() is not HttpStatusCode.OK;)
        {
            Assert.False(Process.HasExited, $"It ended instead of becoming healthy:\n{Output}");
            Assert.True(clock.Elapsed < StartPatience, $"Not healthy after {clock.Elapsed}:\n{Output}");
            await Task.Delay(100);
        }
        return this;
    }

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task UntilSaysAsync(string text)
    {
        for (var clock = Stopwatch.StartNew(); !Output.Contains(text, StringComparison.Ordinal);)
        {
            Assert.True(clock.Elapsed < StartPatience, $"It never said \"{text}\":\n{Output}");
            await Task.Delay(5);
        }
    }

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await Process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Still running after {patience}:\n{Output}");
        }
        return Process.ExitCode;
    }

    /// <summary>Asks it to stop as an orchestrator does.</summary>
    /// <returns>How long that took, and the exit code.</returns>
    public async Task<(TimeSpan Took, int ExitCode)> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        Signals.Send(Process.Id, Signals.Terminate);
        var exitCode = await ExitAsync(TimeSpan.FromSeconds(30));
        return (clock.Elapsed, exitCode);
    }

    /// <summary>kill -9 of this one process, children excluded.</summary>
    public async Task KillAsync()
    {
        Signals.Send(Process.Id, Signals.Kill);
        await Process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
            await TerminateAsync();
        Process.Dispose();
        _http.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Add(line);
    }
}
