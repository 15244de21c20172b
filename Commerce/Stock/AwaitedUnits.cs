using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>
/// Units that were sold and do not lie there yet: backorders, and what a count has found missing. Nothing remembers them; they are what the stock items fall short
/// by, and what comes in is first for those who paid first. After them come the orders that a bank has promised the money of, in the order in which they were placed: their
/// units are reserved and have not left <see cref="StockItem.OnHand"/>, what is left of which after the paid ones is theirs. So such an order says what it would say once its
/// money is taken, if that of the ones before it is taken first. Who may yet pay or not keeps nothing from either: those units are reserved, too, and not sold.
/// </summary>
internal static class AwaitedUnits
{
    private sealed record Queue(Guid VariantId, int OnHand, int Waiting, int Mine, int Later)
    {
        /// <summary>Sold or not, in all locations.</summary>
        public int Lying => OnHand + Waiting;

        /// <summary>Of the order's units, those that lack when everybody before it is served.</summary>
        public int Lacking => Math.Clamp(-OnHand - Later, 0, Mine);
    }

    private sealed record Promise(Guid VariantId, int OnHand, int Mine, int Earlier)
    {
        /// <summary>Of the order's units, those that lack when everybody before it is served.</summary>
        public int Lacking => Math.Clamp(Earlier + Mine - OnHand, 0, Mine);
    }

    /// <summary>
    /// Of a paid or authorised order's unsent units, those that do not lie there when everybody before it is served, by the line's position. Lines without any are left out; an order
    /// that nobody has paid yet, or that came to nothing, has none.
    /// </summary>
    public static async Task<IReadOnlyDictionary<int, int>> FindAwaitedAsync(this ShopDb db, Order order, CancellationToken cancellation)
    {
        var lacking = await db.FindLackingAsync(order, cancellation);
        var awaited = new Dictionary<int, int>();
        if (lacking.Count == 0) return awaited;
        // Lines that share stock: the first is served first.
        foreach (var line in order.Lines.OrderByDescending(l => l.Position))
        {
            var units = Math.Min(line.UnsentQuantity, line.Parts.Max(p => (lacking.GetValueOrDefault(p.VariantId) + p.Quantity - 1) / p.Quantity));
            if (units == 0) continue;
            awaited[line.Position] = units;
            foreach (var part in line.Parts) lacking[part.VariantId] = Math.Max(0, lacking.GetValueOrDefault(part.VariantId) - (units * part.Quantity));
        }
        return awaited;
    }

    /// <summary>The same by variant, bundles counted in what they are made of.</summary>
    public static async Task<Dictionary<Guid, int>> FindLackingAsync(this ShopDb db, Order order, CancellationToken cancellation)
    {
        OrderLine[] unsent = [.. order.Lines.Where(l => l.UnsentQuantity > 0)];
        return order.Status == OrderStatus.Authorised
            ? (await db.PromisesAsync(order, unsent, cancellation)).ToDictionary(p => p.VariantId, p => p.Lacking)
            : (await db.QueuesAsync(order, unsent, cancellation)).ToDictionary(q => q.VariantId, q => q.Lacking);
    }

    /// <summary>
    /// Which of these units of a paid order cannot be sent because they do not lie in any location; empty when all do. Locks their stock, so that nobody else sends the same.
    /// Who paid first does not matter: staff say what is sent.
    /// </summary>
    public static async Task<IReadOnlyList<LyingUnits>> FindMissingAsync(this ShopDb db, Order order, IReadOnlyList<LineUnits> units, CancellationToken cancellation)
    {
        var wanted = units.Select(u => (Line: order.Lines.Single(l => l.Position == u.Position), u.Quantity)).OrderBy(w => w.Line.Position).ToList();
        await StockShelf.LockAsync(db, wanted.SelectMany(w => w.Line.Parts).Select(p => p.VariantId), cancellation);
        var lying = (await db.QueuesAsync(order, [.. wanted.Select(w => w.Line)], cancellation)).ToDictionary(q => q.VariantId, q => Math.Max(0, q.Lying));
        var missing = new List<LyingUnits>();
        foreach (var (line, quantity) in wanted)
        {
            var there = Math.Min(quantity, line.Parts.Min(p => lying.TryGetValue(p.VariantId, out var left) ? left / p.Quantity : int.MaxValue));
            if (there < quantity) missing.Add(new LyingUnits(line.Position, line.Sku, line.Title, line.VariantTitle, quantity, there));
            foreach (var part in line.Parts.Where(p => lying.ContainsKey(p.VariantId))) lying[part.VariantId] -= there * part.Quantity;
        }
        return missing;
    }

    /// <summary>Only of variants that fall short: of all others, what was sold lies there.</summary>
    private static async Task<List<Queue>> QueuesAsync(this ShopDb db, Order order, IReadOnlyCollection<OrderLine> lines, CancellationToken cancellation)
    {
        if (order.Status != OrderStatus.Paid || lines.Count == 0) return [];
        var ids = VariantsOf(lines);
        var owed = await db.StockItems.Where(s => ids.Contains(s.VariantId)).GroupBy(s => s.VariantId).Where(g => g.Sum(s => s.OnHand) < 0).Select(g => g.Key).ToArrayAsync(cancellation);
        if (owed.Length == 0) return [];
        return await db.Database.SqlQueryRaw<Queue>($$"""
            WITH waiting AS ({{UnsentUnits.Waiting}}),
            mine AS (SELECT * FROM waiting WHERE order_id = {1})
            SELECT s.variant_id, s.on_hand, COALESCE(sum(w.units), 0)::int AS waiting, COALESCE(min(m.units), 0)::int AS mine,
                COALESCE(sum(w.units) FILTER (WHERE (w.paid_at, w.order_id) > (m.paid_at, m.order_id)), 0)::int AS later
            FROM (SELECT variant_id, sum(on_hand)::int AS on_hand FROM stock_items WHERE variant_id = ANY({0}) GROUP BY variant_id) AS s
            LEFT JOIN waiting w ON w.variant_id = s.variant_id LEFT JOIN mine m ON m.variant_id = s.variant_id
            GROUP BY s.variant_id, s.on_hand
            """, owed, order.Id).ToListAsync(cancellation);
    }

    /// <summary>Only of variants of which more is sold and reserved than lies there.</summary>
    private static async Task<List<Promise>> PromisesAsync(this ShopDb db, Order order, IReadOnlyCollection<OrderLine> lines, CancellationToken cancellation)
    {
        var ids = VariantsOf(lines);
        var scarce = await db.StockItems.Where(s => ids.Contains(s.VariantId)).GroupBy(s => s.VariantId).Where(g => g.Sum(s => s.OnHand - s.Reserved) < 0).Select(g => g.Key).ToArrayAsync(cancellation);
        if (scarce.Length == 0) return [];
        return await db.Database.SqlQuery<Promise>($"""
            WITH promised AS (
                SELECT r.order_id, s.variant_id, sum(r.quantity) AS units
                FROM orders o JOIN reservations r ON r.order_id = o.id AND r.state = 'Held' JOIN stock_items s ON s.id = r.stock_item_id
                WHERE o.status = 'Authorised' AND s.variant_id = ANY({scarce})
                GROUP BY r.order_id, s.variant_id)
            SELECT m.variant_id, (SELECT sum(s.on_hand)::int FROM stock_items s WHERE s.variant_id = m.variant_id) AS on_hand, m.units::int AS mine,
                COALESCE((SELECT sum(p.units) FROM promised p WHERE p.variant_id = m.variant_id AND p.order_id < m.order_id), 0)::int AS earlier
            FROM promised m WHERE m.order_id = {order.Id}
            """).ToListAsync(cancellation);
    }

    private static Guid[] VariantsOf(IReadOnlyCollection<OrderLine> lines) => [.. lines.SelectMany(l => l.Parts).Select(p => p.VariantId).Distinct()];
}

/// <summary>Units of a line that were to be sent, and how many of them lie there.</summary>
public sealed record LyingUnits(int Position, string? Sku, string Title, string VariantTitle, int Quantity, int Available);
