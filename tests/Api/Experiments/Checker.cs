using Commerce;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Experiments;

/// <summary>
/// The one judge of all experiments: once nothing is under way any more, holds what buyers were told against the shop's database, and both
/// against what Stripe has. Every breach is a sentence; an experiment has passed when there is none.
/// </summary>
internal sealed class Checker
{
    private readonly History _history;
    private readonly List<Order> _orders;
    private readonly ILookup<Guid, Reservation> _reservations;
    private readonly ILookup<Guid, PaymentMovement> _ledger;
    private readonly Dictionary<Guid, Dictionary<Guid, int>> _promised;
    private readonly Dictionary<Guid, Guid> _variants;
    private readonly Dictionary<string, int> _receipts;
    private readonly StripeSide _stripe;
    private readonly List<string> _breaches = [];

    private Checker(History history, List<Order> orders, List<Reservation> reservations, List<PaymentMovement> ledger,
        Dictionary<Guid, Dictionary<Guid, int>> promised, Dictionary<Guid, Guid> variants, Dictionary<string, int> receipts, StripeSide stripe)
    {
        (_history, _orders, _promised, _variants, _receipts, _stripe) = (history, orders, promised, variants, receipts, stripe);
        (_reservations, _ledger) = (reservations.ToLookup(r => r.OrderId), ledger.ToLookup(m => m.OrderId));
    }

    /// <summary>Fails with every breach there is.</summary>
    /// <param name="ofTheHistoryOnly">Leaves alone what others did in the same shop.</param>
    public static async Task AssertAsync(ShopApi shop, History history, bool ofTheHistoryOnly = false)
    {
        var breaches = await CheckAsync(shop, history, ofTheHistoryOnly);
        Assert.True(breaches.Count == 0, $"{breaches.Count} breaches:{Environment.NewLine}{string.Join(Environment.NewLine, breaches.Take(20))}");
    }

    public static async Task<IReadOnlyList<string>> CheckAsync(ShopApi shop, History history, bool ofTheHistoryOnly = false)
    {
        await using var db = shop.Open();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10)); // a ledger of millions
        var baskets = history.Told.Select(t => t.BasketId).Distinct().ToList();
        var orders = await db.Orders.AsNoTracking().Where(o => !ofTheHistoryOnly || baskets.Contains(o.BasketId)).Include(o => o.Lines).Include(o => o.Payment).Include(o => o.Refunds).AsSplitQuery().ToListAsync();
        var receipts = await db.Set<OutboxRow>().Where(r => r.Kind == JobKinds.SendReceipt && r.DedupeKey != null).GroupBy(r => r.DedupeKey!)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        var checker = new Checker(history, orders, await db.Reservations.AsNoTracking().ToListAsync(), await db.PaymentMovements.AsNoTracking().ToListAsync(),
            await UnitsAsync(db, orders), await db.StockItems.ToDictionaryAsync(s => s.Id, s => s.VariantId), receipts, await StripeSide.ReadAsync(shop.Stripe));
        checker.CheckAnswers();
        checker.CheckOrders();
        foreach (var stranger in checker._stripe.Orders.Except(await db.Orders.Select(o => o.Id).ToListAsync())) checker.Breach($"Stripe charged for order {stranger}, which does not exist");
        foreach (var broken in await StockInvariants.CheckAsync(db, CancellationToken.None)) checker.Breach($"stock: {broken}");
        await checker.CheckSalesAsync(db);
        foreach (var left in await db.StripeEvents.Where(e => e.AppliedAt == null).Select(e => new { e.Id, e.Type }).ToListAsync()) checker.Breach($"event {left.Id} ({left.Type}) was not applied");
        return checker._breaches;
    }

    private void Breach(string what) => _breaches.Add(what);

    /// <summary>What was said holds, was said once, and was said to everybody it concerns.</summary>
    private void CheckAnswers()
    {
        var (byBasket, byNumber) = (_orders.ToLookup(o => o.BasketId), _orders.ToDictionary(o => o.Number));
        foreach (var answers in _history.Told.Where(t => t.IsOrder).GroupBy(t => t.Key))
        {
            if (answers.Select(t => t.Body).Distinct().Count() > 1) Breach($"key {answers.Key} was answered with {answers.Select(t => t.Body).Distinct().Count()} different orders");
            var (number, told) = (answers.First().Parse().GetProperty("number").GetString()!, answers.First().Parse());
            if (!byNumber.TryGetValue(number, out var order)) Breach($"order {number} was acknowledged and is gone");
            else if ((order.Key, order.BasketId, order.TotalMinor) != (told.GetProperty("key").GetString(), answers.First().BasketId, told.GetProperty("total").GetProperty("amountMinor").GetInt64()))
                Breach($"order {number} is another one than was acknowledged");
        }
        foreach (var basket in _history.Told.GroupBy(t => t.BasketId))
        {
            var placed = byBasket[basket.Key].ToList();
            if (placed.Count > 1) Breach($"basket {basket.Key} became {placed.Count} orders");
            if (placed.Count == 1 && !basket.Any(t => t.IsOrder || t.IsOpen)) Breach($"order {placed[0].Number} exists and its buyer was refused");
            if (placed.Count == 0 && basket.Any(t => t.Code == OrderRefusals.BasketAlreadyOrdered)) Breach($"basket {basket.Key} is said to be ordered and is not");
        }
        foreach (var number in _history.Paid)
            if (!byNumber.TryGetValue(number, out var order) || order.Payment!.CapturedMinor == 0 && order.Status != OrderStatus.Authorised && order.Payment.Status != PaymentStatus.Closed)
                Breach($"order {number} was paid and the shop does not know");
    }

    /// <summary>Stock, money and mails of each order are those of its state.</summary>
    private void CheckOrders()
    {
        foreach (var order in _orders)
        {
            var isSold = order.PaidAt is not null;
            var (has, wants) = (Units(order, ReservationState.Held, ReservationState.Consumed), order.Status switch
            {
                OrderStatus.AwaitingPayment or OrderStatus.Authorised => ReservationState.Held,
                _ when isSold => ReservationState.Consumed,
                _ => ReservationState.Released,
            });
            if (wants == ReservationState.Released ? has.Count > 0 : !Same(has, _promised[order.Id]) || Units(order, wants).Count != has.Count)
                Breach($"order {order.Number} is {order.Status} and holds {string.Join(", ", _reservations[order.Id].Select(r => $"{r.Quantity} {r.State}"))}");
            if (_receipts.GetValueOrDefault($"order:{order.Id}") != (isSold ? 1 : 0)) Breach($"order {order.Number} is {order.Status} and has {_receipts.GetValueOrDefault($"order:{order.Id}")} receipts");
            CheckMoney(order, order.Payment!, _stripe.Of(order.Id));
        }
    }

    private void CheckMoney(Order order, Payment payment, StripeMoney stripe)
    {
        var ledger = _ledger[order.Id].Sum(m => m.AmountMinor);
        if (stripe.Charges > 1) Breach($"order {order.Number} was charged {stripe.Charges} times");
        if (stripe.HasMinor != ledger) Breach($"order {order.Number}: Stripe has {stripe.HasMinor}, the ledger {ledger}");
        if ((stripe.CapturedMinor, stripe.RefundedMinor) != (payment.CapturedMinor, payment.ReturnedMinor))
            Breach($"order {order.Number}: Stripe took {stripe.CapturedMinor} and returned {stripe.RefundedMinor}, the shop says {payment.CapturedMinor} and {payment.ReturnedMinor}");
        if (order.Status == OrderStatus.Paid && (stripe.CapturedMinor == 0) != (order.TotalMinor == 0)) Breach($"order {order.Number} is paid, and Stripe took {stripe.CapturedMinor}");
        if (order.Status is OrderStatus.Expired or OrderStatus.Cancelled or OrderStatus.AwaitingPayment && stripe.CapturedMinor != stripe.RefundedMinor && stripe.DisputedMinor == 0)
            Breach($"order {order.Number} is {order.Status}, and its buyer is out of {stripe.CapturedMinor - stripe.RefundedMinor}");
        if (payment.RefundedMinor != payment.ReturnedMinor) Breach($"order {order.Number}: {payment.RefundedMinor - payment.ReturnedMinor} is promised back and has not gone");
    }

    /// <summary>On hand, and what was sold and did not come back, are together what was ever supplied: sales counted in orders, not in the ledger.</summary>
    private async Task CheckSalesAsync(ShopDb db)
    {
        MovementKind[] supplies = [MovementKind.Received, MovementKind.Adjusted, MovementKind.Transferred];
        var sold = _reservations.SelectMany(r => r).Where(r => r.State == ReservationState.Consumed).GroupBy(r => r.StockItemId).ToDictionary(g => g.Key, g => g.Sum(r => (long)r.Quantity));
        var moved = await db.StockMovements.GroupBy(m => new { m.StockItemId, m.Kind }).Select(g => new { g.Key.StockItemId, g.Key.Kind, Units = g.Sum(m => (long)m.OnHandChange) }).ToListAsync();
        foreach (var item in await db.StockItems.AsNoTracking().ToListAsync())
        {
            var supplied = moved.Where(m => m.StockItemId == item.Id && supplies.Contains(m.Kind)).Sum(m => m.Units);
            var returned = moved.Where(m => m.StockItemId == item.Id && m.Kind == MovementKind.Returned).Sum(m => m.Units);
            if (item.OnHand + sold.GetValueOrDefault(item.Id) - returned != supplied)
                Breach($"stock item {item.Id}: {item.OnHand} on hand and {sold.GetValueOrDefault(item.Id)} sold less {returned} returned are not the {supplied} supplied");
        }
    }

    /// <summary>How many of which variant the order's reservations in these states are.</summary>
    private Dictionary<Guid, int> Units(Order order, params ReservationState[] states) =>
        _reservations[order.Id].Where(r => states.Contains(r.State)).GroupBy(r => _variants[r.StockItemId]).ToDictionary(g => g.Key, g => g.Sum(r => r.Quantity));

    private static bool Same(Dictionary<Guid, int> held, Dictionary<Guid, int> wanted) => held.Count == wanted.Count && wanted.All(w => held.GetValueOrDefault(w.Key) == w.Value);

    /// <summary>What each order needs of which variant, bundles in their components.</summary>
    private static async Task<Dictionary<Guid, Dictionary<Guid, int>>> UnitsAsync(ShopDb db, List<Order> orders)
    {
        var parts = (await db.BundleComponents.AsNoTracking().ToListAsync()).ToLookup(c => c.BundleId);
        return orders.ToDictionary(o => o.Id, o => o.Lines
            .SelectMany(l => parts.Contains(l.VariantId) ? parts[l.VariantId].Select(p => (p.ComponentId, Units: p.Quantity * l.Quantity)) : [(l.VariantId, Units: l.Quantity)])
            .GroupBy(l => l.Item1).ToDictionary(g => g.Key, g => g.Sum(l => l.Units)));
    }
}
