using Microsoft.Extensions.Options;
using Npgsql;

namespace Local.Postgres;

/// <summary>Holds the server for as long as the launcher runs. A server that cannot start, or dies, ends the launcher with exit code 1 and the reason.</summary>
internal sealed class PostgresService(IOptions<PostgresOptions> options, IHostApplicationLifetime lifetime) : BackgroundService
{
    private const int HealthTimeoutSeconds = 2;

    private NpgsqlDataSource? _database;

    /// <summary>Null when a real query in the database works, else what is in the way.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        if (_database is not { } database)
            return "PostgreSQL is starting";
        try
        {
            await using var query = database.CreateCommand("SELECT count(*) FROM pg_catalog.pg_class");
            return await query.ExecuteScalarAsync(cancellationToken) is > 0L ? null : "the system catalogue is empty";
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException or TimeoutException)
        {
            return e.Message;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Ending the host while it is still starting would bury our reason under its own complaint.
            var hostStarted = new TaskCompletionSource();
            await using var registration = lifetime.ApplicationStarted.Register(hostStarted.SetResult);
            await hostStarted.Task.WaitAsync(stoppingToken);
            await using var server = await EmbeddedPostgres.StartAsync(options.Value, Console.Out.WriteLine, stoppingToken);
            var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString)
            {
                Timeout = HealthTimeoutSeconds,
                CommandTimeout = HealthTimeoutSeconds,
                MaxPoolSize = 2,
                ApplicationName = "health",
            };
            await using var database = _database = NpgsqlDataSource.Create(connection);
            Console.WriteLine($"PostgreSQL is ready on 127.0.0.1:{options.Value.Port}, data in {options.Value.DataFolder}");
            Fail(await server.DiedAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Console.WriteLine("PostgreSQL has stopped");
        }
        catch (EmbeddedPostgresException e)
        {
            Fail(e);
        }
        finally
        {
            _database = null;
        }
    }

    private void Fail(EmbeddedPostgresException e)
    {
        Console.Error.WriteLine(e.Message);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
