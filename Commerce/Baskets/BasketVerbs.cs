using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Baskets;

/// <summary>What a shopper does with a basket. Changes lock the basket's row, so two tabs never lose each other's.</summary>
public static class BasketVerbs
{
    public static async Task<BasketView> OpenBasketAsync(this ShopDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var basket = new Basket { Id = Basket.NewId(), CreatedAt = now, UpdatedAt = now };
        db.Baskets.Add(basket);
        await db.SaveChangesAsync(cancellation);
        return new BasketView(basket.Id, [], 0, Money.Of(0), Money.ShopCurrency);
    }

    /// <summary>Sets how many of a variant the basket holds; 0 takes the line out. Asking for more than there is, is refused and changes nothing.</summary>
    public static async Task<Outcome<BasketView>> SetQuantityAsync(this ShopDb db, string id, Guid variantId, int quantity, DateTimeOffset now, CancellationToken cancellation)
    {
        var refusal = await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var basket = await db.Baskets.FromSql($"SELECT * FROM baskets WHERE id = {id} AND order_id IS NULL FOR UPDATE").FirstOrDefaultAsync(cancellation);
            if (basket is null) return BasketRefusals.Unknown();
            await db.Entry(basket).Collection(b => b.Lines).LoadAsync(cancellation);
            if (await ChangeAsync(db, basket, variantId, quantity, now, cancellation) is { } no) return no;
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        });
        return refusal is null ? await db.FindBasketAsync(id, now, cancellation) : refusal;
    }

    private static async Task<Refusal?> ChangeAsync(ShopDb db, Basket basket, Guid variantId, int quantity, DateTimeOffset now, CancellationToken cancellation)
    {
        var line = basket.Lines.Find(l => l.VariantId == variantId);
        if (quantity == 0)
        {
            if (line is null) return null;
            basket.Lines.Remove(line);
        }
        else
        {
            var stock = await db.Variants.Where(v => v.Id == variantId && v.Product.PublishedAt <= now)
                .Select(v => (int?)v.Stock.Sum(s => s.OnHand - s.Reserved)).FirstOrDefaultAsync(cancellation);
            if (stock is null) return new Refusal(BasketRefusals.VariantNotFound, "There is no such variant on sale.");
            if (stock < quantity && quantity > (line?.Quantity ?? 0))
                return new Refusal(BasketRefusals.QuantityUnavailable, "There are not that many left.")
                {
                    Facts = new Dictionary<string, object?> { ["maxQuantity"] = Math.Clamp(stock.Value, 0, Basket.MaxQuantity) },
                };
            if (line is null && basket.Lines.Count >= Basket.MaxLines)
                return new Refusal(BasketRefusals.Full, $"A basket takes at most {Basket.MaxLines} different variants.");
            if (line is null) basket.Lines.Add(new BasketLine { BasketId = basket.Id, VariantId = variantId, Quantity = quantity, AddedAt = now });
            else line.Quantity = quantity;
        }
        basket.Version++;
        basket.UpdatedAt = now;
        return null;
    }
}
