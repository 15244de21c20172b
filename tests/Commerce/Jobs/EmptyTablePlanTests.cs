using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tests.Fixture;

namespace Tests.Commerce.Jobs;

/// <summary>Idle workers prepare their statements while the outbox is empty; a rush must not be scanned for that.</summary>
public class EmptyTablePlanTests(ShopDatabase shop) : IClassFixture<ShopDatabase>
{
    /// <summary>PostgreSQL keeps a plan for any values from the sixth execution on, Npgsql prepares at the second.</summary>
    private const int TimesUntilKept = 8;

    private const int Rush = 1_500;
    private const string Worker = "test:1";

    [Fact]
    public async Task Plans_made_on_an_empty_outbox_do_not_scan_a_full_one()
    {
        var options = new DbContextOptionsBuilder<ShopDb>();
        options.UseNpgsql(new NpgsqlConnectionStringBuilder(ShopDb.Prepared(shop.ConnectionString)) { Pooling = true, MinPoolSize = 0, MaxPoolSize = 1 }.ConnectionString);
        ShopDb.Conventions(options);
        await using var db = new ShopDb(options.Options);
        // The table counts as known to be empty, as after a restore or a clean-up, and nobody analyses it again.
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE outbox SET (autovacuum_enabled = off)");
        await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE outbox");
        for (var time = 0; time < TimesUntilKept; time++) Assert.Equal(0, await WorkAsync(db));

        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await db.EnqueueAsync([.. Enumerable.Range(0, Rush).Select(i => new NewJob(JobKinds.DeliverWebhook, new { deliveryId = Guid.NewGuid() }, BatchKey: $"{i % 500}"))], CancellationToken.None);
            await db.EnqueueAsync([.. Enumerable.Range(0, Rush).Select(_ => new NewJob(JobKinds.SendReceipt, new { orderId = Guid.NewGuid() }))], CancellationToken.None);
            await transaction.CommitAsync();
        }
        var before = await ScansAsync(db);
        var settled = 0;
        for (var time = 0; time < TimesUntilKept; time++) settled += await WorkAsync(db);
        Assert.Equal(2 * Rush, settled);
        Assert.Equal(before, await ScansAsync(db));
    }

    /// <summary>One round of a relay and a worker.</summary>
    /// <returns>Jobs settled.</returns>
    private static async Task<int> WorkAsync(ShopDb db)
    {
        var token = CancellationToken.None;
        var dispatched = await db.DispatchDueAsync(200, token);
        var claimed = await db.ClaimAsync([.. dispatched.Select(row => row.Id)], Worker, token);
        claimed.AddRange(await db.ClaimDueAsync(new JobRoom(200, 200, 200), TimeSpan.Zero, Worker, token));
        await db.GatedDueAsync([JobKinds.Purge], token);
        claimed.AddRange(await db.ClaimTurnsAsync(JobKinds.All[JobKinds.DeliverWebhook], 1_000, Worker, token));
        await db.DispatchAgainAsync(200, token);
        await db.SweepAsync(token);
        List<JobClaim> claims = [.. claimed.Select(row => new JobClaim([row]))];
        await db.RenewAsync(claims, token);
        return (await db.SettleAsync(claims, token)).Count;
    }

    // On the same connection, so that what it has counted itself is told at once.
    private static async Task<long> ScansAsync(ShopDb db)
    {
        await db.Database.ExecuteSqlRawAsync("SELECT pg_stat_force_next_flush()");
        await db.Database.ExecuteSqlRawAsync("SELECT 1");
        return await db.Database.SqlQueryRaw<long>("""SELECT seq_scan AS "Value" FROM pg_stat_user_tables WHERE relname = 'outbox'""").SingleAsync();
    }
}
