using System.Text;

namespace Frontend.Proxy.Routes;

/// <summary>What Kestrel refuses by itself, before a route is known. Body sizes per route are in <see cref="EdgeRoutes"/>.</summary>
public static class EdgeLimits
{
    private const int HeaderBytes = 32 * 1024;
    private const long BodyBytes = 2 * 1024 * 1024;
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(15);

    /// <summary>Sets the limits, and what the headers of answers are written in; leaves out the Server header.</summary>
    public static void AddEdgeLimits(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1; // as the forwarder reads those of a destination: every byte stays what it is
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
            kestrel.Limits.MaxRequestBodySize = BodyBytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        });
}
