using System.Data;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>
/// Places a batch of orders in one transaction of five round trips, however many orders; the ordinary batch has one. Locks are always taken
/// in this order: idempotency keys (tried, never waited for), baskets by id, stock items by id; so batches of several instances cannot
/// deadlock. Prices are read under the basket's lock, so a basket cannot change between being priced and being ordered.
/// </summary>
internal sealed class OrderBatch(ShopDb db, IReadOnlyList<Placing> placings, TimeSpan holdTime, DateTimeOffset now, CancellationToken cancellation)
{
    private readonly List<IdempotencyRecord> _records = [];
    private readonly List<Order> _orders = [];
    private readonly List<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)> _promises = [];

    /// <summary>Answers in the order of the placings. Safe to repeat after a commit of unknown outcome: the records tell.</summary>
    public static Task<IReadOnlyList<PlacingAnswer>> CommitAsync(ShopDb db, IReadOnlyList<Placing> placings, TimeSpan holdTime, DateTimeOffset now, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var batch = new OrderBatch(db, placings, holdTime, now, cancellation);
            var answers = await batch.DecideAsync();
            await batch.WriteAsync();
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return answers;
        });

    private async Task<IReadOnlyList<PlacingAnswer>> DecideAsync()
    {
        var (mine, records) = await TakeKeysAsync();
        var open = placings.Where(p => mine.Contains(p.Wish.IdempotencyKey) && !records.ContainsKey(p.Wish.IdempotencyKey)).ToList();
        var reading = await PlacingReading.LockAsync(db, [.. open.Select(p => p.Wish)], now, cancellation);
        var shelf = open.Count == 0 ? null : await StockShelf.LockAsync(db, reading.VariantIds, cancellation);

        var answers = new List<PlacingAnswer>(placings.Count);
        foreach (var placing in placings)
        {
            var key = placing.Wish.IdempotencyKey;
            if (!mine.Remove(key)) // held by another batch, or by an earlier request of this one
                answers.Add(new PlacingAnswer(null, new Refusal(OrderRefusals.InFlight, "A request with this Idempotency-Key is being worked on.")));
            else if (records.TryGetValue(key, out var record))
                answers.Add(PlacingAnswer.Replay(record, placing.Fingerprint));
            else
                answers.Add(Remember(placing, Decide(placing, reading, shelf!)));
        }
        return answers;
    }

    /// <summary>All or nothing for this order, in order of arrival.</summary>
    private Outcome<Order> Decide(Placing placing, PlacingReading reading, StockShelf shelf)
    {
        if (reading.ClaimOf(placing.Wish.BasketId) is { } claim) return OrderRefusals.Claimed(claim.Number, claim.Key);
        var basket = reading.BasketOf(placing.Wish.BasketId);
        var delivery = basket is null ? null : reading.DeliveryTo(placing.Wish.ShippingAddress.CountryCode, basket.Currency);
        var priced = OrderDraft.Price(placing, basket, delivery, reading.PricesIncludeTax, holdTime, now);
        if (priced.IsRefused) return priced;

        var order = priced.Value;
        if (shelf.TryTake(order.Lines.Select(l => (l.VariantId, l.Quantity))) is not { } allocations) return OrderRefusals.Short(Missing(order, shelf));
        reading.Claim(order);
        _promises.AddRange(allocations.Select(a => (order.Id, a, order.ReservedUntil)));
        _orders.Add(order);
        return order;
    }

    /// <summary>The lines that fall short; all of them when each alone could be had and only their shared stock cannot.</summary>
    private static IEnumerable<(OrderLine Line, int Available)> Missing(Order order, StockShelf shelf)
    {
        var lines = order.Lines.Select(l => (Line: l, Available: shelf.Available(l.VariantId))).ToList();
        return lines.Exists(l => l.Available < l.Line.Quantity) ? lines.Where(l => l.Available < l.Line.Quantity) : lines;
    }

    private PlacingAnswer Remember(Placing placing, Outcome<Order> outcome)
    {
        var answer = outcome.Refusal is { } refusal
            ? new PlacingAnswer(null, refusal)
            : new PlacingAnswer(JsonSerializer.Serialize(OrderView.Of(outcome.Value), OrderView.Json), null);
        _records.Add(new IdempotencyRecord
        {
            Key = placing.Wish.IdempotencyKey,
            Fingerprint = placing.Fingerprint,
            Refused = answer.Refusal is not null,
            Answer = answer.Answer ?? JsonSerializer.Serialize(answer.Refusal, OrderView.Json),
            CreatedAt = now,
        });
        return answer;
    }

    /// <summary>The keys nobody else is working on, and what was answered under them before. The records are read after the locks: what a rival has just committed is seen.</summary>
    private async Task<(HashSet<string> Mine, Dictionary<string, IdempotencyRecord> Records)> TakeKeysAsync()
    {
        string[] keys = [.. placings.Select(p => p.Wish.IdempotencyKey).Distinct()];
        await using var batch = db.Batch();
        batch.Add("SELECT pg_try_advisory_xact_lock(k.id) FROM unnest($1) WITH ORDINALITY AS k(id, position) ORDER BY k.position").With(keys.Select(IdempotencyRecord.LockId).ToArray());
        batch.Add("SELECT key, fingerprint, refused, answer, created_at FROM idempotency_records WHERE key = ANY($1)").With(keys);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var held = await reader.ToListAsync(r => r.GetBoolean(0), cancellation);
        await reader.NextResultAsync(cancellation);
        var records = await reader.ToListAsync(r => new IdempotencyRecord
        {
            Key = r.GetString(0),
            Fingerprint = r.GetString(1),
            Refused = r.GetBoolean(2),
            Answer = r.GetString(3),
            CreatedAt = r.GetFieldValue<DateTimeOffset>(4),
        }, cancellation);
        return ([.. keys.Zip(held).Where(k => k.Second).Select(k => k.First)], records.ToDictionary(r => r.Key));
    }

    /// <summary>The unique index on orders.basket_id says what the basket's own row says: one order per basket.</summary>
    private async Task WriteAsync()
    {
        if (_records.Count == 0) return;
        await using var batch = db.Batch();
        batch.BatchCommands.Add(MultiRowInsert.Of(db, _records));
        if (_orders.Count > 0)
        {
            batch.Add("UPDATE baskets b SET order_id = c.order_id, updated_at = $3 FROM unnest($1, $2) AS c(basket_id, order_id) WHERE b.id = c.basket_id")
                .With(_orders.Select(o => o.BasketId).ToArray()).With(_orders.Select(o => o.Id).ToArray()).With(now);
            batch.BatchCommands.Add(MultiRowInsert.Of(db, _orders));
            batch.BatchCommands.Add(MultiRowInsert.Of(db, _orders.SelectMany(o => o.Lines).ToList()));
            batch.BatchCommands.Add(MultiRowInsert.Of(db, _orders.Select(o => o.Payment!).ToList()));
            batch.BatchCommands.Add(MultiRowInsert.Of(db, _orders.Select(ExpiryOf).ToList()));
        }
        await batch.PrepareAsync(cancellation);
        await batch.ExecuteNonQueryAsync(cancellation);
        await db.ReserveAsync(_promises, now, cancellation);
    }

    private static OutboxRow ExpiryOf(Order order) =>
        Enqueueing.RowOf(new NewJob(JobKinds.ExpireReservation, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent, order.ReservedUntil));
}
