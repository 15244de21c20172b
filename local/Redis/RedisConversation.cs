using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Local.Redis;

/// <summary>The few words the launcher itself has to say to its server: enough of the protocol for a health check and a checkpoint.</summary>
internal static class RedisConversation
{
    /// <exception cref="IOException">The server refused the command or closed the connection.</exception>
    public static async Task<string> CommandAsync(int port, string password, int database, string command, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await using var stream = client.GetStream();
            await SendAsync(stream, ["AUTH", password], cancellationToken);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            Expect(await reader.ReadLineAsync(cancellationToken));
            await SendAsync(stream, ["SELECT", database.ToString(CultureInfo.InvariantCulture)], cancellationToken);
            Expect(await reader.ReadLineAsync(cancellationToken));
            await SendAsync(stream, command.Split(' '), cancellationToken);
            return Expect(await reader.ReadLineAsync(cancellationToken));
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    // *2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n
    private static async Task SendAsync(NetworkStream stream, string[] words, CancellationToken cancellationToken)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    // +OK or -ERR what went wrong
    private static string Expect(string? line) => line switch
    {
        null => throw new IOException("the server closed the connection"),
        ['-', .. var error] => throw new IOException(error),
        _ => line[1..],
    };
}
