using System.Net.Sockets;
using System.Text;

namespace Tests.Mail;

/// <summary>SMTP by hand, for what a decent client would never say.</summary>
internal sealed class RawSmtp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _tcp;
    private readonly StreamReader _reader;

    public RawSmtp(TcpClient tcp)
    {
        _tcp = tcp;
        _reader = new StreamReader(tcp.GetStream(), Encoding.UTF8);
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes) => await _tcp.GetStream().WriteAsync(bytes);

    /// <summary>The next line; null when the server has hung up.</summary>
    public async Task<string?> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _reader.ReadLineAsync(patience.Token);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Says a line and returns the last line of the answer.</summary>
    public async Task<string?> SayAsync(string line)
    {
        await WriteAsync(line + "\r\n");
        string? answer;
        do
            answer = await ReadAsync();
        while (answer is { Length: > 3 } && answer[3] == '-');
        return answer;
    }

    public async Task<string?> SendAsync(string data)
    {
        await SayAsync("EHLO test");
        await SayAsync("MAIL FROM:<a@example.com>");
        await SayAsync("RCPT TO:<b@example.com>");
        Assert.StartsWith("354", await SayAsync("DATA"), StringComparison.Ordinal);
        return await SayAsync(data + "\r\n.");
    }

    public void Dispose() => _tcp.Dispose();
}
