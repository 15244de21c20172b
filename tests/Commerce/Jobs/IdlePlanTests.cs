using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tests.Fixture;

namespace Tests.Commerce.Jobs;

/// <summary>Idle workers prepare their statements while nothing waits in the outbox; a rush must not be read from end to end for that.</summary>
public class IdlePlanTests(ShopDatabase shop) : IClassFixture<ShopDatabase>
{
    /// <summary>PostgreSQL keeps a plan for any values from the sixth execution on, Npgsql prepares at the second.</summary>
    private const int TimesUntilKept = 8;

    private const int Rush = 1_500;

    /// <summary>Jobs that other workers run meanwhile.</summary>
    private const int RunningElsewhere = 20_000;

    /// <summary>Entries of indexes read for one job from pending to settled: found and changed four times, and versions that are not cleared away yet.</summary>
    private const int MostReadOfOne = 40;

    private const string Worker = "test:1";

    /// <param name="settledBefore">Rows that are done: on an empty table PostgreSQL would plan scans, and on one with nothing but these to read all that runs.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public async Task Plans_made_while_nothing_waits_find_what_they_take_in_order(int settledBefore)
    {
        var options = new DbContextOptionsBuilder<ShopDb>();
        options.UseNpgsql(new NpgsqlConnectionStringBuilder(ShopDb.Prepared(shop.ConnectionString)) { Pooling = true, MinPoolSize = 0, MaxPoolSize = 1 }.ConnectionString);
        ShopDb.Conventions(options);
        await using var db = new ShopDb(options.Options);
        // The table counts as known to have nothing that waits, as after a restore or a clean-up, and nobody analyses it again.
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE outbox SET (autovacuum_enabled = off); TRUNCATE outbox");
        await AddAsync(db, settledBefore, "done");
        await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE outbox");
        for (var time = 0; time < TimesUntilKept; time++) Assert.Equal(0, await WorkAsync(db));

        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await db.EnqueueAsync([.. Enumerable.Range(0, Rush).Select(i => new NewJob(JobKinds.DeliverWebhook, new { deliveryId = Guid.NewGuid() }, BatchKey: $"{i % 500}"))], CancellationToken.None);
            await db.EnqueueAsync([.. Enumerable.Range(0, Rush).Select(_ => new NewJob(JobKinds.SendReceipt, new { orderId = Guid.NewGuid() }))], CancellationToken.None);
            await transaction.CommitAsync();
        }
        await AddAsync(db, RunningElsewhere, "running");
        var before = await ReadAsync(db);
        var settled = 0;
        for (var time = 0; time < TimesUntilKept; time++) settled += await WorkAsync(db);
        var after = await ReadAsync(db);
        Assert.Equal(2 * Rush, settled);
        Assert.Equal(before.Scans, after.Scans);
        Assert.InRange(after.Rows - before.Rows, 1, MostReadOfOne * 2 * Rush);
    }

    /// <param name="state">done, or running for another hour.</param>
    private static Task AddAsync(ShopDb db, int rows, string state) => db.Database.ExecuteSqlAsync($"""
        INSERT INTO outbox (id, kind, version, arguments, priority, state, attempt, failures, settled_at, lease_until)
        SELECT gen_random_uuid(), {JobKinds.SendReceipt}, 1, jsonb_build_object(), 1, state, 1, 0,
            CASE state WHEN 'done' THEN now() END, CASE state WHEN 'running' THEN now() + interval '1 hour' END
        FROM (SELECT {state} AS state) AS chosen, generate_series(1, {rows})
        """);

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

    /// <summary>Scans of the table, and entries that were read in its indexes.</summary>
    /// <remarks>On the same connection, so that what it has counted itself is told at once.</remarks>
    private static async Task<(long Scans, long Rows)> ReadAsync(ShopDb db)
    {
        await db.Database.ExecuteSqlRawAsync("SELECT pg_stat_force_next_flush()");
        await db.Database.ExecuteSqlRawAsync("SELECT 1");
        var counts = await db.Database.SqlQueryRaw<long>("""
            SELECT seq_scan AS "Value" FROM pg_stat_user_tables WHERE relname = 'outbox' UNION ALL
            SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'outbox'
            """).ToListAsync();
        return (counts[0], counts[1]);
    }
}
