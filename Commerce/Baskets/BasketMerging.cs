using System.Data;
using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Baskets;

/// <summary>What a shopper put aside as a guest, and what the account holds already, become one basket.</summary>
public static class BasketMerging
{
    /// <summary>
    /// The customer's open basket after taking over the guest's; null when neither is there. Quantities of the same variant add up, as far as its
    /// rule allows; no line is left behind, even beyond <see cref="Basket.MaxLines"/>. The account's currency stays unless its basket is empty; a line that
    /// has no price in it is shown as such. Repeating it changes nothing: the guest's basket is gone then.
    /// A basket that is another customer's, or ordered, is left alone.
    /// </summary>
    public static Task<string?> MergeBasketAsync(this ShopDb db, Guid customerId, string? guestBasketId, DateTimeOffset now, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            // One sign-in of a customer at a time. Not FOR UPDATE: placing an order refers to the account while it holds the basket.
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE id = {customerId} FOR NO KEY UPDATE", cancellation);
            // In the order in which placing locks baskets.
            await db.Database.ExecuteSqlAsync($"""
                SELECT 1 FROM baskets WHERE order_id IS NULL AND (customer_id = {customerId} OR id = {guestBasketId}) ORDER BY id FOR UPDATE
                """, cancellation);
            var baskets = await db.Baskets.Include(b => b.Lines)
                .Where(b => b.OrderId == null && (b.CustomerId == customerId || (b.Id == guestBasketId && b.CustomerId == null))).ToListAsync(cancellation);
            var own = baskets.Find(b => b.CustomerId == customerId);
            var guest = baskets.Find(b => b.CustomerId is null);
            if (own is null && guest is not null) guest.CustomerId = customerId;
            if (own is not null && guest is not null) await PourAsync(db, guest, own, now, cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return (own ?? guest)?.Id;
        });

    /// <summary>The open basket of a customer; null when there is none.</summary>
    public static Task<string?> FindCustomerBasketAsync(this ShopDb db, Guid customerId, CancellationToken cancellation) =>
        db.Baskets.Where(b => b.CustomerId == customerId && b.OrderId == null).Select(b => b.Id).FirstOrDefaultAsync(cancellation);

    private static async Task PourAsync(ShopDb db, Basket from, Basket into, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = from.Lines.Select(l => l.VariantId).ToList();
        var rules = await db.Variants.IgnoreQueryFilters().Where(v => ids.Contains(v.Id)).Select(v => new { v.Id, v.MinQuantity, v.MaxQuantity, v.QuantityStep })
            .ToDictionaryAsync(v => v.Id, v => QuantityRule.Of(v.MinQuantity, v.MaxQuantity, v.QuantityStep), cancellation);
        if (into.Lines.Count == 0) into.Currency = from.Currency;
        foreach (var line in from.Lines)
        {
            if (into.Lines.Find(l => l.VariantId == line.VariantId) is not { } held)
                into.Lines.Add(new BasketLine { BasketId = into.Id, VariantId = line.VariantId, Quantity = line.Quantity, AddedAt = line.AddedAt });
            else
                held.Quantity = Math.Max(held.Quantity, rules[line.VariantId].Within(held.Quantity + line.Quantity));
        }
        db.Baskets.Remove(from);
        into.Version++;
        into.UpdatedAt = now;
    }
}
