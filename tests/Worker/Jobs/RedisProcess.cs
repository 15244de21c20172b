using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tests.Fixture;

namespace Tests.Worker.Jobs;

/// <summary>The embedded Redis server in a process of its own that can be killed, behind a door that can be slow.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private const string Password = "test";

    private readonly string _folder = TestFolders.CreatePrivate();
    private readonly int _port = TestFolders.FreePort();
    private readonly TcpListener _door = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private Process? _server;

    /// <summary>How long every byte takes through the door, either way.</summary>
    public TimeSpan Delay { get; set; }

    public string ConnectionString { get; private set; } = "";

    public static async Task<RedisProcess> StartAsync()
    {
        var redis = new RedisProcess();
        await redis.StartServerAsync();
        redis._door.Start();
        redis.ConnectionString = $"127.0.0.1:{((IPEndPoint)redis._door.LocalEndpoint).Port},password={Password}";
        _ = redis.OpenDoorAsync();
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
        await _closed.CancelAsync();
        _door.Dispose();
        if (_server is not null) await KillAsync();
        _closed.Dispose();
        TestFolders.Delete(_folder);
    }

    private async Task OpenDoorAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _door.AcceptTcpClientAsync(_closed.Token));
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient outside)
    {
        using var client = outside;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _port, _closed.Token);
            await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream()), PassAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The server was killed, or the client went away: both ends close.
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, _closed.Token)) > 0;)
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _closed.Token);
            await to.WriteAsync(buffer.AsMemory(0, read), _closed.Token);
        }
    }
}
