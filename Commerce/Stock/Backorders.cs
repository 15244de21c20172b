using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>Units that are sold before they are there.</summary>
internal static class Backorders
{
    /// <summary>
    /// SQL of how many units of a variant lie free in all locations; its id follows. What one location owes is owed from what lies in another: those who paid first are
    /// served first, wherever that is sent from (<see cref="AwaitedUnits"/>).
    /// </summary>
    public const string LyingOf = "SELECT GREATEST(COALESCE(sum(s.on_hand - s.reserved), 0), 0) FROM stock_items s WHERE s.variant_id =";

    /// <summary>Parameters: ids of variants, and of how many units of each it is asked.</summary>
    private const string Short = $$"""
        SELECT w.id AS "Value" FROM unnest({0}, {1}) AS w(id, units) WHERE w.units > COALESCE(
            (SELECT min(({{LyingOf}} c.component_id) / c.quantity) FROM bundle_components c WHERE c.bundle_id = w.id), ({{LyingOf}} w.id))
        """;

    /// <summary>
    /// Which of these variants do not lie in that number in all locations together; of a bundle, its scarcest component.
    /// </summary>
    public static async Task<IReadOnlySet<Guid>> FindShortAsync(this ShopDb db, IReadOnlyCollection<(Guid VariantId, int Units)> wanted, CancellationToken cancellation)
    {
        if (wanted.Count == 0) return new HashSet<Guid>();
        var (ids, units) = (wanted.Select(w => w.VariantId).ToArray(), wanted.Select(w => w.Units).ToArray());
        return (await db.Database.SqlQueryRaw<Guid>(Short, ids, units).ToListAsync(cancellation)).ToHashSet();
    }
}
