using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

/// <summary>The shapes of the orchestrator's REST interface, as far as they are used here.</summary>
internal sealed record DcpObject<TSpec, TStatus>(string ApiVersion, string Kind, DcpMetadata Metadata, TSpec Spec, TStatus? Status = default);

internal sealed record DcpMetadata(string Name, IReadOnlyDictionary<string, string>? Annotations = null);

internal sealed record DcpWatchEvent(string Type, JsonNode Object);

/// <summary>A port others connect to. A proxy of the orchestrator listens there unless the mode is Proxyless.</summary>
internal sealed record ServiceSpec(string Protocol, string AddressAllocationMode, string? Address = null, int? Port = null);

internal sealed record ServiceStatus(string? State, string? EffectiveAddress, int? EffectivePort);

internal sealed record ExecutableSpec(
    string ExecutablePath,
    string WorkingDirectory,
    IReadOnlyList<string> Args,
    IReadOnlyList<DcpVariable> Env,
    string ExecutionType = "Process");

internal sealed record ExecutableStatus(
    string? State, int? Pid, int? ExitCode, DateTime? StartupTimestamp, DateTime? FinishTimestamp, IReadOnlyList<string>? EffectiveArgs = null);

internal sealed record DcpVariable(string Name, string Value);

/// <summary>Tells the orchestrator which service an executable or container implements, and where it listens.</summary>
internal sealed record ServiceProducer(string ServiceName, string? Address, int? Port);

internal sealed record ContainerSpec(
    string Image,
    IReadOnlyList<DcpVariable> Env,
    IReadOnlyList<string> Args,
    IReadOnlyList<ContainerPort> Ports,
    IReadOnlyList<ContainerVolume> VolumeMounts,
    string? Command = null);

internal sealed record ContainerPort(int ContainerPortNumber, string Protocol, string HostIP)
{
    [JsonPropertyName("containerPort")]
    public int ContainerPortNumber { get; init; } = ContainerPortNumber;
}

internal sealed record ContainerVolume(string Type, string Source, string Target, bool ReadOnly);

internal sealed record ContainerStatus(string? State, string? ContainerId, int? ExitCode, DateTime? StartupTimestamp, DateTime? FinishTimestamp, string? Message);

internal sealed record DcpExecution(string Status, string? ShutdownResourceCleanup = null);

internal static class DcpKinds
{
    public const string GroupVersion = "usvc-dev.developer.microsoft.com/v1";
    public const string Executable = "Executable";
    public const string Container = "Container";
    public const string Service = "Service";

    public const string ResourceNameAnnotation = "resource-name";
    public const string ServiceProducerAnnotation = "service-producer";

#pragma warning disable CA1308 // URL paths are lower case.
    public static string Path(string kind) => $"apis/{GroupVersion}/{kind.ToLowerInvariant()}s";
#pragma warning restore CA1308
}

internal static class DcpJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
