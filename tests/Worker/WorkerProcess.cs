using System.Collections.Concurrent;
using System.Diagnostics;
using Tests.Fixture;

namespace Tests.Worker;

/// <summary>The Worker as it ships, in a process of its own that can be killed.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process, int port) => (_process, Address) = (process, new Uri($"http://127.0.0.1:{port}"));

    public Uri Address { get; }
    public ConcurrentQueue<string> Output { get; } = [];
    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    public static WorkerProcess Start(string shop, string redis, int smtpPort, params (string Name, string Value)[] more)
    {
        var port = TestFolders.FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Worker.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("ConnectionStrings__shop", shop), ("ConnectionStrings__redis", redis),
            ("Smtp__Host", "127.0.0.1"), ("Smtp__Port", $"{smtpPort}"), ("Smtp__From", "Oddgrain <orders@oddgrain.example>"),
            ("Services__PublicUrl", "http://localhost:8080"), ("Stripe__SecretKey", "sk_test_none"), ("Stripe__WebhookSecret", "whsec_none"),
            ("Stripe__ApiBase", "http://127.0.0.1:9"),
        }.Concat(more))
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var worker = new WorkerProcess(process, port);
        process.OutputDataReceived += (_, line) => worker.Output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => worker.Output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator stops it.</summary>
    public async Task TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
