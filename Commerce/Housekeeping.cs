using Commerce.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Commerce;

/// <summary>What the shop no longer needs. Deletes in small statements, each its own transaction, so that nobody waits for it.</summary>
public static class Housekeeping
{
    /// <summary>Settled jobs are kept so long, for people and for their dedupe keys. Dead letters stay.</summary>
    public static readonly TimeSpan KeepSettledJobs = TimeSpan.FromDays(7);

    /// <summary>A client that repeats a request does so within minutes; support questions come within weeks.</summary>
    public static readonly TimeSpan KeepIdempotencyRecords = TimeSpan.FromDays(30);

    /// <summary>Since the last change. What became an order lives on there.</summary>
    public static readonly TimeSpan KeepBaskets = TimeSpan.FromDays(180);

    private const int Chunk = 5000;

    /// <returns>How many rows went.</returns>
    public static async Task<int> PurgeSettledJobsAsync(this ShopDb db, CancellationToken cancellationToken) =>
        await InChunksAsync(() => db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM outbox WHERE id IN (
                SELECT id FROM outbox WHERE state IN ('done', 'discarded') AND settled_at < now() - {KeepSettledJobs} LIMIT {Chunk} FOR UPDATE SKIP LOCKED)
            """, cancellationToken))
        + await db.Database.ExecuteSqlAsync($"DELETE FROM schedule_slots WHERE noted_at < now() - {ScheduleSlot.Keep}", cancellationToken);

    /// <returns>How many rows went.</returns>
    public static Task<int> PurgeIdempotencyRecordsAsync(this ShopDb db, CancellationToken cancellationToken) =>
        InChunksAsync(() => db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM idempotency_records WHERE key IN (
                SELECT key FROM idempotency_records WHERE created_at < now() - {KeepIdempotencyRecords} LIMIT {Chunk} FOR UPDATE SKIP LOCKED)
            """, cancellationToken));

    /// <returns>How many baskets went, with their lines.</returns>
    public static Task<int> PurgeBasketsAsync(this ShopDb db, CancellationToken cancellationToken) =>
        InChunksAsync(() => db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM baskets WHERE id IN (
                SELECT id FROM baskets WHERE updated_at < now() - {KeepBaskets} LIMIT {Chunk} FOR UPDATE SKIP LOCKED)
            """, cancellationToken));

    private static async Task<int> InChunksAsync(Func<Task<int>> delete)
    {
        var (all, some) = (0, Chunk);
        while (some == Chunk) all += some = await delete();
        return all;
    }
}
