using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool? _isProxied;

    /// <summary>Describes a port.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">Scheme of its URL; the protocol's name when null.</param>
    /// <param name="transport">http, http2 or tcp; follows the scheme when null.</param>
    /// <param name="name">Unique within the resource; the scheme when null.</param>
    /// <param name="port">Port others connect to; allocated when null.</param>
    /// <param name="targetPort">Port the process binds; allocated when null.</param>
    /// <param name="isExternal">Meant for people, not only for other resources.</param>
    /// <param name="isProxied">Whether the orchestrator listens in front of the process; true when null.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
#pragma warning disable CA1308 // URL schemes are lower case.
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
#pragma warning restore CA1308
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        _isProxied = isProxied;
    }

    /// <summary>Unique within the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>Scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>http, http2 or tcp.</summary>
    public string Transport { get; set; }

    /// <summary>Port others connect to; null until allocated.</summary>
    public int? Port { get; set; }

    /// <summary>Port the process binds; null means the orchestrator chooses it.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Host the process binds.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Meant for people, not only for other resources.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether the orchestrator listens in front of the process.</summary>
    public bool IsProxied
    {
        get => _isProxied ?? true;
        set => _isProxied = value;
    }

    /// <summary>Left out when the whole resource is referenced.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Where it can be reached, once known.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocated.Task.IsCompletedSuccessfully ? _allocated.Task.Result : null;
        set => _allocated.TrySetResult(value ?? throw new ArgumentNullException(nameof(value)));
    }

    internal Task<AllocatedEndpoint> WhenAllocated => _allocated.Task;
}

/// <summary>Where an endpoint can be reached.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="address">Host name or address.</param>
/// <param name="port">Port.</param>
/// <param name="targetPortExpression">Port the process binds, or the orchestrator's expression for it.</param>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>Host name or address.</summary>
    public string Address { get; } = address;

    /// <summary>Port.</summary>
    public int Port { get; } = port;

    /// <summary>Port the process binds.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    /// <summary>Scheme of its URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>host:port.</summary>
    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    /// <summary>scheme://host:port.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}
