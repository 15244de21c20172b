using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Bench.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends prepared bytes and reads whole answers. It does as little as possible: what a request
/// costs here is added to every side alike, and must not drown the difference between them.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int LargestHead = 16 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[256 * 1024];

    public static async Task<HttpConnection> OpenAsync(int port)
    {
        var connection = new HttpConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>A GET as bytes.</summary>
    public static byte[] Get(string path) => System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n");

    /// <returns>Bytes of the body; they stay in the buffer until the next call.</returns>
    /// <exception cref="InvalidOperationException">The answer is no 200, or cut short.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> request)
    {
        for (var rest = request; rest.Length > 0;) rest = rest[await _socket.SendAsync(rest)..];
        var filled = 0;
        while (true)
        {
            if (filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
            if (read == 0) throw new InvalidOperationException("The server closed the connection in the middle of an answer.");
            filled += read;
            if (Body(_buffer.AsSpan(0, filled)) is { } body) return _buffer.AsMemory(body);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>Where the body lies; null while the answer is not whole.</returns>
    private static Range? Body(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return answer.Length > LargestHead ? throw new InvalidOperationException("The head of the answer does not end.") : null;
        var head = answer[..end];
        if (!head.StartsWith("HTTP/1.1 200 "u8))
            throw new InvalidOperationException($"Not a 200: {System.Text.Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 600)])}");
        var start = end + 4;
        var field = head.IndexOf("Content-Length: "u8);
        if (field >= 0)
        {
            Utf8Parser.TryParse(head[(field + 16)..], out int length, out _);
            return answer.Length >= start + length ? start..(start + length) : null;
        }
        // Chunked: the last chunk is empty.
        return answer.Length >= start + 5 && answer[^5..].SequenceEqual("0\r\n\r\n"u8) ? start..(answer.Length - 5) : null;
    }
}
