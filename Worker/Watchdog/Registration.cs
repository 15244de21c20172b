using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polly;

namespace Worker.Watchdog;

/// <summary>On-call as a service of a host.</summary>
public static class Registration
{
    /// <summary>Watches the shop and tells PagerDuty; off without <c>PagerDuty:RoutingKey</c>. Needs a <see cref="Commerce.ShopDb"/> and the section <c>Services</c>.</summary>
    public static IServiceCollection AddWatchdog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PagerDutyOptions>().Bind(configuration.GetSection(PagerDutyOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WatchdogOptions>().Bind(configuration.GetSection(WatchdogOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddResiliencePipeline(PagerDutyClient.PipelineName, PagerDutyClient.Configure);
        services.AddSingleton<PagerDutyClient>();
        services.AddSingleton<IncidentEvents>();
        services.AddSingleton<DatabaseWatch>();
        services.AddSingleton<Vigil>(provider => new(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<WatchdogOptions>>()));
        services.AddHostedService<WatchdogLoop>();
        return services;
    }
}
