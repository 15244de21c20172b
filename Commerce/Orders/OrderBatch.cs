using System.Data;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>What became of one draft. Stale: the basket changed after it was priced, price it again.</summary>
internal sealed record BatchResult(PlacingAnswer? Answer)
{
    public static readonly BatchResult Stale = new((PlacingAnswer?)null);
}

/// <summary>
/// Places a batch of orders in one transaction; the ordinary batch has one. Locks are always taken in this order: idempotency keys
/// (tried, never waited for), baskets by id, stock items by id; so batches of several instances cannot deadlock.
/// </summary>
internal static class OrderBatch
{
    /// <summary>Results in the order of the drafts. Safe to repeat after a commit of unknown outcome: the records tell.</summary>
    public static Task<IReadOnlyList<BatchResult>> CommitAsync(ShopDb db, IReadOnlyList<OrderDraft> drafts, DateTimeOffset now, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            var results = await DecideAsync(db, drafts, now, cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return results;
        });

    private static async Task<IReadOnlyList<BatchResult>> DecideAsync(ShopDb db, IReadOnlyList<OrderDraft> drafts, DateTimeOffset now, CancellationToken cancellation)
    {
        var mine = await TryLockKeysAsync(db, drafts, cancellation);
        string[] keys = [.. mine];
        var records = await db.IdempotencyRecords.AsNoTracking().Where(r => keys.Contains(r.Key)).ToDictionaryAsync(r => r.Key, cancellation);
        var baskets = await LockBasketsAsync(db, drafts.Where(d => mine.Contains(d.Wish.IdempotencyKey)), cancellation);
        var shelf = await StockShelf.LockAsync(db, drafts.Where(d => d.Order is not null).SelectMany(d => d.Order!.Lines).Select(l => l.VariantId), cancellation);

        var results = new List<BatchResult>(drafts.Count);
        var promises = new List<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)>();
        foreach (var draft in drafts)
        {
            if (!mine.Remove(draft.Wish.IdempotencyKey))
                results.Add(new(new PlacingAnswer(null, new Refusal(OrderRefusals.InFlight, "A request with this Idempotency-Key is being worked on."))));
            else if (records.TryGetValue(draft.Wish.IdempotencyKey, out var record))
                results.Add(new(PlacingAnswer.Replay(record, draft.Wish.Fingerprint())));
            else
                results.Add(Decide(db, draft, baskets, shelf, promises, now));
        }
        await ClaimBasketsAsync(db, drafts, promises.Select(p => p.OrderId).ToHashSet(), now, cancellation);
        await db.ReserveAsync(promises, now, cancellation);
        return results;
    }

    private static BatchResult Decide(ShopDb db, OrderDraft draft, Dictionary<string, BasketClaim> baskets, StockShelf shelf,
        List<(Guid, Allocation, DateTimeOffset)> promises, DateTimeOffset now)
    {
        var basket = baskets.GetValueOrDefault(draft.Wish.BasketId);
        if (basket?.Number is not null) return Refuse(OrderRefusals.Claimed(basket.Number, basket.Key!));
        if (draft.Refusal is { } refusal) return Refuse(refusal);
        if (basket is null || basket.Version != draft.BasketVersion) return BatchResult.Stale;

        var order = draft.Order!;
        if (shelf.TryTake(order.Lines.Select(l => (l.VariantId, l.Quantity))) is not { } allocations)
            return Refuse(OrderRefusals.Short(order.Lines.Where(l => shelf.Available(l.VariantId) < l.Quantity).Select(l => (l, shelf.Available(l.VariantId)))));

        (basket.Number, basket.Key) = (order.Number, order.Key);
        promises.AddRange(allocations.Select(a => (order.Id, a, order.ReservedUntil)));
        db.Orders.Add(order);
        db.Enqueue(new NewJob(JobKinds.ExpireReservation, new { orderId = order.Id }, $"order:{order.Id}", order.TraceParent, order.ReservedUntil));
        var answer = JsonSerializer.Serialize(OrderView.Of(order), OrderView.Json);
        Remember(refused: false, answer);
        return new(new PlacingAnswer(answer, null));

        BatchResult Refuse(Refusal refusal)
        {
            Remember(refused: true, JsonSerializer.Serialize(refusal, OrderView.Json));
            return new(new PlacingAnswer(null, refusal));
        }

        void Remember(bool refused, string answer) => db.IdempotencyRecords.Add(new IdempotencyRecord
        {
            Key = draft.Wish.IdempotencyKey,
            Fingerprint = draft.Wish.Fingerprint(),
            Refused = refused,
            Answer = answer,
            CreatedAt = now,
        });
    }

    /// <summary>The keys nobody else is working on. A second draft with a key of the same batch finds it gone.</summary>
    private static async Task<HashSet<string>> TryLockKeysAsync(ShopDb db, IReadOnlyList<OrderDraft> drafts, CancellationToken cancellation)
    {
        string[] keys = [.. drafts.Select(d => d.Wish.IdempotencyKey).Distinct()];
        long[] locks = [.. keys.Select(IdempotencyRecord.LockId)];
        var held = await db.Database.SqlQuery<bool>($"""
            SELECT pg_try_advisory_xact_lock(k.id) AS "Value" FROM unnest({locks}) WITH ORDINALITY AS k(id, position) ORDER BY k.position
            """).ToListAsync(cancellation);
        return [.. keys.Zip(held).Where(k => k.Second).Select(k => k.First)];
    }

    private static async Task<Dictionary<string, BasketClaim>> LockBasketsAsync(ShopDb db, IEnumerable<OrderDraft> drafts, CancellationToken cancellation)
    {
        string[] ids = [.. drafts.Select(d => d.Wish.BasketId).Distinct()];
        var baskets = await db.Database.SqlQuery<BasketClaim>($"""
            SELECT id, version, order_id, NULL AS number, NULL AS key FROM baskets WHERE id = ANY({ids}) ORDER BY id FOR UPDATE
            """).ToListAsync(cancellation);
        // A statement of its own: the one above may have waited for the rival that placed the order, and does not see rows newer than its start.
        Guid[] orderIds = [.. baskets.Where(b => b.OrderId is not null).Select(b => b.OrderId!.Value)];
        if (orderIds.Length > 0)
        {
            var orders = await db.Orders.Where(o => orderIds.Contains(o.Id)).Select(o => new { o.Id, o.Number, o.Key }).ToDictionaryAsync(o => o.Id, cancellation);
            foreach (var basket in baskets.Where(b => b.OrderId is not null))
                (basket.Number, basket.Key) = (orders[basket.OrderId!.Value].Number, orders[basket.OrderId.Value].Key);
        }
        return baskets.ToDictionary(b => b.Id);
    }

    /// <summary>The unique index on orders.basket_id says the same; this lets the basket itself refuse changes and name its order.</summary>
    private static Task<int> ClaimBasketsAsync(ShopDb db, IReadOnlyList<OrderDraft> drafts, HashSet<Guid> placed, DateTimeOffset now, CancellationToken cancellation)
    {
        var claims = drafts.Where(d => d.Order is not null && placed.Contains(d.Order.Id)).ToList();
        if (claims.Count == 0) return Task.FromResult(0);
        string[] basketIds = [.. claims.Select(c => c.Wish.BasketId)];
        Guid[] orderIds = [.. claims.Select(c => c.Order!.Id)];
        return db.Database.ExecuteSqlAsync($"""
            UPDATE baskets b SET order_id = c.order_id, updated_at = {now}
            FROM unnest({basketIds}, {orderIds}) AS c(basket_id, order_id) WHERE b.id = c.basket_id
            """, cancellation);
    }

    private sealed class BasketClaim
    {
        public required string Id { get; init; }
        public int Version { get; init; }
        public Guid? OrderId { get; init; }
        public string? Number { get; set; }
        public string? Key { get; set; }
    }
}
