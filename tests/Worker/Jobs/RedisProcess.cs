using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>The embedded Redis server in a process of its own that can be killed, behind a door.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private const string Password = "test";

    private readonly string _folder = TestFolders.CreatePrivate();
    private readonly int _port;
    private Process? _server;

    private RedisProcess(int port) => (_port, Door) = (port, RedisDoor.To(port));

    public RedisDoor Door { get; }

    public string ConnectionString => $"127.0.0.1:{Door.Port},password={Password}";

    public static async Task<RedisProcess> StartAsync()
    {
        var redis = new RedisProcess(TestFolders.FreePort());
        await redis.StartServerAsync();
        return redis;
    }

    /// <summary>Starts it, empty or not, on the port it had.</summary>
    public async Task StartServerAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Local.Redis.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{TestFolders.FreePort()}"), ("Redis__Port", _port.ToString(CultureInfo.InvariantCulture)),
            ("Redis__DataFolder", _folder), ("Redis__Password", Password), ("Redis__Durable", "false"),
        })
            start.Environment[name] = value;
        _server = Process.Start(start)!;
        _server.OutputDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(100))
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException)
            {
                Assert.False(_server.HasExited, "The server ended at its start.");
            }
        }
        Assert.Fail("The server did not listen within a minute.");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Door.DisposeAsync();
        if (_server is not null) await KillAsync();
        TestFolders.Delete(_folder);
    }
}
