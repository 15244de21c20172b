using System.Text.Json;
using Commerce.Stock;

namespace Commerce.Orders;

/// <summary>
/// Decides a batch's wishes in memory, in order of arrival, all or nothing for each: what is to be written, and what is to be answered.
/// Deciding writes nothing, so a batch may decide again when the stock turns out to be another.
/// </summary>
internal sealed class PlacingDecision
{
    private readonly PlacingReading _reading;
    private readonly StockShelf _shelf;
    private readonly TimeSpan _holdTime;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, (string Number, string Key)> _claims = [];

    private PlacingDecision(PlacingReading reading, StockShelf shelf, TimeSpan holdTime, DateTimeOffset now) => (_reading, _shelf, _holdTime, _now) = (reading, shelf, holdTime, now);

    public List<IdempotencyRecord> Records { get; } = [];
    public List<Order> Orders { get; } = [];
    public List<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)> Promises { get; } = [];

    /// <summary>By Idempotency-Key.</summary>
    public Dictionary<string, PlacingAnswer> Answers { get; } = [];

    /// <summary>Whether an order was refused for want of stock that others of this batch have taken.</summary>
    public bool IsShort { get; private set; }

    public static PlacingDecision On(IEnumerable<Placing> placings, PlacingReading reading, StockShelf shelf, TimeSpan holdTime, DateTimeOffset now)
    {
        var decision = new PlacingDecision(reading, shelf, holdTime, now);
        foreach (var placing in placings) decision.Answers[placing.Wish.IdempotencyKey] = decision.Remember(placing, decision.Decide(placing));
        return decision;
    }

    private Outcome<Order> Decide(Placing placing)
    {
        var wish = placing.Wish;
        var basket = _reading.BasketOf(wish.BasketId);
        if (basket is not null && !wish.Shopper.MayUse(basket.CustomerId)) return OrderRefusals.NoBasket();
        if (_reading.ClaimOf(wish.BasketId) is { } before) return OrderRefusals.Claimed(before.Number, before.Key);
        if (_claims.TryGetValue(wish.BasketId, out var claim)) return OrderRefusals.Claimed(claim.Number, claim.Key);
        var delivery = basket is null ? null : _reading.DeliveryTo(wish.ShippingAddress.CountryCode, basket.Currency);
        var priced = OrderDraft.Price(placing, basket, delivery, _reading.PricesIncludeTax, _holdTime, _now);
        if (priced.IsRefused) return priced;

        var order = priced.Value;
        var units = order.Lines.Select(l => (l.VariantId, l.Quantity));
        if (_shelf.TryTake(units) is not { } allocations)
        {
            IsShort |= _shelf.HadEnough(units);
            return OrderRefusals.Short(Missing(order));
        }
        order.TakenFrom(_shelf);
        _claims[order.BasketId] = (order.Number, order.Key);
        Promises.AddRange(allocations.Select(a => (order.Id, a, order.ReservedUntil)));
        Orders.Add(order);
        return order;
    }

    /// <summary>The lines that fall short; all of them when each alone could be had and only their shared stock cannot.</summary>
    private IEnumerable<(OrderLine Line, int Available)> Missing(Order order)
    {
        var lines = order.Lines.Select(l => (Line: l, Available: _shelf.Available(l.VariantId))).ToList();
        return lines.Exists(l => l.Available < l.Line.Quantity) ? lines.Where(l => l.Available < l.Line.Quantity) : lines;
    }

    private PlacingAnswer Remember(Placing placing, Outcome<Order> outcome)
    {
        var answer = outcome.Refusal is { } refusal
            ? new PlacingAnswer(null, refusal)
            : new PlacingAnswer(JsonSerializer.Serialize(OrderView.Of(outcome.Value), OrderView.Json), null);
        Records.Add(new IdempotencyRecord
        {
            Key = placing.Wish.IdempotencyKey,
            Fingerprint = placing.Fingerprint,
            Refused = answer.Refusal is not null,
            Answer = answer.Answer ?? JsonSerializer.Serialize(answer.Refusal, OrderView.Json),
            CreatedAt = _now,
        });
        return answer;
    }
}
