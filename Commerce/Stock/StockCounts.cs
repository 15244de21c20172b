using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>How many units of a variant are in a location, sold ones not included.</summary>
public sealed record StockCount(Guid VariantId, Guid LocationId, int OnHand);

/// <summary>Saying how many units there are instead of how many more: an import, a stock-taking.</summary>
public static class StockCounts
{
    /// <summary>
    /// Brings on-hand figures to what a file says, in a transaction of its own; variants that were never in a location are put there. Answers the
    /// counts that are fewer than orders have been promised, and those where units are owed to paid orders, with that number: those are not changed, the others are.
    /// </summary>
    public static async Task<IReadOnlyList<(StockCount Count, int Reserved)>> CountAllAsync(this ShopDb db, IReadOnlyList<StockCount> counts, string reason,
        DateTimeOffset now, CancellationToken cancellation)
    {
        if (counts.Count == 0) return [];
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var refused = await db.CountInTransactionAsync(counts, takesOwed: false, reason, now, cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return refused;
        });
    }

    /// <param name="db">In a transaction.</param>
    /// <param name="counts">The last one of a place counts.</param>
    /// <param name="takesOwed">Whether units that are owed to paid orders are in the counts; else places where some are owed are refused.</param>
    /// <param name="reason">For the ledger.</param>
    /// <param name="now">For the ledger.</param>
    /// <param name="cancellation">Of the caller.</param>
    internal static async Task<IReadOnlyList<(StockCount Count, int Reserved)>> CountInTransactionAsync(this ShopDb db, IReadOnlyList<StockCount> counts, bool takesOwed, string reason,
        DateTimeOffset now, CancellationToken cancellation)
    {
        await db.EnsureItemsAsync([.. counts.Select(c => (c.VariantId, c.LocationId))], cancellation);
        var items = await db.LockItemsAsync(counts.Select(c => c.VariantId), cancellation);
        var refused = new List<(StockCount, int)>();
        var (changes, unchanged) = (new List<StockChange>(), new HashSet<Guid>());
        foreach (var count in counts.GroupBy(c => (c.VariantId, c.LocationId)).Select(g => g.Last()))
        {
            var item = items[(count.VariantId, count.LocationId)];
            if (item.OnHand < 0 && !takesOwed) refused.Add((count, item.Reserved - item.OnHand));
            else if (count.OnHand < item.Reserved && !item.AllowsBackorder) refused.Add((count, item.Reserved));
            else if (count.OnHand != item.OnHand)
                changes.Add(new StockChange(item.Id, item.OnHand == 0 ? MovementKind.Received : MovementKind.Adjusted, count.OnHand - item.OnHand, 0, Reason: reason));
            // A place that is new begins with what was counted, and may begin low.
            else unchanged.Add(count.VariantId);
        }
        await db.JudgeStockAsync(unchanged, cancellation);
        await db.ApplyAsync(changes, now, cancellation);
        return refused;
    }

    /// <summary>Makes the stock items that are not there yet, with nothing in them.</summary>
    internal static Task EnsureItemsAsync(this ShopDb db, IReadOnlyList<(Guid VariantId, Guid LocationId)> places, CancellationToken cancellation)
    {
        Guid[] ids = [.. places.Select(_ => Guid.CreateVersion7())];
        Guid[] variants = [.. places.Select(p => p.VariantId)];
        Guid[] locations = [.. places.Select(p => p.LocationId)];
        return db.Database.ExecuteSqlAsync($"""
            INSERT INTO stock_items (id, variant_id, location_id, on_hand, reserved, is_low)
            SELECT id, variant_id, location_id, 0, 0, false FROM unnest({ids}, {variants}, {locations}) AS n(id, variant_id, location_id)
            ON CONFLICT (variant_id, location_id) DO NOTHING
            """, cancellation);
    }

    /// <summary>All stock items of the variants, read under the lock that <see cref="StockShelf"/> takes.</summary>
    internal static async Task<Dictionary<(Guid VariantId, Guid LocationId), StockItem>> LockItemsAsync(this ShopDb db, IEnumerable<Guid> variantIds, CancellationToken cancellation)
    {
        Guid[] ids = [.. variantIds.Distinct()];
        await StockShelf.LockAsync(db, ids, cancellation);
        return await db.StockItems.AsNoTracking().Where(s => ids.Contains(s.VariantId)).ToDictionaryAsync(s => (s.VariantId, s.LocationId), cancellation);
    }
}
