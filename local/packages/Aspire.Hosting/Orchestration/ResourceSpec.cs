using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>What a resource is started with, every value resolved.</summary>
internal sealed record ResolvedResource(IReadOnlyList<string> Args, IReadOnlyList<DcpVariable> Env);

/// <summary>Turns a resource of the model into an object of the orchestrator.</summary>
internal static class ResourceSpec
{
    /// <summary>Runs the callbacks and waits for every value.</summary>
    public static async Task<ResolvedResource> ResolveAsync(IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var environment = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var port in resource.Annotations.OfType<PortVariableAnnotation>())
            environment.EnvironmentVariables[port.Variable] = new EndpointReference((IResourceWithEndpoints)resource, port.Endpoint.Name).Property(EndpointProperty.TargetPort);

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(environment);

        var arguments = new CommandLineArgsCallbackContext([], resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
            await annotation.Callback(arguments);

        var context = new ValueProviderContext { Caller = resource, ExecutionContext = execution };
        var env = new List<DcpVariable>();
        foreach (var (name, value) in environment.EnvironmentVariables)
            env.Add(new DcpVariable(name, await TextAsync(value, context, cancellationToken)));

        var args = new List<string>();
        foreach (var value in arguments.Args)
            args.Add(await TextAsync(value, context, cancellationToken));

        return new ResolvedResource(args, env);
    }

    public static DcpObject<ExecutableSpec, ExecutableStatus> Executable(IResource resource, ResolvedResource resolved)
    {
        var (program, folder, leading) = Program(resource);
        return new DcpObject<ExecutableSpec, ExecutableStatus>(
            DcpKinds.GroupVersion,
            DcpKinds.Executable,
            Metadata(resource, endpoint => new ServiceProducer(ServiceName(resource, endpoint), endpoint.TargetHost, endpoint.TargetPort)),
            new ExecutableSpec(program, folder, [.. leading, .. resolved.Args], [.. resolved.Env, new DcpVariable(ProcessSession.OwnerVariable, ResourceIds.Of(resource))]));
    }

    public static DcpObject<ContainerSpec, ContainerStatus> Container(ContainerResource resource, ResolvedResource resolved)
    {
        var image = resource.Annotations.OfType<ContainerImageAnnotation>().Single();
        var ports = resource.Annotations.OfType<EndpointAnnotation>()
            .Select(endpoint => new ContainerPort(endpoint.TargetPort ?? throw new DistributedApplicationException($"Endpoint '{endpoint.Name}' of container '{resource.Name}' has no target port."), "TCP", "127.0.0.1"));
        var volumes = resource.Annotations.OfType<ContainerMountAnnotation>()
            .Select(mount => new ContainerVolume(mount.Type == ContainerMountType.Volume ? "volume" : "bind", mount.Source ?? "", mount.Target, mount.IsReadOnly));
        return new DcpObject<ContainerSpec, ContainerStatus>(
            DcpKinds.GroupVersion,
            DcpKinds.Container,
            Metadata(resource, endpoint => new ServiceProducer(ServiceName(resource, endpoint), Address: null, endpoint.TargetPort)),
            new ContainerSpec(image.Reference, resolved.Env, resolved.Args, [.. ports], [.. volumes], resource.Entrypoint));
    }

    public static string ServiceName(IResource resource, EndpointAnnotation endpoint) => $"{ResourceIds.Of(resource)}-{endpoint.Name}";

    public static string KindOf(IResource resource) => resource is ContainerResource ? DcpKinds.Container : DcpKinds.Executable;

    private static (string Program, string Folder, string[] Leading) Program(IResource resource)
    {
        if (resource is ExecutableResource executable)
            return (executable.Command, executable.WorkingDirectory, []);

        var metadata = resource.Annotations.OfType<IProjectMetadata>().Single();
        return (DotNetHost.Path, Path.GetDirectoryName(metadata.ProjectPath)!, ["exec", ProjectOutputs.Find(metadata)]);
    }

    private static DcpMetadata Metadata(IResource resource, Func<EndpointAnnotation, ServiceProducer> producer)
    {
        var produced = resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsProxied).Select(producer).ToList();
        return new DcpMetadata(ResourceIds.Of(resource), new Dictionary<string, string>
        {
            [DcpKinds.ResourceNameAnnotation] = resource.Name,
            [DcpKinds.ServiceProducerAnnotation] = JsonSerializer.Serialize(produced, DcpJson.Options),
        });
    }

    private static async ValueTask<string> TextAsync(object value, ValueProviderContext context, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(context, cancellationToken) ?? "",
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(context, cancellationToken) ?? "",
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

internal static class DotNetHost
{
    /// <summary>The <c>dotnet</c> this process runs on.</summary>
    public static string Path { get; } = Find();

    /// <summary>Whether a program given by its bare name stands in a folder of PATH. Windows looks in more places than that, so there the answer is yes.</summary>
    public static bool CanFind(string program) =>
        OperatingSystem.IsWindows()
        || program.Contains('/', StringComparison.Ordinal)
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // RUNTIME/shared/Microsoft.NETCore.App/10.0.0/
        var runtime = new DirectoryInfo(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());
        var beside = System.IO.Path.Combine(runtime.Parent!.Parent!.Parent!.FullName, name);
        return File.Exists(beside) ? beside : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? name;
    }
}

internal static class ProjectOutputs
{
    /// <summary>The built program of a project: written into the metadata class when the AppHost is built.</summary>
    public static string Find(IProjectMetadata metadata)
    {
        var output = metadata.GetType().GetProperty("TargetPath", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(metadata) as string
            ?? throw new DistributedApplicationException($"{metadata.GetType().Name} does not say where {metadata.ProjectPath} was built: build the AppHost with the targets of local/packages.");
        return File.Exists(output) ? output : throw new DistributedApplicationException($"{output} is missing: build {metadata.ProjectPath}.");
    }
}
