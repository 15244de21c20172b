using Commerce.Catalog;
using Npgsql;

namespace Commerce.Baskets;

/// <summary>A basket with the prices and the stock of this moment. Subtotal is of the lines that are on sale and have a price in the basket's currency; prices hold VAT exactly if pricesIncludeTax.</summary>
public sealed record BasketView(string Id, IReadOnlyList<BasketLineView> Lines, int ItemCount, Money Subtotal, string Currency, bool PricesIncludeTax);

/// <summary>
/// A line; available says whether the quantity can be had now, beside what the lines before it take of the same stock; obstacle why not:
/// not-on-sale, no-price-in-currency, out-of-stock or quantity-not-allowed. maxQuantity is how many one may ask for, minQuantity and quantityStep in
/// which steps. A backorder is a line that is sold although not all of it lies there, beside what the lines before it take. Without a price in the basket's currency there is none.
/// </summary>
public sealed record BasketLineView(
    Guid VariantId, string? Sku, string ProductSlug, string Title, string VariantTitle, ImageView? Image, int Quantity,
    Money? UnitPrice, Money? LineTotal, bool Available, string? Obstacle, int MaxQuantity, int MinQuantity, int QuantityStep, bool Backorder);

/// <summary>Reading baskets.</summary>
public static class BasketReads
{
    /// <summary>One round trip. A basket that became an order is gone for its shopper too, and somebody else's is none at all.</summary>
    public static Task<Outcome<BasketView>> FindBasketAsync(this ShopDb db, string id, DateTimeOffset now, CancellationToken cancellation, Shopper shopper = default) =>
        db.ConnectedAsync(async () =>
        {
            await using var batch = db.Batch();
            batch.Add(Sql.ByKey);
            batch.AddBasketView(id, now);
            await batch.PrepareAsync(cancellation);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            return await reader.ReadBasketViewAsync(id, shopper, cancellation);
        }, cancellation);

    internal static void AddBasketView(this NpgsqlBatch batch, string id, DateTimeOffset now)
    {
        batch.Add("SELECT currency, customer_id, (SELECT prices_include_tax FROM shop_policy) FROM baskets WHERE id = $1 AND order_id IS NULL").With(id);
        batch.Add(LineReading.SelectWithStock).With(id).With(now);
        BasketStock.AddParts(batch, id);
    }

    /// <summary>Reads the three results that <see cref="AddBasketView"/> asks for.</summary>
    internal static async Task<Outcome<BasketView>> ReadBasketViewAsync(this NpgsqlDataReader reader, string id, Shopper shopper, CancellationToken cancellation) =>
        await reader.ReadBasketStockAsync(shopper, cancellation) is var read && read.Refusal is { } refusal ? refusal : read.Value.View(id);

    internal static async Task<Outcome<BasketStock>> ReadBasketStockAsync(this NpgsqlDataReader reader, Shopper shopper, CancellationToken cancellation)
    {
        var open = await reader.ToListAsync(r => (IsTheirs: shopper.MayUse(r.Value<Guid>(1)), Currency: r.GetString(0), PricesIncludeTax: r.GetBoolean(2)), cancellation);
        if (open is not [{ IsTheirs: true } basket]) return BasketRefusals.Unknown();
        await reader.NextResultAsync(cancellation);
        return await BasketStock.ReadAsync(reader, basket.Currency, basket.PricesIncludeTax, cancellation);
    }
}
