using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>Temporary until the stock branch lands.</summary>
public static class StockReturns
{
    public static async Task ReturnUnitsAsync(this ShopDb db, Guid orderId, IReadOnlyList<(Guid VariantId, int Quantity)> units, string reason,
        DateTimeOffset now, CancellationToken cancellation)
    {
        await StockShelf.LockAsync(db, units.Select(u => u.VariantId), cancellation);
        foreach (var (variantId, quantity) in units)
        {
            var item = await db.StockItems.FirstAsync(s => s.VariantId == variantId, cancellation);
            item.OnHand += quantity;
            db.StockMovements.Add(new StockMovement { StockItemId = item.Id, Kind = MovementKind.Adjusted, OnHandChange = quantity, ReservedChange = 0, OrderId = orderId, Reason = reason, At = now });
        }
    }
}
