using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tests.Fixture;

namespace Tests.Emulators.Postgres;

public class DatabasesOfTests(ShopDatabase shop, PostgresFixture postgres) : IClassFixture<ShopDatabase>
{
    [Fact]
    public async Task A_class_gets_the_shops_tables_as_the_migrations_leave_them()
    {
        await using var db = shop.Open();

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()).Where(name => name is not null).Distinct())
        {
            await using var command = shop.Source.CreateCommand($"SELECT count(*) FROM \"{table}\"");
            Assert.NotNull(await command.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task What_one_class_writes_another_never_sees()
    {
        var mine = await postgres.CreateEmptyAsync();
        var others = await postgres.CreateEmptyAsync();
        await ExecuteAsync(mine, "CREATE TABLE only_mine (id int)");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(others, "SELECT * FROM only_mine"));

        Assert.Equal(PostgresErrorCodes.UndefinedTable, refused.SqlState);
        await postgres.DropAsync(mine);
        await postgres.DropAsync(others);
    }

    [Fact]
    public async Task Many_databases_are_made_at_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => postgres.CreateShopAsync()));

        Assert.Equal(8, made.Distinct().Count());
        await Task.WhenAll(made.Select(postgres.DropAsync));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
