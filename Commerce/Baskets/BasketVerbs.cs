using System.Data;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Baskets;

/// <summary>What a shopper does with a basket. Changes lock the basket's row, so two tabs never lose each other's.</summary>
public static class BasketVerbs
{
    /// <summary>An empty basket, in the shop's currency unless it shall be another one the shop sells in.</summary>
    public static async Task<Outcome<BasketView>> OpenBasketAsync(this ShopDb db, DateTimeOffset now, CancellationToken cancellation,
        string currency = Money.ShopCurrency, Guid? customerId = null)
    {
        if (currency != Money.ShopCurrency && !await db.Currencies.AnyAsync(c => c.Code == currency && c.IsOffered, cancellation))
            return new Refusal(BasketRefusals.CurrencyUnknown, $"The shop does not sell in {currency}.");
        var basket = new Basket { Id = Basket.NewId(), CreatedAt = now, UpdatedAt = now, Currency = currency, CustomerId = customerId };
        return await db.ConnectedAsync(async () =>
        {
            await using var batch = db.Batch();
            // The answer to a COMMIT may be lost: the same basket once more is no second one.
            batch.BatchCommands.Add(MultiRowInsert.Of(db, [basket], "(id) DO NOTHING"));
            batch.Add("SELECT prices_include_tax FROM shop_policy");
            await batch.PrepareAsync(cancellation);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var includesTax = (await reader.ToListAsync(r => r.GetBoolean(0), cancellation)).Single();
            return new BasketView(basket.Id, [], 0, new Money(0, currency), currency, includesTax);
        }, cancellation);
    }

    /// <summary>Sets how many of a variant the basket holds; 0 takes the line out. Asking for more than there is, is refused and changes nothing.</summary>
    public static Task<Outcome<BasketView>> SetQuantityAsync(
        this ShopDb db, string id, Guid variantId, int quantity, DateTimeOffset now, CancellationToken cancellation, Shopper shopper = default) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<BasketView>>(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var target = await LockAsync(db, shopper, id, variantId, now, cancellation);
            if (Refuse(target, quantity) is { } refusal) return refusal;
            await using var batch = db.Batch();
            if (quantity == 0) batch.Add("DELETE FROM basket_lines WHERE basket_id = $1 AND variant_id = $2").With(id).With(variantId);
            else batch.Add("""
                INSERT INTO basket_lines (basket_id, variant_id, quantity, added_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (basket_id, variant_id) DO UPDATE SET quantity = $3
                """).With(id).With(variantId).With(quantity).With(now);
            batch.Add("UPDATE baskets SET version = version + 1, updated_at = $2 WHERE id = $1").With(id).With(now);
            batch.AddBasketView(id, now);
            await batch.PrepareAsync(cancellation);
            Outcome<BasketStock> stock;
            await using (var reader = await batch.ExecuteReaderAsync(cancellation)) stock = await reader.ReadBasketStockAsync(shopper, cancellation);
            if (stock.Refusal is { } gone) return gone;
            // Alone there is enough; the other lines may take the same units. Taking less is always right.
            if (quantity > target!.Held && stock.Value.LeftFor(variantId) is var left && left < quantity) return BasketRefusals.Unavailable(target.Rule!.Value.Within(left));
            await transaction.CommitAsync(cancellation);
            return stock.Value.View(id);
        });

    /// <summary>What a change of one line depends on, read once the basket is locked.</summary>
    private sealed record Target(int LineCount, int Held, QuantityRule? Rule, int Orderable, bool HasPrice, string Currency);

    private static async Task<Target?> LockAsync(ShopDb db, Shopper shopper, string id, Guid variantId, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = db.Batch();
        batch.Add(Sql.ByKey);
        batch.Add("SELECT currency, customer_id FROM baskets WHERE id = $1 AND order_id IS NULL FOR UPDATE").With(id);
        batch.Add("SELECT count(*)::int, COALESCE(sum(quantity) FILTER (WHERE variant_id = $2), 0)::int FROM basket_lines WHERE basket_id = $1").With(id).With(variantId);
        batch.Add("""
            SELECT v.min_quantity, v.max_quantity, v.quantity_step, stock.orderable,
                EXISTS (SELECT FROM prices price JOIN baskets b ON b.currency = price.currency WHERE price.variant_id = v.id AND b.id = $3)
            FROM variants v JOIN products p ON p.id = v.product_id JOIN variant_availability stock ON stock.variant_id = v.id
            WHERE v.id = $1 AND v.withdrawn_at IS NULL AND p.published_at <= $2
            """).With(variantId).With(now).With(id);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var currency = (await reader.ToListAsync(r => shopper.MayUse(r.Value<Guid>(1)) ? r.GetString(0) : null, cancellation)).SingleOrDefault();
        await reader.NextResultAsync(cancellation);
        var (count, held) = (await reader.ToListAsync(r => (r.GetInt32(0), r.GetInt32(1)), cancellation)).Single();
        await reader.NextResultAsync(cancellation);
        var variant = await reader.ToListAsync(r => (Rule: QuantityRule.Of(r.GetInt32(0), r.Value<int>(1), r.GetInt32(2)), Orderable: r.GetInt32(3), HasPrice: r.GetBoolean(4)), cancellation);
        if (currency is null) return null;
        return variant is [var found] ? new Target(count, held, found.Rule, found.Orderable, found.HasPrice, currency) : new Target(count, held, null, 0, false, currency);
    }

    private static Refusal? Refuse(Target? target, int quantity)
    {
        if (target is null) return BasketRefusals.Unknown();
        if (quantity == 0) return null;
        if (target.Rule is not { } rule) return new Refusal(BasketRefusals.VariantNotFound, "There is no such variant on sale.");
        if (!target.HasPrice) return new Refusal(BasketRefusals.NoPrice, $"This variant is not sold in {target.Currency}.") { Facts = new Dictionary<string, object?> { ["currency"] = target.Currency } };
        if (!rule.Allows(quantity)) return BasketRefusals.AgainstRule(rule, target.Orderable);
        if (target.Orderable < quantity && quantity > target.Held) return BasketRefusals.Unavailable(rule.Within(target.Orderable));
        return target.Held == 0 && target.LineCount >= Basket.MaxLines
            ? new Refusal(BasketRefusals.Full, $"A basket takes at most {Basket.MaxLines} different variants.")
            : null;
    }
}
