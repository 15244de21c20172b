using System.Data;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>
/// Places a batch of orders in one transaction of five round trips, however many orders; the ordinary batch has one. Locks are always taken
/// in this order: idempotency keys (tried, never waited for), baskets by id, stock items by id; so batches in flight, here and at other
/// instances, cannot deadlock. Prices are read under the basket's lock, so a basket cannot change between being priced and being ordered.
/// Stock is what everybody wants, so it is locked last: orders are decided on a look at it and written, and only then are its rows locked
/// and the units taken from what they say by then. Where that does not suffice, they are locked first and everything is decided under the lock.
/// </summary>
internal sealed class OrderBatch(ShopDb db, IReadOnlyList<Placing> placings, TimeSpan holdTime, DateTimeOffset now, CancellationToken cancellation)
{
    // Every row here is found by its key. A prepared plan outlives the moment it was made in: made while a table was small it would scan it, and go
    // on scanning while a sale fills it, until the next ANALYZE. So this transaction, the checks of its foreign keys included, never plans a scan;
    // and since plans by key are right for any values, it makes each of them once and not once per batch.
    private const string ByIndex = """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
            set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    /// <summary>Answers in the order of the placings. Safe to repeat after a commit of unknown outcome: the records tell.</summary>
    public static Task<IReadOnlyList<PlacingAnswer>> CommitAsync(ShopDb db, IReadOnlyList<Placing> placings, TimeSpan holdTime, DateTimeOffset now, CancellationToken cancellation)
    {
        var batch = new OrderBatch(db, placings, holdTime, now, cancellation);
        return db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            await batch.TryCommitAsync(lockFirst: false) ?? await batch.TryCommitAsync(lockFirst: true) ?? throw new InvalidOperationException("Stock that is locked has moved; nothing was committed."));
    }

    /// <returns>Null when the stock has moved since it was looked at; nothing was committed then.</returns>
    private async Task<IReadOnlyList<PlacingAnswer>?> TryCommitAsync(bool lockFirst)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var (mine, records) = await TakeKeysAsync();
        var open = placings.Where(p => mine.Contains(p.Wish.IdempotencyKey) && !records.ContainsKey(p.Wish.IdempotencyKey)).DistinctBy(p => p.Wish.IdempotencyKey).ToList();
        Dictionary<string, PlacingAnswer> decided = [];
        if (open.Count > 0)
        {
            var reading = await PlacingReading.LockAsync(db, [.. open.Select(p => p.Wish)], now, cancellation);
            var shelf = lockFirst ? await StockShelf.LockAsync(db, reading.VariantIds, cancellation) : await StockShelf.PeekAsync(db, reading.VariantIds, cancellation);
            var decision = PlacingDecision.On(open, reading, shelf, holdTime, now);
            // Nobody is refused on a mere look.
            var isLocked = lockFirst || decision.IsShort;
            if (isLocked && !lockFirst) decision = PlacingDecision.On(open, reading, await StockShelf.LockAsync(db, reading.VariantIds, cancellation), holdTime, now);
            await WriteAsync(decision);
            if (!await db.TryReserveAsync(decision.Promises, isLocked ? [] : reading.VariantIds, now, cancellation)) return null;
            decided = decision.Answers;
        }
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Answers(mine, records, decided);
    }

    private List<PlacingAnswer> Answers(HashSet<string> mine, Dictionary<string, IdempotencyRecord> records, Dictionary<string, PlacingAnswer> decided)
    {
        var answers = new List<PlacingAnswer>(placings.Count);
        foreach (var placing in placings)
        {
            var key = placing.Wish.IdempotencyKey;
            if (!mine.Remove(key)) // held by another batch, or by an earlier request of this one
                answers.Add(new PlacingAnswer(null, new Refusal(OrderRefusals.InFlight, "A request with this Idempotency-Key is being worked on.")));
            else
                answers.Add(records.TryGetValue(key, out var record) ? PlacingAnswer.Replay(record, placing.Fingerprint) : decided[key]);
        }
        return answers;
    }

    /// <summary>The keys nobody else is working on, and what was answered under them before. The records are read after the locks: what a rival has just committed is seen.</summary>
    private async Task<(HashSet<string> Mine, Dictionary<string, IdempotencyRecord> Records)> TakeKeysAsync()
    {
        string[] keys = [.. placings.Select(p => p.Wish.IdempotencyKey).Distinct()];
        await using var batch = db.Batch();
        batch.Add(ByIndex);
        batch.Add("SELECT pg_try_advisory_xact_lock(k.id) FROM unnest($1) WITH ORDINALITY AS k(id, position) ORDER BY k.position").With(keys.Select(IdempotencyRecord.LockId).ToArray());
        batch.Add("SELECT key, fingerprint, refused, answer, created_at FROM idempotency_records WHERE key = ANY($1)").With(keys);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
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
    private async Task WriteAsync(PlacingDecision decision)
    {
        var orders = decision.Orders;
        await using var batch = db.Batch();
        batch.BatchCommands.Add(MultiRowInsert.Of(db, decision.Records));
        if (orders.Count > 0)
        {
            batch.Add("UPDATE baskets b SET order_id = c.order_id, updated_at = $3 FROM unnest($1, $2) AS c(basket_id, order_id) WHERE b.id = c.basket_id")
                .With(orders.Select(o => o.BasketId).ToArray()).With(orders.Select(o => o.Id).ToArray()).With(now);
            batch.BatchCommands.Add(MultiRowInsert.Of(db, orders));
            batch.BatchCommands.Add(MultiRowInsert.Of(db, orders.SelectMany(o => o.Lines).ToList()));
            batch.BatchCommands.Add(MultiRowInsert.Of(db, orders.Select(o => o.Payment!).ToList()));
            batch.BatchCommands.Add(MultiRowInsert.Of(db, orders.Select(ExpiryOf).ToList()));
        }
        await batch.PrepareAsync(cancellation);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static OutboxRow ExpiryOf(Order order) =>
        Enqueueing.RowOf(new NewJob(JobKinds.ExpireReservation, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent, order.ReservedUntil));
}
