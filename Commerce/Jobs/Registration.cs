using Commerce.OnCall;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Commerce.Jobs;

/// <summary>The job system as a service of a host.</summary>
public static class Registration
{
    /// <summary>Runs a relay in this process and wakes it whenever a <see cref="ShopDb"/> of this process commits outbox rows.
    /// Needs a <see cref="ShopDb"/> and an <see cref="IConnectionMultiplexer"/> that does not insist on connecting at start.</summary>
    public static IServiceCollection AddJobRelay(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Heartbeats>();
        services.AddSingleton<RelaySignal>();
        services.AddSingleton<SignalAfterCommit>();
        services.AddSingleton(provider => new Lazy<IConnectionMultiplexer>(provider.GetRequiredService<IConnectionMultiplexer>));
        services.AddSingleton<JobQueue>();
        services.ConfigureDbContext<ShopDb>((provider, options) => options.AddInterceptors(provider.GetRequiredService<SignalAfterCommit>()));
        services.AddHostedService<JobRelay>();
        return services;
    }
}
