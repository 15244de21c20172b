using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace ServiceDefaults;

/// <summary>What every service of the shop has in common: telemetry, health, service discovery, resilient HTTP clients.</summary>
public static class Defaults
{
    /// <summary>Ready: the service and what it needs to answer. 200 or 503.</summary>
    public const string HealthPath = "/health";

    /// <summary>Live: the process answers at all. Never looks at a dependency, so an outage elsewhere restarts nothing here.</summary>
    public const string AlivePath = "/alive";

    private const string LiveTag = "live";

    /// <summary>Adds telemetry, health checks, service discovery and HTTP resilience. Call it first in Program.cs.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client => client.AddServiceDiscovery().AddResilience());
        return builder;
    }

    /// <summary>Maps <see cref="HealthPath"/> and <see cref="AlivePath"/>, in every environment, without HTTP metrics or traces.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath).AllowAnonymous().DisableHttpMetrics().Add(WithoutTraces);
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) })
            .AllowAnonymous().DisableHttpMetrics().Add(WithoutTraces);
        return app;
    }

    /// <summary>What a check asks of a database is no more news than the probe itself; left alone, each query would be a trace of its own.</summary>
    private static void WithoutTraces(EndpointBuilder endpoint)
    {
        var check = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            using var quiet = SuppressInstrumentationScope.Begin();
            await check(context);
        };
    }
}
