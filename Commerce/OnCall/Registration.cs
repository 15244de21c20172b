using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly.Telemetry;

namespace Commerce.OnCall;

/// <summary>What a process tells the watchdog about itself.</summary>
public static class Registration
{
    /// <summary>Reports loops and payment gateway of this process. Needs a <see cref="ShopDb"/>.</summary>
    public static IServiceCollection AddSignals(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SignalOptions>().Bind(configuration.GetSection("Signals"));
        services.TryAddSingleton<Heartbeats>();
        services.AddSingleton<GatewayHealth>();
        services.AddOptions<TelemetryOptions>().Configure<GatewayHealth>((telemetry, health) => telemetry.TelemetryListeners.Add(health));
        services.AddHostedService<SignalReporter>();
        return services;
    }
}
