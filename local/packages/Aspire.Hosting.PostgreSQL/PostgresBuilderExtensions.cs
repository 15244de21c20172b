using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL in a container.</summary>
public static class PostgresBuilderExtensions
{
    private const string Image = "library/postgres";
    private const string Tag = "18.3";

    // The image's place for data since PostgreSQL 18.
    private const string DataFolder = "/var/lib/postgresql";
    private const int Port = 5432;

    /// <summary>Adds a server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Unique name.</param>
    /// <param name="userName">The superuser; postgres when null.</param>
    /// <param name="password">Its password; generated and kept in user secrets when null.</param>
    /// <param name="port">Port others connect to; allocated when null.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var server = new PostgresServerResource(name, userName?.Resource, password?.Resource ?? GeneratedPasswords.Parameter(builder, $"{name}-password"));
        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: Port, name: PostgresServerResource.EndpointName)
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = Image, Tag = Tag })
            .WithIconName("DatabaseMultiple")
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment("POSTGRES_USER", server.User)
            .WithEnvironment("POSTGRES_PASSWORD", server.PasswordParameter)
            .WithQueryHealthCheck($"{name}_check", ReferenceExpression.Create($"{server};Database=postgres"));
    }

    /// <summary>Adds a database, created when the server is ready.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Unique name; also the connection's name.</param>
    /// <param name="databaseName">Name on the server; <paramref name="name"/> when null.</param>
    /// <returns>A builder for it.</returns>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.OnResourceReady((server, _, cancellationToken) => CreateAsync(server, database.DatabaseName, cancellationToken));
        return builder.ApplicationBuilder.AddResource(database)
            .WithIconName("Database")
            .WithQueryHealthCheck($"{name}_check", database.ConnectionStringExpression);
    }

    /// <summary>Keeps the data in a volume.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Name of the volume; made from the AppHost and the resource when null.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(new ContainerMountAnnotation(name ?? ContainerVolumes.DataOf(builder), DataFolder, ContainerMountType.Volume, isReadOnly));

    private static async Task CreateAsync(PostgresServerResource server, string database, CancellationToken cancellationToken)
    {
        var connectionString = await ReferenceExpression.Create($"{server};Database=postgres").GetValueAsync(cancellationToken);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;

        using var quote = new NpgsqlCommandBuilder();
#pragma warning disable CA2100 // CREATE DATABASE takes no parameters; the name is quoted.
        await using var create = new NpgsqlCommand($"CREATE DATABASE {quote.QuoteIdentifier(database)}", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IResourceBuilder<T> WithQueryHealthCheck<T>(this IResourceBuilder<T> builder, string key, ReferenceExpression connectionString)
        where T : IResource
    {
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new QueryHealthCheck(connectionString), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }

    private sealed class QueryHealthCheck(ReferenceExpression connectionString) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var connection = new NpgsqlConnection(await connectionString.GetValueAsync(cancellationToken));
                await connection.OpenAsync(cancellationToken);
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException exception)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
            }
        }
    }
}
