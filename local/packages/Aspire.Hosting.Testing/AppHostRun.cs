using System.Reflection;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// The AppHost's own Main, on a thread of its own: it is held where it builds its application until the test lets it go on,
/// and where it runs it until the test is over.
/// </summary>
internal sealed class AppHostRun(Assembly entryAssembly, string[] args)
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _modelComplete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<IDistributedApplicationTestingBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var entryPoint = entryAssembly.EntryPoint
            ?? throw new InvalidOperationException($"{entryAssembly.GetName().Name} has no entry point: it is no AppHost.");
        var thread = new Thread(() => Run(entryPoint)) { IsBackground = true, Name = $"{entryAssembly.GetName().Name} under test" };
        thread.Start();
        return new TestingBuilder(await _modelComplete.Task.WaitAsync(cancellationToken), this);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _goOn.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets Main end without an application; it then sees a cancellation.</summary>
    public async ValueTask AbandonAsync()
    {
        _goOn.TrySetCanceled();
        if (_built.Task.IsCompletedSuccessfully)
            await _built.Task.Result.DisposeAsync();
    }

    private void Run(MethodInfo entryPoint)
    {
        DistributedApplicationBuilder.Testing.Value = new TestingHooks(
            entryAssembly,
            Configure,
            builder =>
            {
                _modelComplete.TrySetResult(builder);
                _goOn.Task.GetAwaiter().GetResult();
            },
            application => _built.TrySetResult(application));
        try
        {
            entryPoint.Invoke(obj: null, entryPoint.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            Fail(new InvalidOperationException($"{entryAssembly.GetName().Name} ended without building an application."));
        }
        catch (TargetInvocationException exception)
        {
            Fail(exception.InnerException!);
        }
    }

    private void Fail(Exception exception)
    {
        // Whoever is still waiting learns why; when nobody is, the test has long had its application.
        _modelComplete.TrySetException(exception);
        if (_built.TrySetException(exception))
            _ = _built.Task.Exception;
    }

    /// <summary>The settings a test starts from. Variables and arguments win over them; of the AppHost's launch profile only what is not among them counts.</summary>
    private void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.Args = [.. options.Args ?? [], .. args];
        options.DisableDashboard = true;
        settings.Args = options.Args;
        settings.ApplicationName = entryAssembly.GetName().Name;
        var given = new ConfigurationManager();
        given.AddEnvironmentVariables().AddCommandLine(options.Args);
        var variables = AppHostAssemblies.Metadata(entryAssembly, "apphostprojectpath") is { } folder && LaunchProfiles.Read(folder, name: null) is { } profile
            ? profile.Variables
            : new Dictionary<string, string>();
        var defaults = new Dictionary<string, string?>
        {
            ["DcpPublisher:RandomizePorts"] = "true",
            ["ASPNETCORE_URLS"] = "http://localhost:8080",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        };
        foreach (var (name, value) in variables)
            defaults.TryAdd(name, value);

        if (variables.TryGetValue("DOTNET_ENVIRONMENT", out var environment))
            settings.EnvironmentName ??= given["DOTNET_ENVIRONMENT"] ?? environment;

        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(defaults.Where(setting => given[setting.Key] is null));
    }
}
