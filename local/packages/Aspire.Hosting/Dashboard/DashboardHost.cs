using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>The resource service the dashboard connects to, and the dashboard as a resource.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    public const string ResourceName = "aspire-dashboard";
    private const string KeyHeader = "x-resource-service-api-key";
    private readonly WebApplication _server;
    private readonly DashboardSettings _settings;

    private DashboardHost(WebApplication server, DashboardSettings settings)
    {
        _server = server;
        _settings = settings;
    }

    /// <summary>Printed once everything is on its way.</summary>
    public string StartupLine => $"Aspire {AspireBundle.Version} subset of local/packages. Dashboard: {_settings.FrontendUrl}{(_settings.BrowserToken is { } token ? $"/login?t={token}" : "")}";

    /// <summary>Starts the resource service.</summary>
    /// <exception cref="DistributedApplicationException">A port is in use; names it and its setting.</exception>
    public static async Task<DashboardHost> StartAsync(IConfiguration configuration, IServiceProvider services, ILogger console, CancellationToken cancellationToken)
    {
        var settings = services.GetRequiredService<DashboardSettings>();
        foreach (var (setting, url) in settings.Addresses())
        {
            if (Ports.InUse(url.Port))
                throw new DistributedApplicationException($"Port {url.Port} of the dashboard is in use by another program: stop it, or give another address by --{setting}=http://localhost:<port>.");
        }

        var name = configuration["AppHost:DashboardApplicationName"] ?? "AppHost";
        var server = Build(settings, new ApplicationServices(services, name));
        await server.StartAsync(cancellationToken);
        console.LogDebug("Resource service on {Url}", settings.ResourceServiceUrl);
        return new DashboardHost(server, settings);
    }

    /// <summary>The dashboard's process, kept off its own list.</summary>
    /// <param name="program">Path of <c>aspire-managed</c>.</param>
    public ExecutableResource Resource(string program)
    {
        var dashboard = new ExecutableResource(ResourceName, program, Path.GetDirectoryName(program)!);
        dashboard.Annotations.Add(new HiddenAnnotation());
        dashboard.Annotations.Add(new CommandLineArgsCallbackAnnotation(context =>
        {
            context.Args.Add("dashboard");
            return Task.CompletedTask;
        }));
        dashboard.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            foreach (var (name, value) in _settings.Environment())
                context.EnvironmentVariables[name] = value;

            return Task.CompletedTask;
        }));
        return dashboard;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static WebApplication Build(DashboardSettings settings, ApplicationServices application)
    {
        // An empty builder reads no settings and no variables: ASPNETCORE_URLS is meant for the dashboard.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(new Uri(settings.ResourceServiceUrl).Port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(application);
        var server = builder.Build();
        server.Use((context, next) => HasKey(context.Request, settings.ResourceServiceKey) ? next(context) : RefuseAsync(context.Response));
        server.UseRouting();
        server.MapGrpcService<ResourceService>();
        return server;
    }

    private static bool HasKey(HttpRequest request, string key) => request.Headers.TryGetValue(KeyHeader, out var given)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.ToString()), Encoding.UTF8.GetBytes(key));

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
