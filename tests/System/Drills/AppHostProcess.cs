using System.Diagnostics;
using System.Net;
using System.Text;
using Tests.Fixture;

namespace Tests.System.Drills;

/// <summary>
/// The AppHost as a process of its own, as <c>dotnet run</c> starts it, on allocated ports. Every process it causes inherits a
/// marker in its environment, so that survivors can be found whatever became of their parents (Linux only: reads /proc).
/// </summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string Marker = "ODDGRAIN_DRILL";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _id = Guid.NewGuid().ToString("N");

    private AppHostProcess(string stateFolder, int shopPort, string[] arguments)
    {
        Shop = new Uri($"http://localhost:{shopPort}");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "..", "..", "AppHost", "debug", "AppHost.dll"));
        start.ArgumentList.Add($"--Local:StateFolder={stateFolder}");
        start.ArgumentList.Add($"--Ports:proxy={shopPort}");
        foreach (var name in (string[])["stripe", "mail", "smtp", "pagerduty"])
            start.ArgumentList.Add($"--Ports:{name}={TestFolders.FreePort()}");
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Marker] = _id;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{TestFolders.FreePort()}";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        start.Environment["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{TestFolders.FreePort()}";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{TestFolders.FreePort()}";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Shop { get; }

    public int ProcessId => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static AppHostProcess Start(string stateFolder, int? shopPort = null, params string[] arguments) =>
        new(stateFolder, shopPort ?? TestFolders.FreePort(), arguments);

    /// <summary>Waits for a 200 on the shop's home page.</summary>
    public async Task<TimeSpan> WaitForShopAsync(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        while (watch.Elapsed < limit)
        {
            Assert.False(_process.HasExited, $"The AppHost ended early:\n{Output}");
            try
            {
                using var answer = await client.GetAsync(Shop);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return watch.Elapsed;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet; the loop's limit decides.
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"No home page within {limit}:\n{Output}");
    }

    /// <summary>Waits until the console says <paramref name="words"/>, and returns the line.</summary>
    public async Task<string> WaitForWordsAsync(string words, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < limit)
        {
            if (Output.Split('\n').FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } line)
                return line;
            await Task.Delay(100);
        }

        throw new TimeoutException($"'{words}' was not said within {limit}:\n{Output}");
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", ProcessId.ToString(global::System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var cancel = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(cancel.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until no process of this AppHost is left, and returns those that are when <paramref name="limit"/> is over.</summary>
    public async Task<IReadOnlyList<string>> SurvivorsAfterAsync(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var alive = Alive();
            if (alive.Count == 0 || watch.Elapsed > limit)
                return alive;
            await Task.Delay(250);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            try
            {
                await WaitForExitAsync(TimeSpan.FromSeconds(20));
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await SurvivorsAfterAsync(TimeSpan.FromSeconds(20));
        _process.Dispose();
    }

    private List<string> Alive()
    {
        var wanted = Encoding.ASCII.GetBytes($"{Marker}={_id}");
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(wanted) >= 0)
                    found.Add($"{Path.GetFileName(folder)}: {File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ')}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or somebody else's process: not one of ours.
            }
        }

        return found;
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
