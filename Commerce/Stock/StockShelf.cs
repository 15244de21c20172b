using Npgsql;

namespace Commerce.Stock;

/// <summary>Units to take from one stock item.</summary>
public sealed record Allocation(Guid StockItemId, int Quantity);

/// <summary>
/// The stock of some variants, locked for the running transaction: every stock item of each, in all locations, and of the components where
/// a variant is a bundle. Every writer of stock locks through here, and rows are always locked in order of id: that is what keeps
/// concurrent orders from deadlocking.
/// </summary>
public sealed class StockShelf
{
    private readonly Dictionary<Guid, List<Slot>> _slots;
    private readonly ILookup<Guid, Part> _parts;

    private StockShelf(IEnumerable<Slot> slots, IEnumerable<Part> parts)
    {
        _slots = slots.GroupBy(s => s.VariantId).ToDictionary(g => g.Key, g => g.OrderBy(s => s.Priority).ThenBy(s => s.StockItemId).ToList());
        _parts = parts.ToLookup(p => p.BundleId);
    }

    /// <summary>What <see cref="LockAsync"/> and the ledger lock, in the order in which everybody locks it; <c>$1</c>: ids of variants.</summary>
    internal const string LockedRows = $"SELECT s.id FROM stock_items s WHERE {OfVariants} ORDER BY s.id FOR UPDATE";

    private const string OfVariants = "s.variant_id IN (SELECT unnest($1) UNION SELECT component_id FROM bundle_components WHERE bundle_id = ANY($1))";

    /// <summary>Locks the stock of the variants; must run inside a transaction.</summary>
    public static async Task<StockShelf> LockAsync(ShopDb db, IEnumerable<Guid> variantIds, CancellationToken cancellation)
    {
        Guid[] ids = [.. variantIds.Distinct()];
        await using var batch = db.Batch();
        batch.Add("SELECT bundle_id, component_id, quantity FROM bundle_components WHERE bundle_id = ANY($1)").With(ids);
        batch.Add($"{Rows} WHERE {OfVariants} ORDER BY s.id FOR UPDATE OF s").With(ids);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await OfAsync(reader, cancellation);
    }

    /// <summary>Adds to a batch a look at the stock of what is in these baskets, without a lock: what is taken from it has to be taken again from the rows themselves.</summary>
    internal static void LookInto(NpgsqlBatch batch, string[] basketIds)
    {
        batch.Add($"WITH {InBaskets} SELECT bundle_id, component_id, quantity FROM bundle_components WHERE bundle_id IN (SELECT id FROM wanted)").With(basketIds);
        batch.Add($"WITH {InBaskets} {Rows} WHERE s.variant_id IN (SELECT id FROM wanted UNION SELECT component_id FROM bundle_components WHERE bundle_id IN (SELECT id FROM wanted))").With(basketIds);
    }

    private const string InBaskets = "wanted AS MATERIALIZED (SELECT DISTINCT variant_id AS id FROM basket_lines WHERE basket_id = ANY($1))";

    private const string Rows = "SELECT s.id, s.variant_id, l.priority, s.on_hand, s.reserved, s.allows_backorder FROM stock_items s JOIN locations l ON l.id = s.location_id";

    /// <summary>The shelf out of the two results of a look; the reader stands at the first and is left at the second.</summary>
    internal static async Task<StockShelf> OfAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var parts = await reader.ToListAsync(r => new Part(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2)), cancellation);
        await reader.NextResultAsync(cancellation);
        var slots = await reader.ToListAsync(r => new Slot
        {
            StockItemId = r.GetGuid(0),
            VariantId = r.GetGuid(1),
            Priority = r.GetInt32(2),
            AtFirst = r.GetInt32(3) - r.GetInt32(4),
            AllowsBackorder = r.GetBoolean(5),
        }, cancellation);
        return new StockShelf(slots, parts);
    }

    /// <summary>
    /// Units of the variant that nobody has been promised: of a bundle, what its scarcest component allows. Where backorders are allowed,
    /// <see cref="int.MaxValue"/>.
    /// </summary>
    public int Available(Guid variantId) => _parts.Contains(variantId)
        ? _parts[variantId].Min(p => Orderable(p.ComponentId) is var units and < int.MaxValue ? units / p.Quantity : int.MaxValue)
        : Orderable(variantId);

    /// <summary>What one unit of a bundle takes; null for a variant that is none.</summary>
    public IReadOnlyList<BundlePart>? PartsOf(Guid variantId) => _parts.Contains(variantId) ? [.. _parts[variantId].Select(p => new BundlePart(p.ComponentId, p.Quantity))] : null;

    /// <summary>
    /// Takes everything asked for, or nothing: null when any variant falls short. Lines that share stock, as the same variant or through a
    /// bundle, are added up.
    /// </summary>
    public IReadOnlyList<Allocation>? TryTake(IEnumerable<(Guid VariantId, int Quantity)> lines)
    {
        var wanted = Wanted(lines).ToList();
        if (wanted.Exists(w => Orderable(w.VariantId) < w.Quantity)) return null;
        return [.. wanted.SelectMany(w => Take(w.VariantId, w.Quantity))];
    }

    /// <summary>Whether there was enough of everything before any of it was taken.</summary>
    public bool HadEnough(IEnumerable<(Guid VariantId, int Quantity)> lines) => Wanted(lines).All(w => OrderableAtFirst(w.VariantId) >= w.Quantity);

    /// <summary>Whether a few more takers like this one would want more than there was of something.</summary>
    /// <param name="takers">How many, this one included.</param>
    public bool IsScarceFor(int takers) => _slots.Any(variant => variant.Value.Sum(s => (long)s.Taken) * takers > OrderableAtFirst(variant.Key));

    private IEnumerable<(Guid VariantId, long Quantity)> Wanted(IEnumerable<(Guid VariantId, int Quantity)> lines) =>
        lines.SelectMany(Expand).GroupBy(l => l.VariantId).Select(g => (g.Key, g.Sum(l => l.Quantity)));

    private IEnumerable<(Guid VariantId, long Quantity)> Expand((Guid VariantId, int Quantity) line) => _parts.Contains(line.VariantId)
        ? _parts[line.VariantId].Select(p => (p.ComponentId, (long)p.Quantity * line.Quantity))
        : [(line.VariantId, line.Quantity)];

    /// <summary>From what lies there, nearest location first; what is missing is owed by the first location that may owe.</summary>
    private List<Allocation> Take(Guid variantId, long quantity)
    {
        var taken = new List<(Slot Slot, int Units)>();
        foreach (var slot in _slots[variantId].Where(s => s.Available > 0 && quantity > 0))
        {
            var units = (int)Math.Min(slot.Available, quantity);
            quantity -= units;
            taken.Add((slot, units));
        }
        if (quantity > 0) taken.Add((_slots[variantId].First(s => s.AllowsBackorder), (int)quantity));
        foreach (var (slot, units) in taken) slot.Taken += units;
        return [.. taken.GroupBy(t => t.Slot.StockItemId).Select(g => new Allocation(g.Key, g.Sum(t => t.Units)))];
    }

    private int Orderable(Guid variantId) => Orderable(variantId, s => s.Available);

    private int OrderableAtFirst(Guid variantId) => Orderable(variantId, s => s.AtFirst);

    private int Orderable(Guid variantId, Func<Slot, int> units)
    {
        if (!_slots.TryGetValue(variantId, out var slots)) return 0;
        return slots.Exists(s => s.AllowsBackorder) ? int.MaxValue : slots.Sum(units);
    }

    private sealed class Slot
    {
        public required Guid StockItemId { get; init; }
        public required Guid VariantId { get; init; }
        public required int Priority { get; init; }
        public required bool AllowsBackorder { get; init; }
        public required int AtFirst { get; init; }
        public int Taken { get; set; }
        public int Available => AtFirst - Taken;
    }

    private sealed record Part(Guid BundleId, Guid ComponentId, int Quantity);
}
