using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>
/// Counts what one could choose next. A facet counts the products that match everything chosen in the other facets, so that a second value
/// of the same facet can be added. One statement: each product is read once with the groups it fails; failing only one, it still counts there.
/// Each kind is counted by itself, for grouping all of them together would sort ten rows a product.
/// </summary>
public static class ProductFacets
{
    /// <summary>Values told per facet, the most frequent ones.</summary>
    public const int MaxValues = 100;

    private static readonly string[] Order = ["type", "option", "attribute", "vendor", "tag"];

    public static async Task<Outcome<FacetList>> CountFacetsAsync(this ShopDb db, ProductFilter filter, DateTimeOffset now, CancellationToken cancellation)
    {
        var followed = await db.FollowAsync(filter, cancellation);
        if (followed.Refusal is { } refusal) return refusal;
        var rows = await CountAsync(db, FilterSql.Of(followed.Value, now), filter.Currency, cancellation);
        var sums = rows.ToLookup(r => r.Kind);
        var facets = rows.Where(r => Order.Contains(r.Kind)).GroupBy(r => (r.Kind, r.Name, r.Label)).OrderBy(g => Array.IndexOf(Order, g.Key.Kind)).ThenBy(g => g.Key.Label)
            .Select(g => new Facet(g.Key.Kind, g.Key.Name, g.Key.Label, [.. g.Select(r => new FacetValue(r.Value, (int)r.Count))]));
        return new FacetList((int)sums["total"].Sum(r => r.Count), (int)sums["availability"].Sum(r => r.Count),
            Price("price-from"), Price("price-to"), [.. facets]);

        Money? Price(string kind) => sums[kind].FirstOrDefault() is { } row ? new Money(long.Parse(row.Value, CultureInfo.InvariantCulture), filter.Currency) : null;
    }

    private static Task<List<Row>> CountAsync(ShopDb db, FilterSql sql, string currency, CancellationToken cancellation)
    {
        var failed = sql.Groups.Count == 0
            ? "ARRAY[]::int[]"
            : $"array_remove(ARRAY[{string.Join(", ", sql.Groups.Select((g, i) => $"CASE WHEN {g.Condition} THEN NULL ELSE {i + 1} END"))}], NULL)";
        var kinds = sql.Parameter(sql.Groups.Select(g => g.Kind).ToArray());
        var names = sql.Parameter(sql.Groups.Select(g => g.Name).ToArray());
        // Where nothing was chosen every product counts everywhere; told so, PostgreSQL expects them all, and joins by hashing instead of one by one.
        string Counts(string only) => sql.Groups.Count == 0 ? "true" : $"(only_kind IS NULL OR {only})";
        var text = $$"""
            WITH matching AS MATERIALIZED (
                SELECT p.id, p.product_type, p.vendor, p.tags, p.option_names, l.from_minor, {{FilterSql.IsAvailable}} AS available, {{failed}} AS failed
                FROM products p JOIN list_prices l ON l.product_id = p.id AND l.currency = {{sql.Parameter(currency)}}
                WHERE {{sql.Always}}),
            near AS NOT MATERIALIZED (SELECT *, {{kinds}}[failed[1]] AS only_kind, {{names}}[failed[1]] AS only_name FROM matching WHERE {{(sql.Groups.Count == 0 ? "true" : "cardinality(failed) <= 1")}}),
            counted AS (
                SELECT 'type' AS kind, '' AS name, 'Type' AS label, product_type AS value, count(*) AS count FROM near WHERE {{Counts("only_kind = 'type'")}} GROUP BY product_type
                UNION ALL SELECT 'vendor', '', 'Vendor', vendor, count(*) FROM near WHERE {{Counts("only_kind = 'vendor'")}} GROUP BY vendor
                UNION ALL SELECT 'tag', '', 'Tag', t, count(*) FROM near, unnest(tags) t WHERE {{Counts("only_kind = 'tag'")}} GROUP BY t
                UNION ALL SELECT 'option', name, name, value, count(*) FROM (
                    SELECT DISTINCT n.id, names.name, v.options[names.i] AS value
                    FROM near n JOIN variants v ON v.product_id = n.id AND v.withdrawn_at IS NULL, unnest(n.option_names) WITH ORDINALITY AS names(name, i)
                    WHERE {{Counts("only_kind = 'option' AND only_name = names.name")}}) o GROUP BY name, value
                UNION ALL SELECT 'attribute', a.key, d.label, a.value, a.count FROM (
                    SELECT a.key, a.value, count(*) AS count FROM near n JOIN product_attributes a ON a.product_id = n.id
                    WHERE {{Counts("only_kind = 'attribute' AND only_name = a.key")}} GROUP BY a.key, a.value) a JOIN attributes d ON d.key = a.key AND d.filterable),
            placed AS (SELECT *, row_number() OVER (PARTITION BY kind, name ORDER BY count DESC, value) AS place FROM counted WHERE value <> ''),
            sums AS (
                SELECT count(*) FILTER (WHERE only_kind IS NULL) AS total,
                    count(*) FILTER (WHERE available AND {{Counts("only_kind = 'availability'")}}) AS available,
                    min(from_minor) FILTER (WHERE {{Counts("only_kind = 'price'")}}) AS price_from,
                    max(from_minor) FILTER (WHERE {{Counts("only_kind = 'price'")}}) AS price_to
                FROM near)
            SELECT kind, name, label, value, count, place FROM placed WHERE place <= {{MaxValues}}
            UNION ALL SELECT 'total', '', '', '', total, 0 FROM sums
            UNION ALL SELECT 'availability', '', '', '', available, 0 FROM sums
            UNION ALL SELECT 'price-from', '', '', price_from::text, 0, 0 FROM sums WHERE price_from IS NOT NULL
            UNION ALL SELECT 'price-to', '', '', price_to::text, 0, 0 FROM sums WHERE price_to IS NOT NULL
            ORDER BY kind, name, place
            """;
        return db.Database.SqlQueryRaw<Row>(text, sql.Parameters).ToListAsync(cancellation);
    }

    private sealed class Row
    {
        public required string Kind { get; init; }
        public required string Name { get; init; }
        public required string Label { get; init; }
        public required string Value { get; init; }
        public long Count { get; init; }
        public long Place { get; init; }
    }
}
