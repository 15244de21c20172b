using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tests.Api.Experiments;

/// <summary>
/// A relay in front of PostgreSQL that keeps back the answer to one commit: PostgreSQL has committed, and its client never learns. Which one: the first
/// COMMIT on a connection after <see cref="Bait"/> went over it.
/// </summary>
internal sealed class CommitTrap : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;

    public CommitTrap(string host, int port)
    {
        _server = new IPEndPoint(IPAddress.Parse(host), port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Text of a parameter that the transaction in question sends, such as an idempotency key; null: nothing is kept back.</summary>
    public string? Bait { get; set; }

    /// <summary>Whether the connection ends with the answer that is kept back, once, instead of hanging.</summary>
    public bool HangsUp { get; init; }

    /// <summary>Completes when an answer is being kept back.</summary>
    public TaskCompletionSource Sprung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(_server);
                var line = new Line();
                _ = CopyAsync(client, server, sent => Watch(line, sent));
                _ = CopyAsync(server, client, _ => line.IsKept, hangsUp: HangsUp);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    /// <summary>The server gets everything; only what it answers is kept.</summary>
    private bool Watch(Line line, ReadOnlySpan<byte> sent)
    {
        if (Bait is not { } bait) return false;
        line.HasTaken |= sent.IndexOf(Encoding.UTF8.GetBytes(bait)) >= 0;
        if (!line.HasTaken || sent.IndexOf(Commit) < 0) return false;
        line.IsKept = true;
        if (HangsUp) Bait = null;
        Sprung.TrySetResult();
        return false;
    }

    private delegate bool Keeps(ReadOnlySpan<byte> sent);

    private static async Task CopyAsync(TcpClient from, TcpClient to, Keeps keeps, bool hangsUp = false)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                if (!keeps(buffer.AsSpan(0, read))) await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                else if (hangsUp) break;
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One end has hung up.
        }
        from.Dispose();
        to.Dispose();
    }

    private sealed class Line
    {
        public bool HasTaken { get; set; }
        public volatile bool IsKept;
    }
}
