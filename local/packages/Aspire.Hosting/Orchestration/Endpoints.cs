using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives every endpoint of the model its address before anything starts.</summary>
internal sealed class Endpoints(DcpClient client, bool randomizePorts)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);
    private readonly HashSet<EndpointAnnotation> _served = [];

    /// <summary>Allocates the endpoints of a resource. A fixed port that is in use is left for the resource's start to report.</summary>
    public async Task AllocateAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.IsProxied)
                await AllocateProxiedAsync(resource, endpoint, cancellationToken);
            else
                AllocateDirect(endpoint);
        }
    }

    /// <summary>Makes sure the fixed ports of a resource about to start are free, or already its own.</summary>
    /// <exception cref="DistributedApplicationException">A port is in use by somebody else.</exception>
    public async Task ClaimAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            // A proxy holds its port for the whole run: the port is free only as long as there is no proxy.
            if (!_served.Contains(endpoint) && endpoint.AllocatedEndpoint is { } allocated && Ports.InUse(allocated.Port))
                throw new DistributedApplicationException($"Port {allocated.Port} of resource '{resource.Name}' (endpoint '{endpoint.Name}') is in use by another program.");

            if (endpoint.IsProxied && endpoint.TargetPort is { } target && target != endpoint.AllocatedEndpoint?.Port && Ports.InUse(target))
                throw new DistributedApplicationException($"Port {target} of resource '{resource.Name}' (target of endpoint '{endpoint.Name}') is in use by another program.");

            if (endpoint.IsProxied && !_served.Contains(endpoint))
                await ServeAsync(resource, endpoint, endpoint.AllocatedEndpoint?.Port, cancellationToken);
        }
    }

    private async Task AllocateProxiedAsync(IResource resource, EndpointAnnotation endpoint, CancellationToken cancellationToken)
    {
        var port = randomizePorts ? null : endpoint.Port;
        if (port is { } wanted && Ports.InUse(wanted))
        {
            Allocated(resource, endpoint, wanted);
            return;
        }

        Allocated(resource, endpoint, await ServeAsync(resource, endpoint, port, cancellationToken));
    }

    /// <summary>
    /// The port that a process shall listen on is chosen here: the orchestrator would take one of those that systems give to outgoing connections, and
    /// one of these may have it by the time the process listens.
    /// </summary>
    private static void Allocated(IResource resource, EndpointAnnotation endpoint, int port)
    {
        if (resource is not ContainerResource) endpoint.TargetPort ??= Ports.Free();
        endpoint.Port = port;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port, endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture));
    }

    private static void AllocateDirect(EndpointAnnotation endpoint)
    {
        var port = endpoint.Port ?? endpoint.TargetPort ?? Ports.Free();
        endpoint.Port = port;
        endpoint.TargetPort ??= port;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port, endpoint.TargetPort.Value.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<int> ServeAsync(IResource resource, EndpointAnnotation endpoint, int? port, CancellationToken cancellationToken)
    {
        var name = ResourceSpec.ServiceName(resource, endpoint);
        var service = new DcpObject<ServiceSpec, ServiceStatus>(
            DcpKinds.GroupVersion,
            DcpKinds.Service,
            new DcpMetadata(name),
            new ServiceSpec("TCP", "Localhost", Port: port));
        await client.CreateAsync(service, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyLimit);
        try
        {
            while (true)
            {
                var found = await client.FindAsync<ServiceSpec, ServiceStatus>(DcpKinds.Service, name, limit.Token);
                if (found?.Status is { State.Length: > 0, EffectivePort: > 0 and { } effective })
                {
                    _served.Add(endpoint);
                    return effective;
                }

                await Task.Delay(PollPause, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"The orchestrator could not listen for endpoint '{endpoint.Name}' of resource '{resource.Name}'{(port is null ? "" : $" on port {port}")}.");
        }
    }
}

internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>Whether somebody listens on a port of this machine.</summary>
    public static bool InUse(int port) => !CanBind(IPAddress.Loopback, port) || (Socket.OSSupportsIPv6 && !CanBind(IPAddress.IPv6Loopback, port));

    /// <summary>
    /// A port nobody listens on now, given out once by this process. It lies above those that a model fixes, and below those that systems take for
    /// outgoing connections (from 32768 on Linux, 49152 elsewhere), so that none of them has it before somebody listens there.
    /// </summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (!InUse(port)) return port;
        }
    }

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // No such loopback address on this machine: nobody can hold the port there.
            return true;
        }
    }
}
