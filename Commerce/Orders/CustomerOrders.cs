using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>A page of a customer's orders, newest first.</summary>
public sealed record CustomerOrderPage(IReadOnlyList<CustomerOrder> Items, string? NextCursor);

/// <summary>An order in its customer's list. Number and key are its address.</summary>
public sealed record CustomerOrder(string Number, string Key, string Status, string FulfilmentStatus, DateTimeOffset PlacedAt, Money Total, int ItemCount);

/// <summary>A customer's own orders. Whose they are is part of every question, so somebody else's is not found.</summary>
public static class CustomerOrders
{
    /// <summary>One statement.</summary>
    public static async Task<Outcome<CustomerOrderPage>> ListCustomerOrdersAsync(this ShopDb db, Guid customerId, int limit, string? cursor, CancellationToken cancellation)
    {
        var orders = db.Orders.AsNoTracking().Where(o => o.CustomerId == customerId);
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return new Refusal(OrderRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            orders = orders.Where(o => o.Id < before);
        }
        var rows = await orders.OrderByDescending(o => o.Id).Take(limit + 1)
            .Select(o => new { o.Id, o.Number, o.Key, o.Status, o.FulfilmentStatus, o.PlacedAt, o.TotalMinor, o.Currency, Items = o.Lines.Sum(l => l.Quantity) }).ToListAsync(cancellation);
        var items = rows.Take(limit).Select(o => new CustomerOrder(o.Number, o.Key, OrderView.StatusName(o.Status), KnownWord.Of(o.FulfilmentStatus), o.PlacedAt, new Money(o.TotalMinor, o.Currency), o.Items)).ToList();
        return new CustomerOrderPage(items, rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    public static async Task<Outcome<OrderView>> FindCustomerOrderAsync(this ShopDb db, Guid customerId, string number, CancellationToken cancellation) =>
        await db.Orders.AsNoTracking().Numbered(number).Where(o => o.CustomerId == customerId).Select(o => o.Key).FirstOrDefaultAsync(cancellation) is { } key
            ? await db.FindOrderAsync(number, key, cancellation)
            : OrderRefusals.Unknown();
}
