using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;

    /// <summary>Set by Aspire.Hosting.Testing around the AppHost's own call of <see cref="DistributedApplication.CreateBuilder(DistributedApplicationOptions)"/>.</summary>
    internal static readonly AsyncLocal<TestingHooks?> Testing = new();

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var hooks = Testing.Value;
        _options = options;
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : hooks?.EntryAssembly ?? Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? AppHostAssemblies.Metadata(AppHostAssembly, "apphostprojectpath") ?? System.Environment.CurrentDirectory;
        var settings = new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
            Configuration = new ConfigurationManager(),
        };
        settings.Configuration.AddEnvironmentVariables("ASPIRE_");
        hooks?.Configure(options, settings);
        _host = new HostApplicationBuilder(settings);
        _host.Configuration["AppHost:Directory"] = AppHostDirectory;
        _host.Configuration["AppHost:DashboardApplicationName"] = AppHostAssembly?.GetName().Name ?? "AppHost";
        AddServices();
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IDistributedApplicationEventing Eventing { get; } = new Eventing.Eventing();

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out _))
            throw new DistributedApplicationException($"There are two resources named '{resource.Name}'.");

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        var hooks = Testing.Value;
        hooks?.Building(this);
        if (!_options.DisableDashboard)
            Services.AddSingleton(DashboardSettings.Read(Configuration, _options.AllowUnsecuredTransport));

        var application = new DistributedApplication(_host.Build(), isUnderTest: hooks is not null);
        hooks?.Built(application);
        return application;
    }

    private void AddServices()
    {
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        _host.Logging.AddConfiguration(Configuration.GetSection("Logging"));
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        Services.AddHealthChecks();
        Services.AddHttpClient();
        Services.AddSingleton(_options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(services => new ResourceNotificationService(
            services.GetRequiredService<ILogger<ResourceNotificationService>>(), services.GetRequiredService<IHostApplicationLifetime>()));
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<ResourceLoggerService>(), services));
        Services.AddHostedService<Orchestrator>();
    }
}

/// <summary>How a test takes part in an AppHost's start.</summary>
internal sealed record TestingHooks(
    Assembly EntryAssembly,
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> Configure,
    Action<DistributedApplicationBuilder> Building,
    Action<DistributedApplication> Built);
