using System.Net;
using System.Net.Sockets;

namespace Local.Launcher;

/// <summary>Ports on 127.0.0.1.</summary>
internal static class LoopbackPort
{
    /// <returns>Null when a server could listen there now, else what is in the way.</returns>
    public static string? WhyNot(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return $"the port {port} on 127.0.0.1 is in use by another program. Stop that program, or choose another port.";
        }
        catch (SocketException e)
        {
            return $"the port {port} on 127.0.0.1 cannot be opened: {e.Message}.";
        }
    }
}
