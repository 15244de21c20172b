using System.Data;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Orders;

/// <summary>
/// Places a batch of orders in one transaction of two round trips and the commit, however many orders; the ordinary batch has one. Locks are always taken
/// in this order: idempotency keys (tried, never waited for), baskets by id, stock items by id; so batches in flight, here and at other
/// instances, cannot deadlock. Prices are read under the basket's lock, so a basket cannot change between being priced and being ordered.
/// Stock is what everybody wants, so it is locked last: orders are decided on a look at it and written, and only then are its rows locked
/// and the units taken from what they say by then. Where that might not suffice, they are locked first and everything is decided under the lock (decision 0107).
/// </summary>
internal sealed class OrderBatch(ShopDb db, IReadOnlyList<Placing> placings, TimeSpan holdTime, DateTimeOffset now, CancellationToken cancellation)
{
    /// <summary>Where so many batches like this one would want more than there is, it is scarce: those under way at a few instances, and those that follow them at once.</summary>
    private const int Takers = 8;

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
        var reading = await PlacingReading.LockAsync(db, [.. placings.Select(p => p.Wish)], now, cancellation);
        var open = placings.Where(p => reading.IsOpen(p.Wish.IdempotencyKey)).DistinctBy(p => p.Wish.IdempotencyKey).ToList();
        Dictionary<string, PlacingAnswer> decided = [];
        if (open.Count > 0)
        {
            var shelf = lockFirst ? await StockShelf.LockAsync(db, reading.VariantIds, cancellation) : reading.Shelf!;
            var decision = PlacingDecision.On(open, reading, shelf, holdTime, now);
            // The look refuses only who would be refused alone. Who falls short because of others of this batch, and a large batch of scarce goods, is decided under the lock.
            var isLocked = lockFirst || decision.IsShort || (open.Count >= OrderDesk.Demand && shelf.IsScarceFor(Takers));
            if (isLocked && !lockFirst) decision = PlacingDecision.On(open, reading, await StockShelf.LockAsync(db, reading.VariantIds, cancellation), holdTime, now);
            if (decision.Promises.Count == 0) await db.RunAsync(Rows(decision), cancellation);
            else if (!await db.TryReserveAsync(Rows(decision), decision.Promises, isLocked ? [] : reading.VariantIds, now, cancellation)) return null;
            decided = decision.Answers;
        }
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Answers(reading.Mine, reading.Records, decided);
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

    /// <summary>The unique index on orders.basket_id says what the basket's own row says: one order per basket.</summary>
    private IEnumerable<NpgsqlBatchCommand> Rows(PlacingDecision decision)
    {
        var orders = decision.Orders;
        yield return MultiRowInsert.Of(db, decision.Records);
        if (orders.Count == 0) yield break;
        yield return new NpgsqlBatchCommand("UPDATE baskets b SET order_id = c.order_id, updated_at = $3 FROM unnest($1, $2) AS c(basket_id, order_id) WHERE b.id = c.basket_id")
            .With(orders.Select(o => o.BasketId).ToArray()).With(orders.Select(o => o.Id).ToArray()).With(now);
        yield return MultiRowInsert.Of(db, orders);
        yield return MultiRowInsert.Of(db, orders.SelectMany(o => o.Lines).ToList());
        yield return MultiRowInsert.Of(db, orders.Select(o => o.Payment!).ToList());
        yield return MultiRowInsert.Of(db, orders.Select(ExpiryOf).ToList());
    }

    private static OutboxRow ExpiryOf(Order order) =>
        Enqueueing.RowOf(new NewJob(JobKinds.ExpireReservation, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent, order.ReservedUntil));
}
