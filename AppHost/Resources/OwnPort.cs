using System.Net;
using System.Net.Sockets;

namespace AppHost.Resources;

/// <summary>Endpoints that a service listens on itself.</summary>
internal static class OwnPort
{
    // Above those that people address, and below those that systems give to outgoing connections (from 32768 on Linux), one of which might have it by the time the service listens.
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>
    /// Takes the orchestrator's proxy out of the way. Of a service that died it goes on taking the connections, and says nothing until there is one again: who calls
    /// it would wait for its own limits, where a refused connection is a 503 at once. The port stays the same over restarts. Published, nothing changes.
    /// </summary>
    public static IResourceBuilder<T> WithOwnHttpPort<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEndpoints =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEndpoint("http", endpoint => (endpoint.UriScheme, endpoint.IsProxied, endpoint.Port) = ("http", false, Free()))
            : service;

    private static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's already.
            }
        }
    }
}
