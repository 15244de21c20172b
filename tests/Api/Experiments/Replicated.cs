using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce;
using Local.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tests.Fixture;

namespace Tests.Api.Experiments;

/// <summary>A PostgreSQL with a hot standby that applies everything <see cref="Delay"/> late, and a process of the Api that is told of both, the standby first.</summary>
public sealed class Replicated(RedisFixture redis) : IAsyncLifetime
{
    internal static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan Generous = TimeSpan.FromMinutes(2);

    private static readonly string[] Probes = ["pg_is_in_recovery()", "SHOW default_transaction_read_only", "SELECT version()", "DISCARD ALL", "RESET ALL", "UNLISTEN *"];

    private readonly string _folder = TestFolders.CreatePrivate();
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly RedisDatabase _redis = new(redis);
    private readonly ConcurrentQueue<string> _heard = [];
    private EmbeddedPostgres? _primary;
    private EmbeddedPostgres? _standby;
    private ApiProcess? _api;

    public HttpClient Client => _api!.Client;

    /// <summary>Statements that the standby was sent, but for those by which the driver finds out which server is the writer, and gives a session back.</summary>
    public IReadOnlyList<string> AskedOfStandby =>
        [.. _heard.Where(line => line.Contains("statement:", StringComparison.Ordinal) || line.Contains("execute ", StringComparison.Ordinal))
            .Where(line => !Probes.Any(probe => line.Contains(probe, StringComparison.Ordinal)))];

    public ShopDb OpenPrimary() => ShopDb.Open(NpgsqlDataSource.Create(_primary!.ConnectionString));

    public ShopDb OpenStandby() => ShopDb.Open(NpgsqlDataSource.Create(_standby!.ConnectionString));

    public async ValueTask InitializeAsync()
    {
        await _redis.InitializeAsync();
        var (writer, reader) = (Options("writer"), Options("reader"));
        await using (var first = await EmbeddedPostgres.StartAsync(writer, _ => { }, CancellationToken.None))
        {
            await using var db = ShopDb.Open(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(first.ConnectionString) { Pooling = false }.ConnectionString));
            await db.Database.MigrateAsync();
        }
        // A copy of a server that was shut down in order is its twin; the signal file makes it follow.
        using (var copy = Process.Start("cp", ["-a", writer.DataFolder, reader.DataFolder])) await copy.WaitForExitAsync();
        var cluster = Path.Combine(reader.DataFolder, "pgdata");
        await File.WriteAllTextAsync(Path.Combine(cluster, "standby.signal"), "");
        await File.AppendAllTextAsync(Path.Combine(cluster, "postgresql.auto.conf"), $"""

            primary_conninfo = 'host=127.0.0.1 port={writer.Port} user={PostgresOptions.Superuser} password={_password} sslmode=disable'
            recovery_min_apply_delay = '{Delay.TotalSeconds}s'
            log_statement = 'all'

            """);
        _primary = await EmbeddedPostgres.StartAsync(writer, _ => { }, CancellationToken.None);
        _standby = await EmbeddedPostgres.StartAsync(reader, _heard.Enqueue, CancellationToken.None);
        _heard.Clear();
        _api = await ApiProcess.StartAsync(TestFolders.FreePort(), new Dictionary<string, string>
        {
            ["ConnectionStrings:shop"] = new NpgsqlConnectionStringBuilder(_primary.ConnectionString) { Host = $"127.0.0.1:{reader.Port},127.0.0.1:{writer.Port}" }.ConnectionString,
            ["ConnectionStrings:redis"] = _redis.ConnectionString,
            ["Stripe:ApiBase"] = "http://127.0.0.1:9",
            ["Stripe:SecretKey"] = "sk_test_none",
            ["Stripe:WebhookSecret"] = "whsec_none",
            ["Services:PublicUrl"] = "http://shop.test",
            ["Media:Folder"] = Path.Combine(_folder, "media"),
        });
    }

    /// <summary>The writer is gone for good, and the standby takes over.</summary>
    public async Task FailOverAsync()
    {
        await _primary!.DisposeAsync();
        await using var db = OpenStandby();
        db.Database.SetCommandTimeout(Generous);
        await db.Database.ExecuteSqlAsync($"SELECT pg_promote(true, {(int)Generous.TotalSeconds})");
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        if (_standby is not null) await _standby.DisposeAsync();
        if (_primary is not null) await _primary.DisposeAsync();
        await _redis.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    private PostgresOptions Options(string name) => new()
    {
        Port = TestFolders.FreePort(),
        DataFolder = Path.Combine(_folder, name),
        BinariesFolder = TestFolders.Packages,
        Password = _password,
    };
}
