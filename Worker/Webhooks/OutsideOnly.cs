using System.Net;
using Commerce;

namespace Worker.Webhooks;

/// <summary>Keeps webhooks on the <see cref="PublicInternet"/>.</summary>
internal static class OutsideOnly
{
    /// <exception cref="HttpRequestException">The name has no address outside.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = (await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation)).Where(PublicInternet.Has).ToArray();
        if (addresses.Length == 0) throw new HttpRequestException("The endpoint's address is not on the public Internet.");
        return await PublicInternet.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
    }
}
