using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Baskets;

/// <summary>A basket with the prices and the stock of this moment.</summary>
public sealed record BasketView(string Id, IReadOnlyList<BasketLineView> Lines, int ItemCount, Money Subtotal, string Currency);

/// <summary>
/// A line; available says whether the quantity can be had now, maxQuantity how many one may ask for, minQuantity and quantityStep in which
/// steps. A backorder is a line that is sold although there is not that much yet.
/// </summary>
public sealed record BasketLineView(
    Guid VariantId, string? Sku, string ProductSlug, string Title, string VariantTitle, ImageView? Image, int Quantity,
    Money UnitPrice, Money LineTotal, bool Available, int MaxQuantity, int MinQuantity, int QuantityStep, bool Backorder);

/// <summary>Reading baskets.</summary>
public static class BasketReads
{
    /// <summary>One round trip. A basket that became an order is gone for its shopper too, and somebody else's is none at all.</summary>
    public static Task<Outcome<BasketView>> FindBasketAsync(this ShopDb db, string id, DateTimeOffset now, CancellationToken cancellation, Shopper shopper = default) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await db.Database.OpenConnectionAsync(cancellation);
            try
            {
                await using var batch = db.Batch();
                batch.AddBasketView(id, now);
                await batch.PrepareAsync(cancellation);
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                return await reader.ReadBasketViewAsync(id, shopper, cancellation);
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        });

    internal static void AddBasketView(this NpgsqlBatch batch, string id, DateTimeOffset now)
    {
        batch.Add("SELECT currency, customer_id FROM baskets WHERE id = $1 AND order_id IS NULL").With(id);
        batch.Add(LineReading.SelectWithStock).With(new[] { id }).With(now);
    }

    /// <summary>Reads the two results that <see cref="AddBasketView"/> asks for.</summary>
    internal static async Task<Outcome<BasketView>> ReadBasketViewAsync(this NpgsqlDataReader reader, string id, Shopper shopper, CancellationToken cancellation)
    {
        var currency = (await reader.ToListAsync(r => shopper.MayUse(r.Value<Guid>(1)) ? r.GetString(0) : null, cancellation)).SingleOrDefault();
        if (currency is null) return BasketRefusals.Unknown();
        await reader.NextResultAsync(cancellation);
        var lines = await reader.ToListAsync(r => ViewOf(LineReading.Of(r), currency, r.GetInt32(LineReading.Width), r.GetInt32(LineReading.Width + 1)), cancellation);
        return new BasketView(id, lines, lines.Sum(l => l.Quantity), new Money(lines.Sum(l => l.LineTotal.AmountMinor), currency), currency);
    }

    private static BasketLineView ViewOf(LineReading line, string currency, int available, int orderable) => new(
        line.VariantId, line.Sku, line.ProductSlug, line.Title, line.VariantTitle, line.Image, line.Quantity,
        new Money(line.UnitPriceMinor, currency), new Money(line.UnitPriceMinor * line.Quantity, currency),
        orderable >= line.Quantity && line.Rule.Allows(line.Quantity), line.Rule.Within(orderable), line.Rule.Min, line.Rule.Step,
        orderable >= line.Quantity && available < line.Quantity);
}
