using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Bench.Servers;

/// <summary>A program of the shop, or one it is measured against, in a process of its own on a port of its own.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly string[] Inherited = ["ASPNETCORE_", "DOTNET_", "OTEL_", "ConnectionStrings__", "Stripe__", "Services__"];

    private readonly Process _process;
    private readonly string _log;
    private bool _isDisposed;

    private Child(Process process, int port, string log) => (_process, Port, _log) = (process, port, log);

    public int Port { get; }
    public int ProcessId => _process.Id;
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Starts an assembly of this program's own folder and returns once it answers.</summary>
    /// <param name="name">Of its log in <paramref name="folder"/>.</param>
    /// <param name="assembly">Without its ending.</param>
    /// <param name="folder">For its log.</param>
    /// <param name="words">Its command line.</param>
    /// <param name="port">Where it listens; 0: anywhere.</param>
    /// <param name="settings">Its environment, besides the address it listens on.</param>
    /// <exception cref="InvalidOperationException">It ended or did not answer; says what it wrote.</exception>
    public static async Task<Child> StartAsync(string name, string assembly, string folder, string[] words, int port, params IEnumerable<(string Name, string Value)> settings)
    {
        if (port == 0) port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly + ".dll"), .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var variable in start.Environment.Keys.Where(key => Array.Exists(Inherited, prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(variable);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        foreach (var (key, value) in settings) start.Environment[key] = value;
        var log = Path.Combine(folder, $"{name}-{port}.log");
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(process);
        var child = new Child(process, port, log);
        _ = CopyAsync(process.StandardOutput, log);
        _ = CopyAsync(process.StandardError, log + ".err");
        await child.WaitAsync(name);
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Kill(_process);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A port that is free now, below the range systems take for outgoing connections.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_240, 32_240);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody else's: another one.
            }
        }
    }

    private async Task WaitAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_process.HasExited || clock.Elapsed > StartPatience)
                throw new InvalidOperationException($"{name} did not start:\n{string.Join('\n', new[] { _log, _log + ".err" }.Where(File.Exists).SelectMany(file => File.ReadLines(file).TakeLast(20)))}");
            try
            {
                using var answer = await http.GetAsync("/alive");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task CopyAsync(StreamReader from, string path)
    {
        await using var to = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        while (await from.ReadLineAsync() is { } line) await to.WriteLineAsync(line);
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Disposed: it ended long ago.
        }
    }
}
