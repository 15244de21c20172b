using System.Net;
using System.Net.Sockets;

namespace Bench.Servers;

/// <summary>What happens to the bytes of one direction before they are passed on; they are gone when it has returned.</summary>
internal delegate ValueTask Passing(ReadOnlyMemory<byte> bytes, NetworkStream to, CancellationToken cancellation);

/// <summary>Stands between programs and a server on this machine and passes on what they say to each other.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly int _server;
    private readonly Func<(Passing Asked, Passing Answered)> _open;
    private readonly Task _accepting;

    /// <param name="server">Port of the server.</param>
    /// <param name="open">Called for each connection: the two directions of it.</param>
    public Relay(int server, Func<(Passing Asked, Passing Answered)> open)
    {
        (_server, _open) = (server, open);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                _ = RelayAsync(client);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _server, _closing.Token);
            var (asked, answered) = _open();
            await Task.WhenAny(PumpAsync(near.GetStream(), far.GetStream(), asked, _closing.Token), PumpAsync(far.GetStream(), near.GetStream(), answered, _closing.Token));
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end has closed; the other learns of it by the disposal.
        }
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Passing pass, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, cancellation) is var read and > 0) await pass(buffer.AsMemory(0, read), to, cancellation);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }
}
