using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Aspire.Hosting;

/// <summary>Adds Redis in a container.</summary>
public static class RedisBuilderExtensions
{
    private const string Image = "library/redis";
    private const string Tag = "8.6";
    private const string DataFolder = "/data";
    private const int Port = 6379;

    /// <summary>Adds a server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="port">Port others connect to; allocated when null.</param>
    /// <param name="password">Its password; generated and kept in user secrets when null.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var server = new RedisResource(name, password?.Resource ?? GeneratedPasswords.Parameter(builder, $"{name}-password")) { Entrypoint = "/bin/sh" };
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new PingHealthCheck(server), failureStatus: null, tags: null));
        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: Port, name: RedisResource.EndpointName, scheme: "redis")
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = Image, Tag = Tag })
            .WithIconName("Database")
            .WithHealthCheck(check)
            .WithEnvironment("REDIS_PASSWORD", server.PasswordParameter!)
            .WithArgs(context =>
            {
                // By way of the shell, so that the password stays out of the process list.
                context.Args.Add("-c");
                context.Args.Add($"redis-server --requirepass $REDIS_PASSWORD{(server.Persists ? " --save 60 1" : "")}");
            });
    }

    /// <summary>Keeps the data in a volume, and saves it every minute in which something changed.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Name of the volume; made from the AppHost and the resource when null.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.Persists = !isReadOnly;
        return builder.WithAnnotation(new ContainerMountAnnotation(name ?? ContainerVolumes.DataOf(builder), DataFolder, ContainerMountType.Volume, isReadOnly));
    }

    private sealed class PingHealthCheck(RedisResource server) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var connectionString = await server.ConnectionStringExpression.GetValueAsync(cancellationToken);
                await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString!);
                await connection.GetDatabase().PingAsync();
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
            }
        }
    }
}
