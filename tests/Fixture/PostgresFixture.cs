using System.Collections.Concurrent;
using Local.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Tests.Fixture;

/// <summary>
/// One PostgreSQL server per test process, started when the first class asks for a database. Register it once per test project:
/// <code>[assembly: AssemblyFixture(typeof(Tests.Fixture.PostgresFixture))]</code>
/// then take a database of your own with <c>IClassFixture&lt;ShopDatabase&gt;</c>. The server is real but not durable (unless the environment says <c>DURABLE=1</c>, for measurements): it forgets everything at the end.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string TemplateDatabase = "shop_template";
    private const int PortAttempts = 5;

    private readonly Lazy<Task<EmbeddedPostgres>> _server;
    private readonly Lazy<Task> _template;
    private readonly SemaphoreSlim _creating = new(1);
    private readonly ConcurrentQueue<string> _log = new();
    private string? _folder;
    private int _databases;

    public PostgresFixture()
    {
        _server = new(StartAsync);
        _template = new(CreateTemplateAsync);
    }

    /// <summary>What the server wrote so far.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A new database with the shop's tables and nothing in them.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateShopAsync()
    {
        await _template.Value;
        return await CreateDatabaseAsync($"TEMPLATE {TemplateDatabase}");
    }

    /// <summary>A new database with nothing at all.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateEmptyAsync() => CreateDatabaseAsync("");

    /// <summary>Drops a database whoever is connected to it.</summary>
    public async Task DropAsync(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" WITH (FORCE)");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            NpgsqlConnection.ClearAllPools();
            await (await _server.Value).DisposeAsync();
        }
        if (_folder is not null)
            TestFolders.Delete(_folder);
        _creating.Dispose();
    }

    private async Task<EmbeddedPostgres> StartAsync()
    {
        _folder = TestFolders.CreatePrivate();
        for (var attempt = 1; ; attempt++)
        {
            var options = new PostgresOptions
            {
                Port = TestFolders.FreePort(),
                DataFolder = Path.Combine(_folder, "postgres"),
                BinariesFolder = TestFolders.Packages,
                Password = Guid.NewGuid().ToString("N"),
                Database = "empty",
                Durable = Environment.GetEnvironmentVariable("DURABLE") == "1",
            };
            try
            {
                return await EmbeddedPostgres.StartAsync(options, _log.Enqueue, CancellationToken.None);
            }
            catch (EmbeddedPostgresException e) when (attempt < PortAttempts && e.Message.Contains("cannot listen", StringComparison.Ordinal))
            {
                _log.Enqueue(e.Message);
            }
        }
    }

    private async Task CreateTemplateAsync()
    {
        var server = await _server.Value;
        await ExecuteAsync($"CREATE DATABASE {TemplateDatabase}");
        // A pooled connection would stay open, and a database in use cannot be a template.
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionStringTo(TemplateDatabase)) { Pooling = false };
        await using var shop = ShopDatabase.Open(connection.ConnectionString);
        await shop.Database.MigrateAsync();
    }

    private async Task<string> CreateDatabaseAsync(string how)
    {
        var server = await _server.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await _creating.WaitAsync();
        try
        {
            await ExecuteAsync($"CREATE DATABASE {name} {how}");
        }
        finally
        {
            _creating.Release();
        }
        return new NpgsqlConnectionStringBuilder(server.ConnectionStringTo(name)) { MaxPoolSize = 80, IncludeErrorDetail = true }.ConnectionString;
    }

    private async Task ExecuteAsync(string sql)
    {
        var server = await _server.Value;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionStringTo("postgres")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
