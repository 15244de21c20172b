using Commerce;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce;

/// <summary>Bringing a database to this version.</summary>
public class MigratingTests(TestShop shop) : IClassFixture<TestShop>
{
    private const string Foreign = "20250101000000_Other";

    [Fact]
    public async Task A_database_of_another_history_is_refused_with_what_to_do_and_one_that_is_ahead_is_left_alone()
    {
        await using var db = shop.Open();
        await db.Database.ExecuteSqlAsync($"INSERT INTO \"__EFMigrationsHistory\" VALUES ({Foreign}, '10.0.0')");
        await ShopSetup.MigrateAsync(db, CancellationToken.None);

        var mine = db.Database.GetMigrations().ToArray();
        await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsHistory\" WHERE migration_id = ANY({mine})");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ShopSetup.MigrateAsync(db, CancellationToken.None));
        Assert.Contains(Foreign, refused.Message);
        Assert.Contains("reset", refused.Message);
        Assert.Equal([Foreign], await db.Database.GetAppliedMigrationsAsync());
    }
}
