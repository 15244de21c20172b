using System.Net;
using Microsoft.Extensions.Options;

namespace Commerce.Catalog.Import;

/// <summary>Configuration section <c>Import</c>.</summary>
public sealed class ImportOptions
{
    /// <summary>Hosts that may be asked for pictures although they lie in a private network, such as a merchant's own store of pictures.</summary>
    public string[] PrivateHosts { get; set; } = [];
}

/// <summary>
/// Fetches what an address of a stranger names, from the public internet only. The address is looked up once and that very answer is connected
/// to, for every redirect again, so that a name cannot be public when it is checked and private when it is used.
/// </summary>
public sealed class PublicHttp : IDisposable
{
    private const int MaxRedirects = 5;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public PublicHttp(IOptions<ImportOptions> options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            MaxAutomaticRedirections = MaxRedirects,
            ConnectTimeout = ConnectTime,
            ConnectCallback = async (context, cancellation) =>
            {
                var host = context.DnsEndPoint.Host;
                var addresses = await Dns.GetHostAddressesAsync(host, cancellation);
                var isTrusted = options.Value.PrivateHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
                if (addresses.Length == 0 || (!isTrusted && !addresses.All(PublicInternet.Has))) throw new HttpRequestException($"{host} is not a public address.");
                return await PublicInternet.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            },
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="HttpRequestException">It cannot be had, is too large, or does not lie in public.</exception>
    public async Task<byte[]> GetAsync(Uri address, int maxBytes, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentLength > maxBytes) throw TooLarge();
        if (response.Content.Headers.ContentType?.MediaType is { } type && !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && type != "application/octet-stream")
            throw new HttpRequestException($"it is {type} and no picture.");
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var kept = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (kept.Length + read > maxBytes) throw TooLarge();
            kept.Write(buffer, 0, read);
        }
        return kept.ToArray();

        HttpRequestException TooLarge() => new($"it is larger than {maxBytes / 1024 / 1024} MB.");
    }

    public void Dispose() => _http.Dispose();
}
