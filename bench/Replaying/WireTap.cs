using System.Net;
using System.Net.Sockets;

namespace Bench.Replaying;

/// <summary>
/// Stands between a program and PostgreSQL and writes down what passes, statement by statement, while <see cref="Recording"/> is set.
/// That is how a yardstick gets the very SQL of the program, whatever the program is by then.
/// </summary>
internal sealed class WireTap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly int _server;
    private readonly Task _accepting;

    public WireTap(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where statements go; null: they pass unseen.</summary>
    public Recording? Recording { get; set; }

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
            var conversation = new Conversation(() => Recording);
            await Task.WhenAny(
                PumpAsync(near.GetStream(), far.GetStream(), new Messages(isClient: true, conversation.Asked)),
                PumpAsync(far.GetStream(), near.GetStream(), new Messages(isClient: false, conversation.Answered)));
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end has closed; the other learns of it by the disposal.
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Messages messages)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _closing.Token) is var read and > 0)
            {
                messages.Feed(buffer.AsSpan(0, read)); // before it is passed on: an answer must not overtake its question
                await to.WriteAsync(buffer.AsMemory(0, read), _closing.Token);
            }
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

/// <summary>Cuts a stream of PostgreSQL's protocol (version 3) into messages: a letter, a length that counts itself, a body. A client's first has no letter.</summary>
internal sealed class Messages(bool isClient, Action<char, byte[]> take)
{
    private readonly List<byte> _rest = [];
    private bool _isFirst = isClient;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        while (true)
        {
            var head = _isFirst ? 0 : 1;
            if (_rest.Count < head + 4) return;
            var length = (_rest[head] << 24) | (_rest[head + 1] << 16) | (_rest[head + 2] << 8) | _rest[head + 3];
            if (_rest.Count < head + length) return;
            if (!_isFirst) take((char)_rest[0], [.. _rest.GetRange(head + 4, length - 4)]);
            _rest.RemoveRange(0, head + length);
            _isFirst = false;
        }
    }
}
