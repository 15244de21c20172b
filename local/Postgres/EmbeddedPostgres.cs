using System.Net;
using Local.Launcher;
using Npgsql;

namespace Local.Postgres;

/// <summary>One PostgreSQL server on 127.0.0.1 with its own data folder, as long as this object lives.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan FastStop = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ImmediateStop = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OldMemoryPatience = TimeSpan.FromSeconds(15);

    private readonly PostgresOptions _options;
    private readonly Action<string> _log;
    private readonly DataFolder _folder;
    private readonly ServerAccount _account;
    private readonly PostgresBinaries _binaries;
    private ServerProcess? _server;

    private EmbeddedPostgres(PostgresOptions options, Action<string> log, DataFolder folder, ServerAccount account, PostgresBinaries binaries) =>
        (_options, _log, _folder, _account, _binaries) = (options, log, folder, account, binaries);

    /// <summary>Connects the superuser to <see cref="PostgresOptions.Database"/>.</summary>
    public string ConnectionString => ConnectionStringTo(_options.Database);

    public int ProcessId => Server.Id;

    private enum Answer
    {
        Open,
        WrongPassword,
    }

    private ServerProcess Server => _server ?? throw new InvalidOperationException("The server is not running.");

    public string ConnectionStringTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = _options.Port,
        Username = PostgresOptions.Superuser,
        Password = _options.Password,
        Database = database,
        // The server speaks neither here, and asking first costs every new connection two round trips.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Fetches the binaries and makes the cluster where needed, starts the server, and returns once the database answers. Crash recovery may take its time.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be started; says why.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(PostgresOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var account = ServerAccount.Find(options.ServerUser);
        var folder = DataFolder.Take(options.DataFolder);
        EmbeddedPostgres? started = null;
        try
        {
            account.RequireWayTo(folder.Path);
            account.RequireWayTo(options.BinariesFolder);
            var exists = folder.HasCluster(account);
            // Before the port is looked at: the survivor is what holds it.
            if (exists)
                await folder.ClearSurvivorAsync(log);
            if (LoopbackPort.WhyNot(options.Port) is { } reason)
                throw new EmbeddedPostgresException($"PostgreSQL cannot listen (Postgres:Port): {reason}");
            var binaries = await PostgresBinaries.FetchAsync(options.BinariesFolder, log, cancellationToken);
            account.RequireWayTo(binaries.Folder);
            var postgres = new EmbeddedPostgres(options, log, folder, account, binaries);
            if (!exists)
                await Cluster.CreateAsync(folder, binaries, account, options, log, cancellationToken);
            await postgres.RunAsync(cancellationToken);
            return started = postgres;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException($"The data folder {folder.Path} cannot be used by user `{Environment.UserName}`: {e.Message}", e);
        }
        finally
        {
            if (started is null)
                folder.Dispose();
        }
    }

    /// <summary>Completes when the server has ended without being asked to.</summary>
    /// <returns>What happened.</returns>
    public async Task<EmbeddedPostgresException> DiedAsync(CancellationToken cancellationToken)
    {
        await Server.WaitForExitAsync(cancellationToken);
        return ServerFailure.WhileRunning(_folder, Server);
    }

    /// <summary>Stops within 8 s: fast (open transactions roll back), then at once; data that was committed is safe either way.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        _folder.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await StartServerAsync(cancellationToken) is Answer.WrongPassword)
            {
                _log("the password has changed since the last start; setting the new one");
                await StopServerAsync();
                await Cluster.SetPasswordAsync(_folder, _binaries, _account, _options.Password, cancellationToken);
                await StartServerAsync(cancellationToken);
            }
            await CreateDatabaseAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            await StopServerAsync();
            throw ServerFailure.AtFirstUse(_folder, e);
        }
        catch
        {
            await StopServerAsync();
            throw;
        }
    }

    private async Task<Answer> StartServerAsync(CancellationToken cancellationToken)
    {
        for (var patience = OldMemoryPatience; ; patience -= TimeSpan.FromSeconds(1))
        {
            _server = ServerProcess.Start(
                _binaries.Server, ["-D", _folder.Cluster, .. ServerSettings.For(_options)], _folder.Cluster, _account, _log);
            if (await AnswerAsync(_server, cancellationToken) is { } answer)
                return answer;
            // Its predecessor was killed, and that one's children have not all noticed yet.
            if (patience <= TimeSpan.Zero || !_server.Tail.Any(line => line.Contains("pre-existing shared memory block", StringComparison.Ordinal)))
                throw ServerFailure.AtStart(_folder, _account, _options.Port, _server);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <returns>Null when the server ended instead.</returns>
    private async Task<Answer?> AnswerAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var exit = server.WaitForExitAsync(cancellationToken);
        while (!exit.IsCompleted)
        {
            try
            {
                await using var connection = await ConnectAsync(cancellationToken);
                return Answer.Open;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
            {
                return Answer.WrongPassword;
            }
            // Refused until it listens; 57P03 while it starts or recovers, however long that takes: the server reports its progress itself.
            catch (NpgsqlException e) when (e is not PostgresException { SqlState: not PostgresErrorCodes.CannotConnectNow })
            {
                await Task.WhenAny(exit, Task.Delay(ReadyPoll, cancellationToken));
            }
        }
        await exit;
        return null;
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = _options.Database } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{_options.Database}\"", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        _log($"created the database `{_options.Database}`");
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionStringTo("postgres")) { Pooling = false, Timeout = 5, IncludeErrorDetail = true }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task StopServerAsync()
    {
        if (_server is not { } server)
            return;
        if (OperatingSystem.IsWindows())
        {
            using var stop = ServerProcess.Start(_binaries.PgCtl, ["stop", "-D", _folder.Cluster, "-m", "fast", "-W"], _folder.Cluster, _account, _log);
            await stop.ExitsWithinAsync(ImmediateStop);
        }
        else
        {
            server.Send(ServerProcess.Signal.Interrupt);
        }
        if (!await server.ExitsWithinAsync(FastStop))
        {
            server.Send(ServerProcess.Signal.Quit);
            if (!await server.ExitsWithinAsync(ImmediateStop))
                server.Send(ServerProcess.Signal.Kill);
        }
        server.Dispose();
        _server = null;
    }
}
