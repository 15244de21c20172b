using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>
/// The only writer of stock figures. Each verb changes the figures by one guarded statement and adds the ledger lines and reservations
/// to the unit of work; the caller holds the locks (<see cref="StockShelf"/>) and commits.
/// </summary>
public static class StockLedger
{
    /// <summary>Promises units to orders. The guard repeats what the shelf has decided, so that a mistake there cannot oversell.</summary>
    public static async Task ReserveAsync(this ShopDb db, IReadOnlyList<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)> promises,
        DateTimeOffset now, CancellationToken cancellation)
    {
        if (promises.Count == 0) return;
        var sums = promises.GroupBy(p => p.Allocation.StockItemId).ToDictionary(g => g.Key, g => g.Sum(p => p.Allocation.Quantity));
        Guid[] ids = [.. sums.Keys];
        int[] quantities = [.. sums.Values];
        var changed = await db.Database.ExecuteSqlAsync($"""
            UPDATE stock_items s SET reserved = s.reserved + q.quantity
            FROM unnest({ids}, {quantities}) AS q(id, quantity)
            WHERE s.id = q.id AND s.on_hand - s.reserved >= q.quantity
            """, cancellation);
        Guard(changed, ids.Length, "reserve");
        foreach (var (orderId, allocation, expiresAt) in promises)
        {
            db.Reservations.Add(new Reservation
            {
                Id = Guid.CreateVersion7(),
                OrderId = orderId,
                StockItemId = allocation.StockItemId,
                Quantity = allocation.Quantity,
                ExpiresAt = expiresAt,
            });
            db.Record(allocation.StockItemId, MovementKind.Reserved, 0, allocation.Quantity, orderId, now);
        }
    }

    /// <summary>The order is paid: its reserved units leave the stock.</summary>
    public static Task ConsumeReservationsAsync(this ShopDb db, Guid orderId, DateTimeOffset now, CancellationToken cancellation) =>
        db.SettleReservationsAsync(orderId, ReservationState.Consumed, now, cancellation);

    /// <summary>The order will not be paid: its reserved units are available again.</summary>
    public static Task ReleaseReservationsAsync(this ShopDb db, Guid orderId, DateTimeOffset now, CancellationToken cancellation) =>
        db.SettleReservationsAsync(orderId, ReservationState.Released, now, cancellation);

    /// <summary>Brings the on-hand figure to a counted number; null when that would be fewer than are reserved.</summary>
    public static StockMovement? Count(this ShopDb db, StockItem item, int onHand, string reason, DateTimeOffset now)
    {
        if (onHand < item.Reserved) return null;
        var kind = item.OnHand == 0 && onHand > 0 ? MovementKind.Received : MovementKind.Adjusted;
        var change = onHand - item.OnHand;
        item.OnHand = onHand;
        return db.Record(item.Id, kind, change, 0, null, now, reason);
    }

    private static async Task SettleReservationsAsync(this ShopDb db, Guid orderId, ReservationState to, DateTimeOffset now, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlAsync($"""
            SELECT 1 FROM stock_items s
            WHERE s.id IN (SELECT r.stock_item_id FROM reservations r WHERE r.order_id = {orderId} AND r.state = 'Held')
            ORDER BY s.id FOR UPDATE
            """, cancellation);
        var held = await db.Reservations.Where(r => r.OrderId == orderId && r.State == ReservationState.Held).ToListAsync(cancellation);
        if (held.Count == 0) return;
        var sums = held.GroupBy(r => r.StockItemId).ToDictionary(g => g.Key, g => g.Sum(r => r.Quantity));
        Guid[] ids = [.. sums.Keys];
        int[] quantities = [.. sums.Values];
        var leaving = to == ReservationState.Consumed ? 1 : 0;
        var changed = await db.Database.ExecuteSqlAsync($"""
            UPDATE stock_items s SET reserved = s.reserved - q.quantity, on_hand = s.on_hand - q.quantity * {leaving}
            FROM unnest({ids}, {quantities}) AS q(id, quantity)
            WHERE s.id = q.id AND s.reserved >= q.quantity
            """, cancellation);
        Guard(changed, ids.Length, to.ToString());
        foreach (var reservation in held)
        {
            reservation.State = to;
            var kind = to == ReservationState.Consumed ? MovementKind.Sold : MovementKind.Released;
            db.Record(reservation.StockItemId, kind, -reservation.Quantity * leaving, -reservation.Quantity, orderId, now);
        }
    }

    private static StockMovement Record(this ShopDb db, Guid stockItemId, MovementKind kind, int onHand, int reserved, Guid? orderId,
        DateTimeOffset now, string? reason = null)
    {
        var movement = new StockMovement
        {
            StockItemId = stockItemId,
            Kind = kind,
            OnHandChange = onHand,
            ReservedChange = reserved,
            OrderId = orderId,
            Reason = reason,
            At = now,
        };
        db.StockMovements.Add(movement);
        return movement;
    }

    private static void Guard(int changed, int expected, string what)
    {
        if (changed != expected)
            throw new InvalidOperationException($"Stock guard: {what} touched {changed} of {expected} stock items; nothing was committed.");
    }
}
