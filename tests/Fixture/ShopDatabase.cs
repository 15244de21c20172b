using Commerce;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace Tests.Fixture;

/// <summary>
/// A database of one test class's own, with the shop's tables and nothing in them:
/// <code>public class Orders(ShopDatabase shop) : IClassFixture&lt;ShopDatabase&gt;</code>
/// Needs <see cref="PostgresFixture"/> registered as an assembly fixture.
/// </summary>
public sealed class ShopDatabase(PostgresFixture postgres) : IAsyncLifetime
{
    private NpgsqlDataSource? _source;

    public string ConnectionString { get; private set; } = "";

    /// <summary>For raw SQL beside the context.</summary>
    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("The database is made by InitializeAsync.");

    /// <summary>A new context on this database; dispose it.</summary>
    public ShopDb Open() => Open(ConnectionString);

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateShopAsync();
        _source = NpgsqlDataSource.Create(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        await postgres.DropAsync(ConnectionString);
    }

    internal static ShopDb Open(string connectionString)
    {
        var options = new DbContextOptionsBuilder<ShopDb>();
        options.UseNpgsql(connectionString).UseSnakeCaseNamingConvention();
        return new ShopDb(options.Options);
    }
}
