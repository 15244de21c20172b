using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>Orders as their buyers may see them.</summary>
public static class OrderReads
{
    /// <summary>The order with this number and key; anything else is refused as not found.</summary>
    public static async Task<Outcome<OrderView>> FindOrderAsync(this ShopDb db, string number, string key, CancellationToken cancellation) =>
        await db.FindWholeOrderAsync(number, key, cancellation) is { } order ? await db.ViewOrderAsync(order, cancellation) : OrderRefusals.Unknown();

    /// <summary>The order as its buyer sees it now. At most two statements.</summary>
    /// <param name="order">With its lines and payment, and what came after it.</param>
    public static async Task<OrderView> ViewOrderAsync(this ShopDb db, Order order, CancellationToken cancellation) => OrderView.Of(order, await db.FindAwaitedAsync(order, cancellation));

    internal static async Task<Order?> FindWholeOrderAsync(this ShopDb db, string number, string key, CancellationToken cancellation)
    {
        var found = await db.Orders.AsNoTracking().Numbered(number).Where(o => o.Key == key).Include(o => o.Lines).Include(o => o.Payment)
            .Select(o => new { Order = o, HasRefunds = o.Refunds.Any() }).FirstOrDefaultAsync(cancellation);
        if (found is not null) await db.LoadAftermathAsync(found.Order, found.HasRefunds, cancellation);
        return found?.Order;
    }

    /// <summary>What happened after the payment. Most orders are looked at before anything has, so it is not joined but asked for where there is any.</summary>
    /// <param name="hasRefunds">Also such as failed, of which the payment knows nothing.</param>
    private static async Task LoadAftermathAsync(this ShopDb db, Order order, bool hasRefunds, CancellationToken cancellation)
    {
        if (order.FulfilmentStatus != FulfilmentStatus.Unfulfilled)
            order.Fulfilments.AddRange(await db.Fulfilments.AsNoTracking().Include(f => f.Lines).Where(f => f.OrderId == order.Id).OrderBy(f => f.SentAt).ToListAsync(cancellation));
        if (hasRefunds)
            order.Refunds.AddRange(await db.Refunds.AsNoTracking().Include(r => r.Lines).Where(r => r.OrderId == order.Id).OrderBy(r => r.RequestedAt).ToListAsync(cancellation));
    }
}
