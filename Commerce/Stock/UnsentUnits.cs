using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>
/// Units that are sold and still lie there, because nobody has sent them yet. They have left <see cref="StockItem.OnHand"/> with the payment, so that
/// nobody else buys them; whoever counts a shelf counts them too.
/// </summary>
internal static class UnsentUnits
{
    /// <summary>SQL of how many units of which variants wait in which order; <c>{0}</c>: ids of variants. Bundles are counted in what they are made of.</summary>
    internal const string Waiting = """
        SELECT l.order_id, o.paid_at, p.variant_id, sum((l.quantity - l.fulfilled_quantity - l.cancelled_quantity) * p.quantity) AS units
        FROM orders o JOIN order_lines l ON l.order_id = o.id
        CROSS JOIN LATERAL (
            SELECT l.variant_id, 1 AS quantity WHERE l.components IS NULL
            UNION ALL
            SELECT (c ->> 'variantId')::uuid, (c ->> 'quantity')::int FROM jsonb_array_elements(l.components) AS c) AS p
        WHERE o.status = 'Paid' AND o.fulfilment_status <> 'Fulfilled' AND l.quantity > l.fulfilled_quantity + l.cancelled_quantity AND p.variant_id = ANY({0})
        GROUP BY l.order_id, o.paid_at, p.variant_id
        """;

    private sealed record There(Guid VariantId, Guid LocationId, int Units, int Least, int Most);

    /// <summary>By variant and location; what can wait nowhere is left out.</summary>
    public static async Task<Dictionary<(Guid VariantId, Guid LocationId), Unsent>> UnsentAsync(this ShopDb db, IEnumerable<Guid> variantIds, CancellationToken cancellation)
    {
        Guid[] ids = [.. variantIds.Distinct()];
        return await db.Database.SqlQueryRaw<There>($$"""
            WITH waiting AS ({{Waiting}}),
            taken AS (
                SELECT w.order_id, w.units, s.id, s.variant_id, s.location_id, -sum(m.on_hand_change) AS here
                FROM waiting w JOIN stock_movements m ON m.order_id = w.order_id AND m.kind IN ('Sold', 'Returned')
                JOIN stock_items s ON s.id = m.stock_item_id AND s.variant_id = w.variant_id
                GROUP BY w.order_id, w.units, s.id),
            placed AS (
                SELECT t.variant_id, t.location_id, LEAST(t.here, t.units) AS most,
                    LEAST(t.here, GREATEST(0, t.units - COALESCE(sum(t.here) OVER (PARTITION BY t.order_id, t.variant_id ORDER BY t.id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0))) AS units,
                    LEAST(t.here, GREATEST(0, t.units + t.here - sum(t.here) OVER (PARTITION BY t.order_id, t.variant_id))) AS least
                FROM taken t)
            SELECT variant_id, location_id, sum(units)::int AS units, sum(least)::int AS least, sum(most)::int AS most
            FROM placed WHERE most > 0 GROUP BY variant_id, location_id
            """, ids).ToDictionaryAsync(t => (t.VariantId, t.LocationId), t => new Unsent(t.Units, t.Least, t.Most), cancellation);
    }

    /// <summary>The levels as they lie there.</summary>
    public static async Task<List<StockLevel>> WithUnsentAsync(this IReadOnlyCollection<StockLevel> levels, ShopDb db, CancellationToken cancellation)
    {
        var unsent = await db.UnsentAsync(levels.Select(level => level.VariantId), cancellation);
        return [.. levels.Select(level => unsent.GetValueOrDefault((level.VariantId, level.LocationId)).Units is var there and not 0
            ? level with { OnHand = level.OnHand + there, Unsent = there } : level)];
    }
}

/// <summary>How many units wait in a place. An order that took a variant from several places and was sent in part does not say which of them still has the rest.</summary>
/// <param name="Units">Of such an order the first place is taken to be sent first, so the sum over its places is right.</param>
/// <param name="Least">So many wait there wherever the rest was sent from.</param>
/// <param name="Most">More cannot.</param>
internal readonly record struct Unsent(int Units, int Least, int Most);
