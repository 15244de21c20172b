using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>What a receipt says, and the trace its mail belongs to.</summary>
public sealed record Receipt(Guid OrderId, OrderView Order, string? TraceParent);

public static class OrderReads
{
    /// <summary>The order with this number and key; anything else is refused as not found.</summary>
    public static async Task<Outcome<OrderView>> FindOrderAsync(this ShopDb db, string number, string key, CancellationToken cancellation) =>
        await db.Orders.AsNoTracking().Include(o => o.Lines).FirstOrDefaultAsync(o => o.Number == number && o.Key == key, cancellation) is { } order
            ? OrderView.Of(order)
            : OrderRefusals.Unknown();

    /// <summary>What the receipt of a paid order needs; null while the order is not paid or unknown.</summary>
    public static async Task<Receipt?> LoadReceiptAsync(this ShopDb db, Guid orderId, CancellationToken cancellation) =>
        await db.Orders.AsNoTracking().Include(o => o.Lines).FirstOrDefaultAsync(o => o.Id == orderId && o.Status == OrderStatus.Paid, cancellation) is { } order
            ? new Receipt(order.Id, OrderView.Of(order), order.TraceParent)
            : null;

    /// <summary>The whole order, tracked, its row locked until the running transaction ends; null when there is none.</summary>
    internal static async Task<Order?> LockOrderAsync(this ShopDb db, Guid orderId, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM orders WHERE id = {orderId} FOR UPDATE", cancellation);
        return await db.Orders.Include(o => o.Lines).Include(o => o.Payment).FirstOrDefaultAsync(o => o.Id == orderId, cancellation);
    }
}
