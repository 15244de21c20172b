using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tests.Api.Experiments;

/// <summary>
/// One of hundreds who besiege a shop on the same machine: a kept-alive HTTP/1.1 connection and nothing else. <see cref="HttpClient"/> would take
/// a fifth of the processors there, and be measured instead of the shop.
/// </summary>
internal sealed class Buyer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[16 * 1024];

    public static async Task<Buyer> ComeAsync(int port)
    {
        var buyer = new Buyer();
        await buyer._socket.ConnectAsync(IPAddress.Loopback, port);
        return buyer;
    }

    /// <summary>Orders the basket, as <see cref="Purchase.Order"/> does.</summary>
    /// <exception cref="IOException">The connection ended before the answer did, or the answer is no order and no refusal but larger.</exception>
    public async Task<(HttpStatusCode Status, string Body)> OrderAsync(string basketId, string key)
    {
        var order = $$"""{ "basketId": "{{basketId}}", "email": "ann@example.com", "shippingAddress": { "name": "Ann", "line1": "Street 1", "postalCode": "10115", "city": "Berlin", "countryCode": "DE" } }""";
        var request = Encoding.ASCII.GetBytes($"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {order.Length}\r\n\r\n{order}");
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request.AsMemory(sent));
        for (var filled = 0; ;)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(filled));
            if (read == 0) throw new IOException($"No whole answer: {Encoding.UTF8.GetString(_answer, 0, filled)}");
            filled += read;
            if (Whole(Encoding.UTF8.GetString(_answer, 0, filled)) is { } answer) return answer;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>Null while something is missing. Orders come with their length, refusals in one chunk.</returns>
    private static (HttpStatusCode, string)? Whole(string answer)
    {
        if (answer.Split("\r\n\r\n", 2) is not [var head, var body]) return null;
        var status = (HttpStatusCode)int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal))
            return body.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) ? (status, body.Split("\r\n")[1]) : null;
        var length = head.Split("Content-Length: ")[1].Split("\r\n")[0];
        return Encoding.UTF8.GetByteCount(body) == int.Parse(length, CultureInfo.InvariantCulture) ? (status, body) : null;
    }
}
