using Commerce.Catalog;
using Npgsql;

namespace Commerce.Baskets;

/// <summary>
/// A basket's line with what the catalogue says of its variant now, in the basket's currency. A line whose variant is not on sale, or has no
/// price in that currency, is there too: it is shown with what stands in its way, and cannot be ordered.
/// </summary>
internal sealed record LineReading(
    Guid VariantId, string? Sku, string ProductSlug, string Title, string VariantTitle, int Quantity, long? PriceMinor, string TaxClass, int WeightGrams,
    QuantityRule Rule, ImageView? Image, bool IsOnSale)
{
    /// <summary>Why it can be had in no quantity; null when it can.</summary>
    public string? Obstacle => !IsOnSale ? LineObstacles.NotOnSale : PriceMinor is null ? LineObstacles.NoPrice : null;

    /// <summary>Of a line without an obstacle.</summary>
    public long UnitPriceMinor => PriceMinor ?? throw new InvalidOperationException($"Variant {VariantId} has no price in the currency of its basket.");

    /// <summary>
    /// The lines of a basket. Parameters: <c>$1</c> its id, <c>$2</c> now. After the line's columns (<see cref="Width"/>) its quantity, how many units lie free
    /// (<see cref="Stock.Backorders"/>) and how many can be ordered (<see cref="Stock.Availability"/>).
    /// </summary>
    public const string SelectWithStock = $"""
        SELECT {Columns}, l.quantity, ({Stock.Backorders.LyingOf} v.id), stock.orderable
        FROM (SELECT l.variant_id, l.quantity, l.added_at, b.currency FROM basket_lines l JOIN baskets b ON b.id = l.basket_id WHERE b.id = $1) l
        {Tables} JOIN variant_availability stock ON stock.variant_id = v.id ORDER BY l.added_at, l.variant_id
        """;

    /// <summary>
    /// The lines of many baskets, in one statement and with every variant read once per currency, however many baskets it is in. Parameters: <c>$1</c> ids of the
    /// baskets, <c>$2</c> now. After the line's columns three arrays of the same length, which <see cref="Many"/> reads.
    /// </summary>
    public const string SelectOfMany = $"""
        SELECT {Columns}, l.basket_ids, l.quantities, l.added
        FROM (SELECT l.variant_id, b.currency, array_agg(l.basket_id) AS basket_ids, array_agg(l.quantity) AS quantities, array_agg(l.added_at) AS added
            FROM basket_lines l JOIN baskets b ON b.id = l.basket_id WHERE l.basket_id = ANY($1) GROUP BY l.variant_id, b.currency) l
        {Tables}
        """;

    /// <summary>Columns before those of the basket and the stock.</summary>
    public const int Width = 16;

    private const string Columns = """
        v.id, v.sku, v.options, v.tax_class, v.weight_grams, v.min_quantity, v.max_quantity, v.quantity_step,
            p.slug, p.title, price.amount_minor, COALESCE(own.hash, first.hash), COALESCE(own.alt, first.alt), COALESCE(own.width, first.width), COALESCE(own.height, first.height),
            COALESCE(p.published_at <= $2 AND v.withdrawn_at IS NULL, false)
        """;

    private const string Tables = """
        JOIN variants v ON v.id = l.variant_id
        JOIN products p ON p.id = v.product_id
        LEFT JOIN prices price ON price.variant_id = v.id AND price.currency = l.currency
        LEFT JOIN product_images own ON own.id = v.image_id
        LEFT JOIN LATERAL (SELECT i.hash, i.alt, i.width, i.height FROM product_images i
            WHERE i.product_id = p.id AND v.image_id IS NULL ORDER BY i.position LIMIT 1) first ON true
        """;

    /// <summary>A row of <see cref="SelectWithStock"/>.</summary>
    public static LineReading Of(NpgsqlDataReader row) => Of(row, row.GetInt32(Width));

    /// <summary>A row of <see cref="SelectOfMany"/>: the lines of that variant, each with its basket and since when it is in there.</summary>
    public static IEnumerable<(string BasketId, DateTime AddedAt, LineReading Line)> Many(NpgsqlDataReader row)
    {
        var (baskets, quantities, added) = (row.GetFieldValue<string[]>(Width), row.GetFieldValue<int[]>(Width + 1), row.GetFieldValue<DateTime[]>(Width + 2));
        var first = Of(row, quantities[0]);
        return [.. baskets.Select((basket, i) => (basket, added[i], first.Quantity == quantities[i] ? first : first with { Quantity = quantities[i] }))];
    }

    private static LineReading Of(NpgsqlDataReader row, int quantity) => new(
        row.GetGuid(0), row.Text(1), row.GetString(8), row.GetString(9), CatalogReads.VariantTitle(row.GetFieldValue<string[]>(2)), quantity, row.Value<long>(10),
        row.GetString(3), row.GetInt32(4), QuantityRule.Of(row.GetInt32(5), row.Value<int>(6), row.GetInt32(7)),
        row.IsDBNull(11) ? null : new ImageView(row.GetString(11), row.GetString(12), row.GetInt32(13), row.GetInt32(14)), row.GetBoolean(15));
}

/// <summary>What may stand between a line and its order.</summary>
public static class LineObstacles
{
    public const string NotOnSale = "not-on-sale";
    public const string NoPrice = "no-price-in-currency";
    public const string OutOfStock = "out-of-stock";
    public const string QuantityNotAllowed = "quantity-not-allowed";
}
