using Commerce;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Commerce;

/// <summary>The checker: what must be true of stock whatever happened before.</summary>
internal static class Ledger
{
    public static async Task AssertBalancesAsync(ShopDb db)
    {
        var items = await db.StockItems.AsNoTracking().ToListAsync();
        var movements = (await db.StockMovements.AsNoTracking().ToListAsync()).ToLookup(m => m.StockItemId);
        var held = (await db.Reservations.AsNoTracking().Where(r => r.State == ReservationState.Held).ToListAsync()).ToLookup(r => r.StockItemId);
        foreach (var item in items)
        {
            Assert.Equal(item.OnHand, movements[item.Id].Sum(m => m.OnHandChange));
            Assert.Equal(item.Reserved, movements[item.Id].Sum(m => m.ReservedChange));
            Assert.Equal(item.Reserved, held[item.Id].Sum(r => r.Quantity));
            Assert.InRange(item.Reserved, 0, item.OnHand);
        }
    }
}
