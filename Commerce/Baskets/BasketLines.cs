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

    /// <summary>Parameters: <c>$1</c> ids of baskets, <c>$2</c> now. The first column is the basket's id, the last two are <see cref="Stock.Availability"/>'s.</summary>
    public const string SelectWithStock = $"{Columns}, stock.available, stock.orderable {Tables} JOIN variant_availability stock ON stock.variant_id = v.id {Conditions}";

    /// <summary>The same without the stock, for who locks it afterwards.</summary>
    public const string Select = $"{Columns} {Tables} {Conditions}";

    /// <summary>Columns before those of the stock.</summary>
    public const int Width = 18;

    private const string Columns = """
        SELECT l.basket_id, l.quantity, v.id, v.sku, v.options, v.tax_class, v.weight_grams, v.min_quantity, v.max_quantity, v.quantity_step,
            p.slug, p.title, price.amount_minor, COALESCE(own.hash, first.hash), COALESCE(own.alt, first.alt), COALESCE(own.width, first.width), COALESCE(own.height, first.height),
            COALESCE(p.published_at <= $2 AND v.withdrawn_at IS NULL, false)
        """;

    private const string Tables = """
        FROM basket_lines l
        JOIN baskets b ON b.id = l.basket_id
        JOIN variants v ON v.id = l.variant_id
        JOIN products p ON p.id = v.product_id
        LEFT JOIN prices price ON price.variant_id = v.id AND price.currency = b.currency
        LEFT JOIN product_images own ON own.id = v.image_id
        LEFT JOIN LATERAL (SELECT i.hash, i.alt, i.width, i.height FROM product_images i
            WHERE i.product_id = p.id AND v.image_id IS NULL ORDER BY i.position LIMIT 1) first ON true
        """;

    private const string Conditions = "WHERE l.basket_id = ANY($1) ORDER BY l.basket_id, l.added_at, l.variant_id";

    public static LineReading Of(NpgsqlDataReader row) => new(
        row.GetGuid(2), row.Text(3), row.GetString(10), row.GetString(11), CatalogReads.VariantTitle(row.GetFieldValue<string[]>(4)), row.GetInt32(1), row.Value<long>(12),
        row.GetString(5), row.GetInt32(6), QuantityRule.Of(row.GetInt32(7), row.Value<int>(8), row.GetInt32(9)),
        row.IsDBNull(13) ? null : new ImageView(row.GetString(13), row.GetString(14), row.GetInt32(15), row.GetInt32(16)), row.GetBoolean(17));
}

/// <summary>What may stand between a line and its order.</summary>
public static class LineObstacles
{
    public const string NotOnSale = "not-on-sale";
    public const string NoPrice = "no-price-in-currency";
    public const string OutOfStock = "out-of-stock";
    public const string QuantityNotAllowed = "quantity-not-allowed";
}
