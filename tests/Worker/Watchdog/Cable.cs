using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tests.Worker.Watchdog;

/// <summary>A cable to a server that can be cut: connections through it break and new ones are refused until it is mended.</summary>
internal sealed class Cable(int port, int serverPort) : IAsyncDisposable
{
    private readonly ConcurrentBag<TcpClient> _ends = [];

    private TcpListener? _listener;

    public int Port => port;

    public void Mend()
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public void Cut()
    {
        _listener?.Dispose();
        while (_ends.TryTake(out var end)) end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                _ends.Add(near);
                _ends.Add(far);
                await far.ConnectAsync(IPAddress.Loopback, serverPort);
                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the cable.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or hung up on.
        }
        from.Dispose();
        to.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }
}
