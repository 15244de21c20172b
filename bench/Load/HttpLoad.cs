using Bench.Measuring;

namespace Bench.Load;

/// <summary>GETs over a fixed number of kept-alive connections.</summary>
internal static class HttpLoad
{
    public const int Connections = 32;

    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="window">How long.</param>
    /// <param name="next">The next request, as bytes.</param>
    public static async Task<Work> RunAsync(int port, TimeSpan window, Func<ReadOnlyMemory<byte>> next)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => HttpConnection.OpenAsync(port)));
        try
        {
            return await ClosedLoop.RunAsync(Connections, window, async client => await connections[client].SendAsync(next()));
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }
}
