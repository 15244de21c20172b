using System.Diagnostics;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>Which orders staff want to see.</summary>
/// <param name="DisputedOnly">That have a dispute, be it closed.</param>
/// <param name="OpenDisputeOnly">That have a dispute which is not closed.</param>
/// <param name="Search">
/// The beginning of an order number, with or without its dashes, or of a mail address; or words, each of which begins a word of the recipient's name (<c>anna smi</c>).
/// </param>
public sealed record StaffOrderQuery(
    int Limit, string? Cursor = null, OrderStatus? Status = null, FulfilmentStatus? Fulfilment = null, bool DisputedOnly = false, bool OpenDisputeOnly = false, string? Search = null);

/// <summary>Orders as staff read them.</summary>
public static class StaffOrders
{
    /// <summary>Most lines of the audit trail shown with an order; the rest is in the trail itself.</summary>
    private const int HistoryShown = 100;

    /// <summary>One statement. Ids rise with time, so the newest come first.</summary>
    public static async Task<Outcome<StaffOrderPage>> ListStaffOrdersAsync(this ShopDb db, StaffOrderQuery query, CancellationToken cancellation)
    {
        var orders = db.Orders.AsNoTracking();
        if (query.Status is { } status) orders = orders.Where(o => o.Status == status);
        if (query.Fulfilment is { } fulfilment) orders = orders.Where(o => o.FulfilmentStatus == fulfilment);
        // All refunded before any was sent: nothing to be done.
        if (query.Fulfilment == FulfilmentStatus.Unfulfilled) orders = orders.Where(o => o.Lines.Any(l => l.Quantity > l.FulfilledQuantity + l.CancelledQuantity));
        if (query.DisputedOnly) orders = orders.Where(o => o.Disputes.Any());
        if (query.OpenDisputeOnly) orders = orders.Where(o => o.Disputes.Any(d => d.ClosedAt == null));
        if (!string.IsNullOrWhiteSpace(query.Search)) orders = Matching(orders, query.Search.Trim());
        if (query.Cursor is not null)
        {
            if (IdCursor.Read(query.Cursor) is not { } before) return new Refusal(OrderRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            orders = orders.Where(o => o.Id.CompareTo(before) < 0);
        }
        var rows = await orders.OrderByDescending(o => o.Id).Take(query.Limit + 1).Select(o => new
        {
            o.Id,
            o.Number,
            o.Status,
            o.FulfilmentStatus,
            PaymentStatus = o.Payment!.Status,
            o.PlacedAt,
            o.Email,
            o.ShippingAddress.Name,
            o.ShippingAddress.CountryCode,
            Units = o.Lines.Sum(l => l.Quantity),
            o.TotalMinor,
            o.Payment.RefundedMinor,
            o.Currency,
            IsDisputed = o.Disputes.Any(),
        }).ToListAsync(cancellation);
        var items = rows.Take(query.Limit).Select(o => new StaffOrderCard(
            o.Number, OrderView.StatusName(o.Status), KnownWord.Of(o.FulfilmentStatus), KnownWord.Of(o.PaymentStatus), o.PlacedAt, o.Email, o.Name, o.CountryCode,
            o.Units, new Money(o.TotalMinor, o.Currency), new Money(o.RefundedMinor, o.Currency), o.IsDisputed)).ToList();
        return new StaffOrderPage(items, rows.Count > query.Limit ? IdCursor.Write(rows[query.Limit - 1].Id) : null);
    }

    /// <summary>The whole order with its history. A handful of statements, whatever happened to it.</summary>
    public static async Task<Outcome<StaffOrderView>> FindStaffOrderAsync(this ShopDb db, string number, CancellationToken cancellation)
    {
        var order = await db.Orders.AsNoTracking().AsSplitQuery().Numbered(number).Include(o => o.Lines).Include(o => o.Payment).Include(o => o.Fulfilments).ThenInclude(f => f.Lines)
            .Include(o => o.Refunds).ThenInclude(r => r.Lines).Include(o => o.Disputes).FirstOrDefaultAsync(cancellation);
        if (order is null) return OrderRefusals.Unknown();
        var ledger = await db.PaymentMovements.AsNoTracking().Where(m => m.OrderId == order.Id).OrderBy(m => m.Id).ToListAsync(cancellation);
        var history = await db.ListAuditAsync(OrderChange.Subject(order.Number), HistoryShown, null, cancellation);
        return View(order, ledger, history.Value.Items, await db.FindAwaitedAsync(order, cancellation));
    }

    /// <summary>What the order's version is now, for its ETag; null when there is no such order.</summary>
    public static Task<int?> FindOrderVersionAsync(this ShopDb db, string number, CancellationToken cancellation) =>
        db.Orders.Numbered(number).Select(o => (int?)o.Version).FirstOrDefaultAsync(cancellation);

    private static StaffOrderView View(Order order, List<PaymentMovement> ledger, IReadOnlyList<AuditLine> history, IReadOnlyDictionary<int, int> awaited) => new(
        order.Number, OrderView.StatusName(order.Status), KnownWord.Of(order.FulfilmentStatus), order.PlacedAt, order.PaidAt, order.ClosedAt, order.ReservedUntil,
        order.Email, order.ShippingAddress, order.ShippingCode, [.. order.Lines.OrderBy(l => l.Position).Select(l => StaffLineView.Of(l, order.Currency, awaited.GetValueOrDefault(l.Position)))],
        new Money(order.SubtotalMinor, order.Currency), new Money(order.ShippingMinor, order.Currency), new Money(order.TaxIncludedMinor, order.Currency),
        new Money(order.TotalMinor, order.Currency), StaffPaymentView.Of(order.Payment!, order.Disputes),
        [.. order.Fulfilments.OrderBy(f => f.SentAt).Select(StaffFulfilmentView.Of)], [.. order.Refunds.OrderBy(r => r.RequestedAt).Select(StaffRefundView.Of)],
        [.. order.Disputes.OrderBy(d => d.OpenedAt).Select(DisputeView.Of)],
        [.. ledger.Select(m => new PaymentMovementView(m.At, KnownWord.Of(m.Kind), new Money(m.AmountMinor, order.Currency), m.StripeId))],
        [.. history, .. history.Count < HistoryShown ? [PlacingOf(order)] : Array.Empty<AuditLine>()], order.Version);

    /// <summary>The order's own row says that it was placed, when and by whom: the trail begins with its first change.</summary>
    private static AuditLine PlacingOf(Order order) => new(
        order.PlacedAt, new AuditActor(AuditMapping.NameOf(ActorKind.Shopper), order.CustomerId?.ToString(), order.Email), "orders.placed", OrderChange.Subject(order.Number), null,
        JsonSerializer.SerializeToElement(new { total = new Money(order.TotalMinor, order.Currency), basketId = order.BasketId }, JsonSerializerOptions.Web), TraceIdOf(order.TraceParent));

    /// <summary>Of a W3C traceparent: <c>00-{trace}-{span}-01</c>.</summary>
    private static string? TraceIdOf(string? traceParent) => ActivityContext.TryParse(traceParent, null, out var context) ? context.TraceId.ToString() : null;

    /// <summary>
    /// All ways by an index: the unique one of numbers, <c>ix_orders_email_prefix</c> and <c>ix_orders_recipient</c>, which has no orders that await payment; those are few, and found
    /// by their status.
    /// </summary>
    private static IQueryable<Order> Matching(IQueryable<Order> orders, string search)
    {
        var email = search.ToLowerInvariant();
        if (RecipientNames.TryQuery(search) is not { } name) return orders.Where(o => o.Email.ToLower().StartsWith(email));
        var number = OrderNumber.TryComplete(search);
        return orders.Where(o => (number != null && o.Number.StartsWith(number)) || o.Email.ToLower().StartsWith(email)
            || (o.Status != OrderStatus.AwaitingPayment && RecipientNames.IsNamed(o.ShippingAddress.Name, name))
            || (o.Status == OrderStatus.AwaitingPayment && RecipientNames.IsNamed(o.ShippingAddress.Name, name)));
    }
}
