using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a service to Redis.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>Adds one <see cref="IConnectionMultiplexer"/>, opened at its first use, with a health check.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read.</param>
    /// <param name="configureOptions">Changes the driver's options.</param>
    /// <remarks>A missing connection string is reported at the first use.</remarks>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new StackExchangeRedisSettings();
        var section = builder.Configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IConnectionMultiplexer>(services => Connect(
            settings, connectionName, section.GetSection("ConfigurationOptions"), configureOptions, services.GetRequiredService<ILoggerFactory>()));
        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration("StackExchange.Redis", services => new RedisHealthCheck(services), failureStatus: null, tags: null));
    }

    private static ConnectionMultiplexer Connect(
        StackExchangeRedisSettings settings,
        string connectionName,
        IConfigurationSection section,
        Action<ConfigurationOptions>? configureOptions,
        ILoggerFactory loggers)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
            throw new InvalidOperationException($"No connection string: set 'ConnectionStrings:{connectionName}' or '{Section}:ConnectionString'.");

        var options = ConfigurationOptions.Parse(settings.ConnectionString);
        // A server that is not there yet is waited for in the background, not an error of the first caller.
        options.AbortOnConnectFail = false;
        options.LoggerFactory ??= loggers;
        section.Bind(options);
        configureOptions?.Invoke(options);
        return ConnectionMultiplexer.Connect(options);
    }

    private sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var connection = services.GetRequiredService<IConnectionMultiplexer>();
                await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or InvalidOperationException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
            }
        }
    }
}
