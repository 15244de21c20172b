using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a database context to PostgreSQL.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Adds a pooled database context with retries, a health check, spans and metrics.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read.</param>
    /// <param name="configureDbContextOptions">Changes the context's options.</param>
    /// <typeparam name="TContext">The context.</typeparam>
    /// <remarks>A missing connection string is reported when the context is first used.</remarks>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        if (builder.Services.Any(service => service.ServiceType == typeof(TContext)))
            throw new InvalidOperationException($"{typeof(TContext).Name} is already registered: use EnrichNpgsqlDbContext.");

        var settings = Read<TContext>(builder.Configuration, connectionName);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        builder.Services.AddDbContextPool<TContext>(options =>
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
                throw new InvalidOperationException($"No connection string: set 'ConnectionStrings:{connectionName}' or '{Section}:ConnectionString'.");

            options.UseNpgsql(settings.ConnectionString, npgsql => Apply(npgsql, settings));
            configureDbContextOptions?.Invoke(options);
        });
        Observe<TContext>(builder, settings);
    }

    /// <summary>Adds retries, a health check, spans and metrics to a context registered elsewhere.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="configureSettings">Changes the settings after they were read.</param>
    /// <typeparam name="TContext">The context.</typeparam>
    /// <exception cref="InvalidOperationException">The context is not registered.</exception>
    public static void EnrichNpgsqlDbContext<TContext>(this IHostApplicationBuilder builder, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Services.Any(service => service.ServiceType == typeof(TContext)))
            throw new InvalidOperationException($"{typeof(TContext).Name} is not registered: call AddDbContext first.");

        var settings = Read<TContext>(builder.Configuration, connectionName: null);
        configureSettings?.Invoke(settings);
        if (!settings.DisableRetry || settings.CommandTimeout is not null)
            builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql => Apply(npgsql, settings)));

        Observe<TContext>(builder, settings);
    }

    /// <summary>The section, then what it says of this connection, then what it says of this context.</summary>
    private static NpgsqlEntityFrameworkCorePostgreSQLSettings Read<TContext>(IConfiguration configuration, string? connectionName)
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = configuration.GetSection(Section);
        var own = section.GetSection(typeof(TContext).Name);
        (own.Exists() ? own : section).Bind(settings);
        if (connectionName is not null)
            section.GetSection(connectionName).Bind(settings);

        return settings;
    }

    private static void Apply(NpgsqlDbContextOptionsBuilder npgsql, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
    {
        if (!settings.DisableRetry)
            npgsql.EnableRetryOnFailure();

        if (settings.CommandTimeout is { } seconds)
            npgsql.CommandTimeout(seconds);
    }

    private static void Observe<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().AddDbContextCheck<TContext>(typeof(TContext).Name);

        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());

        if (!settings.DisableMetrics)
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddNpgsqlInstrumentation());
    }
}
