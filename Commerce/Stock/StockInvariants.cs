using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>A stock item whose figures are not what its ledger and its reservations say.</summary>
public sealed record BrokenStock(Guid StockItemId, int OnHand, int Reserved, long LedgerOnHand, long LedgerReserved, long Held);

/// <summary>
/// Recomputes every stock item from its history: on hand and reserved are the sums of the ledger, reserved is what held reservations
/// promise, and nothing is negative that may not be. One statement, so one moment, whatever else is going on.
/// </summary>
public static class StockInvariants
{
    /// <summary>What is broken: nothing, unless the shop has a fault. Reads the whole ledger, so it is for a quiet interval, not for a request.</summary>
    public static async Task<IReadOnlyList<BrokenStock>> CheckAsync(ShopDb db, CancellationToken cancellation) =>
        await db.Database.SqlQuery<BrokenStock>($"""
            SELECT s.id AS stock_item_id, s.on_hand, s.reserved, COALESCE(m.on_hand, 0) AS ledger_on_hand, COALESCE(m.reserved, 0) AS ledger_reserved, COALESCE(r.held, 0) AS held
            FROM stock_items s
            LEFT JOIN (SELECT stock_item_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved FROM stock_movements GROUP BY 1) m ON m.stock_item_id = s.id
            LEFT JOIN (SELECT stock_item_id, sum(quantity) AS held FROM reservations WHERE state = 'Held' GROUP BY 1) r ON r.stock_item_id = s.id
            WHERE s.on_hand <> COALESCE(m.on_hand, 0) OR s.reserved <> COALESCE(m.reserved, 0) OR s.reserved <> COALESCE(r.held, 0)
                OR s.reserved < 0 OR (NOT s.allows_backorder AND s.on_hand < s.reserved)
            """).ToListAsync(cancellation);
}
