using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>Units to take from one stock item.</summary>
public sealed record Allocation(Guid StockItemId, int Quantity);

/// <summary>
/// The stock of some variants, locked for the running transaction. Every writer of stock locks through here, and rows are always locked
/// in order of id: that is what keeps concurrent orders from deadlocking.
/// </summary>
public sealed class StockShelf
{
    private readonly Dictionary<Guid, List<Slot>> _slots;

    private StockShelf(IEnumerable<Slot> slots) =>
        _slots = slots.GroupBy(s => s.VariantId).ToDictionary(g => g.Key, g => g.OrderBy(s => s.Priority).ToList());

    /// <summary>Locks all stock items of the variants; must run inside a transaction.</summary>
    public static async Task<StockShelf> LockAsync(ShopDb db, IEnumerable<Guid> variantIds, CancellationToken cancellation)
    {
        var ids = variantIds.Distinct().ToArray();
        var rows = await db.Database.SqlQuery<Slot>($"""
            SELECT s.id AS stock_item_id, s.variant_id, l.priority, s.on_hand - s.reserved AS available
            FROM stock_items s JOIN locations l ON l.id = s.location_id
            WHERE s.variant_id = ANY({ids})
            ORDER BY s.id
            FOR UPDATE OF s
            """).ToListAsync(cancellation);
        return new StockShelf(rows);
    }

    /// <summary>Units of the variant that nobody has been promised.</summary>
    public int Available(Guid variantId) => _slots.TryGetValue(variantId, out var slots) ? slots.Sum(s => s.Available) : 0;

    /// <summary>Takes everything asked for, or nothing: null when any variant falls short. Lines of the same variant are added up.</summary>
    public IReadOnlyList<Allocation>? TryTake(IEnumerable<(Guid VariantId, int Quantity)> lines)
    {
        var wanted = lines.GroupBy(l => l.VariantId).Select(g => (VariantId: g.Key, Quantity: g.Sum(l => l.Quantity))).ToList();
        if (wanted.Exists(w => Available(w.VariantId) < w.Quantity)) return null;
        var taken = new List<Allocation>();
        foreach (var (variantId, quantity) in wanted)
        {
            var missing = quantity;
            foreach (var slot in _slots[variantId].Where(s => s.Available > 0))
            {
                var units = Math.Min(slot.Available, missing);
                slot.Available -= units;
                missing -= units;
                taken.Add(new Allocation(slot.StockItemId, units));
                if (missing == 0) break;
            }
        }
        return taken;
    }

    private sealed class Slot
    {
        public Guid StockItemId { get; init; }
        public Guid VariantId { get; init; }
        public int Priority { get; init; }
        public int Available { get; set; }
    }
}
