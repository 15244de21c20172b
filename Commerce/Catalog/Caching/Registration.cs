using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Commerce.Catalog.Caching;

/// <summary>The catalogue's cache as a service of a host.</summary>
public static class Registration
{
    /// <summary>Needs a <see cref="ShopDb"/> and an <see cref="IConnectionMultiplexer"/> that does not insist on connecting at start.</summary>
    public static IServiceCollection AddCatalogCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CatalogCacheOptions>().Bind(configuration.GetSection("Catalog:Cache")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(provider => new Lazy<IConnectionMultiplexer>(provider.GetRequiredService<IConnectionMultiplexer>));
        services.AddSingleton<CatalogChanges>();
        services.AddHostedService(provider => provider.GetRequiredService<CatalogChanges>());
        services.AddSingleton<AnnounceAfterCommit>();
        services.ConfigureDbContext<ShopDb>((provider, options) => options.AddInterceptors(provider.GetRequiredService<AnnounceAfterCommit>()));
        services.AddSingleton<CatalogCache>();
        return services;
    }
}
