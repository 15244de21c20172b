using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tests.Api;

/// <summary>The Api as it ships, in a process of its own that can be killed.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ApiProcess(Process process, int port) => (_process, Port, Client) = (process, port, new HttpClient(new DocumentedAnswers()) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience });

    public int Port { get; }

    /// <summary>A guest's browser.</summary>
    public HttpClient Client { get; }

    public ConcurrentQueue<string> Output { get; } = [];

    /// <summary>Processor time it has used.</summary>
    public TimeSpan Cpu => _process.TotalProcessorTime;

    /// <summary>Returns once it says that it is ready.</summary>
    public static async Task<ApiProcess> StartAsync(int port, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Api.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in settings.Append(new("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")).Append(new("Logging:LogLevel:Default", "Error")))
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var api = new ApiProcess(Process.Start(start)!, port);
        api._process.OutputDataReceived += (_, line) => api.Output.Enqueue(line.Data ?? "");
        api._process.ErrorDataReceived += (_, line) => api.Output.Enqueue(line.Data ?? "");
        api._process.BeginOutputReadLine();
        api._process.BeginErrorReadLine();
        for (var watch = Stopwatch.StartNew(); !await api.IsReadyAsync(); await Task.Delay(50))
            Assert.True(!api._process.HasExited && watch.Elapsed < Patience, $"The Api does not start: {string.Join('\n', api.Output)}");
        return api;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
        Client.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/health");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}
