using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>
/// Who is in a collection by rule. Membership is written down when products or rules change, so that reading a collection costs the same
/// whether it is made by hand or by rule; one statement evaluates all rules of all collections for all products asked about. What is archived meets none.
/// </summary>
public static class CollectionMembership
{
    /// <summary>Name of the advisory lock; any number, as long as nothing else uses it.</summary>
    private const long LockId = 0x4F_44_43_4D;

    /// <summary>
    /// Comes first in every transaction that changes products or rules: products are changed beside each other, rules beside none of it. Two transactions
    /// that do not see each other would else both miss the product that meets a rule only by what the two of them write.
    /// </summary>
    internal static Task LockMembershipAsync(this ShopDb db, bool changesRules, CancellationToken cancellation) => changesRules
        ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockId})", cancellation)
        : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared({LockId})", cancellation);

    /// <summary>Evaluates every rule again for these products; call it in the transaction that changed them, after the change was sent.</summary>
    public static Task RefreshMembershipAsync(this ShopDb db, IReadOnlyCollection<Guid> productIds, CancellationToken cancellation)
    {
        Guid[] ids = [.. productIds];
        return ids.Length == 0 ? Task.CompletedTask : db.RefreshAsync(ids, null, cancellation);
    }

    /// <summary>Evaluates the rules of one collection again for every product.</summary>
    public static Task RefreshMembershipAsync(this ShopDb db, Collection collection, CancellationToken cancellation) =>
        db.RefreshAsync(null, collection.Id, cancellation);

    private static Task RefreshAsync(this ShopDb db, Guid[]? products, Guid? collection, CancellationToken cancellation) => db.Database.ExecuteSqlAsync($"""
        WITH asked AS (
            SELECT r.collection_id, p.id AS product_id, c.match_all, CASE r.field
                WHEN 'Tag' THEN EXISTS (SELECT FROM unnest(p.tags) t WHERE lower(t) = lower(r.value)) = (r.relation = 'Equals')
                WHEN 'Price' THEN CASE r.relation
                    WHEN 'Equals' THEN l.from_minor = r.value::bigint WHEN 'NotEquals' THEN l.from_minor <> r.value::bigint
                    WHEN 'Less' THEN l.from_minor < r.value::bigint ELSE l.from_minor > r.value::bigint END
                ELSE CASE r.relation
                    WHEN 'Equals' THEN f.text = lower(r.value) WHEN 'NotEquals' THEN f.text <> lower(r.value)
                    WHEN 'StartsWith' THEN starts_with(f.text, lower(r.value)) ELSE position(lower(r.value) IN f.text) > 0 END
                END AS met
            FROM collection_rules r
            JOIN collections c ON c.id = r.collection_id AND ({collection}::uuid IS NULL OR c.id = {collection})
            JOIN products p ON p.archived_at IS NULL AND ({products}::uuid[] IS NULL OR p.id = ANY({products}))
            LEFT JOIN list_prices l ON l.product_id = p.id AND l.currency = {Money.ShopCurrency}
            CROSS JOIN LATERAL (SELECT lower(CASE r.field WHEN 'Type' THEN p.product_type WHEN 'Vendor' THEN p.vendor ELSE p.title END) AS text) f),
        members AS (
            SELECT collection_id, product_id FROM asked GROUP BY collection_id, product_id, match_all
            HAVING CASE WHEN match_all THEN bool_and(coalesce(met, false)) ELSE bool_or(coalesce(met, false)) END),
        gone AS (
            DELETE FROM collection_products cp
            WHERE ({products}::uuid[] IS NULL OR cp.product_id = ANY({products})) AND ({collection}::uuid IS NULL OR cp.collection_id = {collection})
                AND EXISTS (SELECT FROM collection_rules r WHERE r.collection_id = cp.collection_id)
                AND NOT EXISTS (SELECT FROM members m WHERE m.collection_id = cp.collection_id AND m.product_id = cp.product_id))
        INSERT INTO collection_products (collection_id, product_id) SELECT collection_id, product_id FROM members ON CONFLICT DO NOTHING
        """, cancellation);
}
