using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tests.Fixture;

/// <summary>A cable to a server that can be cut: connections through it break and new ones are refused until it is mended. Or held: all stay, and nothing comes through.</summary>
public sealed class Cable(int port, int serverPort) : IAsyncDisposable
{
    private readonly ConcurrentBag<TcpClient> _ends = [];

    private TcpListener? _listener;
    private volatile TaskCompletionSource _flows = new();

    public int Port => port;

    public void Mend()
    {
        LetGo();
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public void Hold() => _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _flows.TrySetResult();

    public void Cut()
    {
        LetGo();
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

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[8192];
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                await _flows.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
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
