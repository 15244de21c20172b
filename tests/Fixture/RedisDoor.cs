using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tests.Fixture;

/// <summary>A door in front of a server that speaks the Redis protocol. It can be slow, and it can answer as Redis does whose memory is full.</summary>
public sealed class RedisDoor : IAsyncDisposable
{
    /// <summary>What Redis itself answers at <c>maxmemory</c> with the policy <c>noeviction</c>.</summary>
    private const string OutOfMemory = "OOM command not allowed when used memory > 'maxmemory'.";

    /// <summary>Of the commands Redis marks <c>denyoom</c>, those that are of use to anybody here; whoever may still take, delete, publish and read.</summary>
    private static readonly HashSet<string> Growing = new(StringComparer.OrdinalIgnoreCase)
    {
        "SET", "SETNX", "SETEX", "PSETEX", "APPEND", "GETSET", "MSET", "INCR", "INCRBY", "DECR", "HSET", "HMSET", "HINCRBY", "SADD", "ZADD", "ZINCRBY", "LPUSH", "RPUSH", "XADD",
    };

    private readonly TcpListener _door = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<string> _growingScripts = [];
    private readonly int _server;
    private int _refused;

    private RedisDoor(int server) => _server = server;

    /// <summary>How long whatever comes takes through the door, either way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether commands that need memory are refused.</summary>
    public bool IsFull { get; set; }

    /// <summary>How many commands were refused.</summary>
    public int Refused => _refused;

    public int Port => ((IPEndPoint)_door.LocalEndpoint).Port;

    /// <param name="server">The port on 127.0.0.1 that the door leads to; whether somebody listens there matters only when somebody knocks.</param>
    public static RedisDoor To(int server)
    {
        var door = new RedisDoor(server);
        door._door.Start();
        _ = door.OpenAsync();
        return door;
    }

    /// <summary>Closed for good, as when the server dies; a second time does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed.IsCancellationRequested) return;
        await _closed.CancelAsync();
        _door.Dispose();
        _closed.Dispose();
    }

    private async Task OpenAsync()
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
            await server.ConnectAsync(IPAddress.Loopback, _server, _closed.Token);
            await Task.WhenAny(AskAsync(client.GetStream(), server.GetStream()), AnswerAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The server was killed, or the client went away: both ends close.
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await server.ReadAsync(buffer, _closed.Token)) > 0;)
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _closed.Token);
            await client.WriteAsync(buffer.AsMemory(0, read), _closed.Token);
        }
    }

    private async Task AskAsync(NetworkStream client, NetworkStream server)
    {
        var reader = PipeReader.Create(client);
        for (ReadResult read; !(read = await reader.ReadAsync(_closed.Token)).IsCompleted || !read.Buffer.IsEmpty;)
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _closed.Token);
            var rest = read.Buffer;
            while (TryReadCommand(ref rest, out var words, out var bytes)) await server.WriteAsync(IsRefused(words) ? Refusal() : bytes, _closed.Token);
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) return;
        }
    }

    /// <summary>A command is an array of bulk strings: <c>*2 $3 GET $1 k</c>, each part on a line of its own.</summary>
    private static bool TryReadCommand(ref ReadOnlySequence<byte> buffer, out List<string> words, out byte[] bytes)
    {
        (words, bytes) = ([], []);
        var reader = new SequenceReader<byte>(buffer);
        if (!TryReadCount(ref reader, out var count)) return false;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadCount(ref reader, out var length) || !reader.TryReadExact(length, out var word) || !reader.TryReadExact(2, out _)) return false;
            words.Add(Encoding.UTF8.GetString(word));
        }
        bytes = buffer.Slice(0, reader.Position).ToArray();
        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private static bool TryReadCount(ref SequenceReader<byte> reader, out int count)
    {
        count = 0;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return false;
        count = int.Parse(Encoding.ASCII.GetString(line)[1..], CultureInfo.InvariantCulture);
        return true;
    }

    private bool IsRefused(List<string> words)
    {
        var grows = words[0].ToUpperInvariant() switch
        {
            "SCRIPT" when words is [_, _, var script] => Learn(script) && false,
            "EVAL" => Learn(words[1]),
            "EVALSHA" => _growingScripts.Contains(words[1]),
            var command => Growing.Contains(command),
        };
        if (grows && IsFull) Interlocked.Increment(ref _refused);
        return grows && IsFull;
    }

    /// <returns>Whether the script stores something.</returns>
    private bool Learn(string script)
    {
        var grows = Growing.Any(command => script.Contains($"'{command}'", StringComparison.OrdinalIgnoreCase));
#pragma warning disable CA5350 // that is how Redis names scripts
        if (grows) lock (_growingScripts) _growingScripts.Add(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(script))));
#pragma warning restore CA5350
        return grows;
    }

    /// <summary>The server itself gives the answer, so that it comes when it is its turn.</summary>
    private static byte[] Refusal()
    {
        string[] words = ["EVAL", $"return redis.error_reply(\"{OutOfMemory}\")", "0"];
        return Encoding.UTF8.GetBytes($"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}");
    }
}
