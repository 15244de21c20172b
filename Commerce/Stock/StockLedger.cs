using Commerce.Orders;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Stock;

/// <summary>One line for the ledger: what changes at a stock item, and why.</summary>
internal sealed record StockChange(Guid StockItemId, MovementKind Kind, int OnHand, int Reserved, Guid? OrderId = null, string? Reason = null);

/// <summary>
/// The only writer of stock figures. Each verb changes them by one guarded statement and writes the ledger lines and reservations that say
/// why, in the running transaction; the caller holds the locks (<see cref="StockShelf"/>), saves its unit of work and commits.
/// </summary>
public static class StockLedger
{
    // Decides in the same statement whether a variant crosses its low-stock threshold or comes back into stock, which it does at the least that is
    // sold of it: all its items are locked, so the sums cannot change meanwhile. The guard repeats what the shelf has decided, so that a mistake there cannot oversell.
    private const string Change = """
        WITH change AS (SELECT * FROM unnest($1, $2, $3) AS c(id, on_hand, reserved)),
        total AS (
            SELECT s.variant_id, bool_or(s.is_low) AS was_low, sum(s.on_hand - s.reserved) AS before,
                sum(s.on_hand - s.reserved + COALESCE(c.on_hand - c.reserved, 0)) AS after
            FROM stock_items s LEFT JOIN change c ON c.id = s.id
            WHERE s.variant_id IN (SELECT x.variant_id FROM stock_items x JOIN change USING (id))
            GROUP BY s.variant_id),
        verdict AS MATERIALIZED (
            SELECT t.*, v.min_quantity, t.after <= low.at OR (t.was_low AND t.after <= low.at + p.low_stock_margin) AS is_low
            FROM total t JOIN variants v ON v.id = t.variant_id CROSS JOIN shop_policy p
            CROSS JOIN LATERAL (SELECT COALESCE(v.low_stock_threshold, p.low_stock_threshold)) AS low(at)),
        changed AS (
            UPDATE stock_items s SET is_low = t.is_low,
                on_hand = s.on_hand + COALESCE(c.on_hand, 0), reserved = s.reserved + COALESCE(c.reserved, 0)
            FROM verdict t, stock_items x LEFT JOIN change c ON c.id = x.id
            WHERE x.id = s.id AND x.variant_id = t.variant_id AND (c.id IS NOT NULL OR s.is_low <> t.is_low)
                AND (c.id IS NULL OR s.allows_backorder
                    OR (s.reserved + c.reserved >= 0 AND s.on_hand + c.on_hand >= s.reserved + c.reserved))
            RETURNING c.id)
        SELECT t.variant_id, t.is_low AND NOT t.was_low, t.before < t.min_quantity AND t.after >= t.min_quantity, (SELECT count(id) FROM changed) FROM verdict t
        """;

    private sealed record HeldUnits(Reservation Reservation, Guid VariantId);

    private sealed record Taken(Guid StockItemId, Guid VariantId, int Units, int OnHand);

    private static readonly CompiledQuery<Func<ShopDb, Guid, IAsyncEnumerable<HeldUnits>>> HeldBy = new(() => EF.CompileAsyncQuery((ShopDb db, Guid orderId) =>
        db.Reservations.Where(r => r.OrderId == orderId && r.State == ReservationState.Held).Join(db.StockItems, r => r.StockItemId, s => s.Id, (r, s) => new HeldUnits(r, s.VariantId))));

    /// <summary>Promises units to orders, from stock that the caller has locked.</summary>
    public static Task ReserveAsync(this ShopDb db, IReadOnlyList<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)> promises,
        DateTimeOffset now, CancellationToken cancellation)
    {
        var reservations = ReservationsOf(promises, now);
        return db.ApplyAsync(Reserved(reservations), now, cancellation, MultiRowInsert.Of(db, reservations));
    }

    /// <summary>The same for stock that may only have been looked at (<see cref="PlacingReading.Shelf"/>).</summary>
    /// <param name="first">What is written before, in the same round trip: the orders.</param>
    /// <param name="toLock">The variants whose stock is not locked yet.</param>
    /// <returns>False when the stock has moved and no longer suffices: the caller must roll back.</returns>
    internal static Task<bool> TryReserveAsync(this ShopDb db, IEnumerable<NpgsqlBatchCommand> first, IReadOnlyList<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)> promises,
        IEnumerable<Guid> toLock, DateTimeOffset now, CancellationToken cancellation)
    {
        var reservations = ReservationsOf(promises, now);
        return db.TryApplyAsync(first, Reserved(reservations), [.. toLock.Distinct()], now, cancellation, MultiRowInsert.Of(db, reservations));
    }

    private static List<Reservation> ReservationsOf(IReadOnlyList<(Guid OrderId, Allocation Allocation, DateTimeOffset ExpiresAt)> promises, DateTimeOffset now) =>
        [.. promises.Select(p => new Reservation
        {
            Id = Guid.CreateVersion7(now),
            OrderId = p.OrderId,
            StockItemId = p.Allocation.StockItemId,
            Quantity = p.Allocation.Quantity,
            ExpiresAt = p.ExpiresAt,
        })];

    private static IReadOnlyList<StockChange> Reserved(List<Reservation> reservations) =>
        [.. reservations.Select(r => new StockChange(r.StockItemId, MovementKind.Reserved, 0, r.Quantity, r.OrderId))];

    /// <summary>The order is paid: its reserved units leave the stock.</summary>
    public static Task ConsumeReservationsAsync(this ShopDb db, Guid orderId, DateTimeOffset now, CancellationToken cancellation) =>
        db.SettleReservationsAsync(orderId, ReservationState.Consumed, now, cancellation);

    /// <summary>The order will not be paid: its reserved units are available again.</summary>
    public static Task ReleaseReservationsAsync(this ShopDb db, Guid orderId, DateTimeOffset now, CancellationToken cancellation) =>
        db.SettleReservationsAsync(orderId, ReservationState.Released, now, cancellation);

    /// <summary>
    /// Units of a paid order go back on the shelf they were taken from, because it is cancelled or they came back. The units of a bundle are
    /// those of what it was made of then. More than were sold and not returned yet is a mistake of the caller.
    /// </summary>
    /// <param name="wereSent">Of several places the first is taken to be sent from first (<see cref="UnsentUnits"/>): what was sent goes back to the first, and what was not lies in the last.</param>
    /// <exception cref="InvalidOperationException">More units than the order took; nothing was committed.</exception>
    public static async Task ReturnUnitsAsync(this ShopDb db, Guid orderId, IReadOnlyList<(Guid VariantId, int Quantity)> units, bool wereSent, string reason,
        DateTimeOffset now, CancellationToken cancellation)
    {
        if (units.Count == 0) return;
        var wanted = await db.InComponentsAsync(orderId, units, cancellation);
        Guid[] variantIds = [.. wanted.Keys];
        await StockShelf.LockAsync(db, variantIds, cancellation);
        var taken = await db.TakenAsync(orderId, variantIds, cancellation);
        if (!wereSent) taken.Reverse();
        var changes = new List<StockChange>();
        foreach (var item in taken)
        {
            var back = Math.Min(item.Units, wanted[item.VariantId]);
            wanted[item.VariantId] -= back;
            if (back > 0) changes.Add(new StockChange(item.StockItemId, MovementKind.Returned, back, 0, orderId, reason));
        }
        if (wanted.Values.Any(left => left > 0)) throw new InvalidOperationException($"Order {orderId} did not take that many units; nothing was returned.");
        await db.ApplyAsync(changes, now, cancellation);
    }

    /// <summary>First units of a new stock item, in the unit of work that adds it. Whether its variant is low by them is judged once that is committed, by <see cref="CorrectLowAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">The item exists already: its figures are changed under a lock, by <see cref="StockCounts"/>.</exception>
    public static StockMovement Count(this ShopDb db, StockItem item, int onHand, string reason, DateTimeOffset now)
    {
        if (db.Entry(item).State is not (EntityState.Added or EntityState.Detached) || item.OnHand != 0)
            throw new InvalidOperationException("A stock item that exists is changed under a lock.");
        item.OnHand = onHand;
        var movement = new StockMovement { StockItemId = item.Id, Kind = MovementKind.Received, OnHandChange = onHand, ReservedChange = 0, Reason = reason, At = now };
        db.StockMovements.Add(movement);
        return movement;
    }

    /// <summary>Changes figures that the caller has locked and checked, writes the ledger, and leaves a job for every crossing in the unit of work.</summary>
    /// <exception cref="InvalidOperationException">The figures do not allow it: the caller has not checked, or not locked.</exception>
    internal static async Task ApplyAsync(this ShopDb db, IReadOnlyList<StockChange> changes, DateTimeOffset now, CancellationToken cancellation, params NpgsqlBatchCommand[] more)
    {
        if (changes.Count > 0 && !await db.TryApplyAsync([], changes, [], now, cancellation, more)) throw Unfit(changes);
    }

    private static InvalidOperationException Unfit(IReadOnlyList<StockChange> changes) =>
        new($"Stock guard: {changes[0].Kind} does not fit the figures of {changes.Select(c => c.StockItemId).Distinct().Count()} stock items; nothing was committed.");

    /// <param name="toLock">Variants whose stock is not locked yet.</param>
    private static async Task<bool> TryApplyAsync(this ShopDb db, IEnumerable<NpgsqlBatchCommand> first, IReadOnlyList<StockChange> changes, Guid[] toLock, DateTimeOffset now,
        CancellationToken cancellation, params NpgsqlBatchCommand[] more)
    {
        var sums = changes.GroupBy(c => c.StockItemId).Select(g => (Id: g.Key, OnHand: g.Sum(c => c.OnHand), Reserved: g.Sum(c => c.Reserved))).ToList();
        await using var batch = db.Batch();
        foreach (var command in first) batch.BatchCommands.Add(command);
        // A statement of its own: the next one must see what a rival has committed while this one waited.
        if (toLock.Length > 0) batch.Add(StockShelf.LockedRows).With(toLock);
        batch.Add(Change).With(sums.Select(s => s.Id).ToArray()).With(sums.Select(s => s.OnHand).ToArray()).With(sums.Select(s => s.Reserved).ToArray());
        batch.BatchCommands.Add(MultiRowInsert.Of(db, changes.Select(c => new StockMovement
        {
            StockItemId = c.StockItemId,
            Kind = c.Kind,
            OnHandChange = c.OnHand,
            ReservedChange = c.Reserved,
            OrderId = c.OrderId,
            Reason = c.Reason,
            At = now,
        }).ToList()));
        foreach (var command in more) batch.BatchCommands.Add(command);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (toLock.Length > 0) await reader.NextResultAsync(cancellation);
        var verdicts = await reader.ToListAsync(r => (VariantId: r.GetGuid(0), HasFallen: r.GetBoolean(1), IsBack: r.GetBoolean(2), Changed: r.GetInt64(3)), cancellation);
        if (verdicts is [] || verdicts[0].Changed != sums.Count) return false;
        foreach (var variant in verdicts)
        {
            if (variant.HasFallen) db.Enqueue(new NewJob(JobKinds.AlertLowStock, new { variantId = variant.VariantId }));
            if (variant.IsBack) db.Enqueue(new NewJob(JobKinds.AnnounceBackInStock, new { variantId = variant.VariantId }));
        }
        return true;
    }

    /// <summary>Decides anew whether variants are low, because their threshold is another one; their stock is locked by the caller. Leaves a job for each that is and was not.</summary>
    internal static async Task JudgeStockAsync(this ShopDb db, IReadOnlyCollection<Guid> variantIds, CancellationToken cancellation)
    {
        foreach (var variantId in await db.NewlyLowAsync(variantIds, cancellation)) db.Enqueue(new NewJob(JobKinds.AlertLowStock, new { variantId }));
    }

    /// <summary>The same in a transaction of its own.</summary>
    internal static Task JudgeStockAloneAsync(this ShopDb db, IReadOnlyCollection<Guid> variantIds, CancellationToken cancellation) =>
        variantIds.Count == 0 ? Task.CompletedTask : db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await StockShelf.LockAsync(db, variantIds, cancellation);
            await db.JudgeStockAsync(variantIds, cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        });

    /// <summary>Writes the verdicts of variants anew and answers those that are low and were not said to be. A bundle has none.</summary>
    private static async Task<List<Guid>> NewlyLowAsync(this ShopDb db, IReadOnlyCollection<Guid> variantIds, CancellationToken cancellation)
    {
        var items = (await db.StockItems.Where(s => variantIds.Contains(s.VariantId) && !db.BundleComponents.Any(c => c.BundleId == s.VariantId))
            .Select(s => new { s.VariantId, s.Id }).ToListAsync(cancellation)).DistinctBy(s => s.VariantId).Select(s => s.Id).ToArray();
        if (items.Length == 0) return [];
        var none = new int[items.Length];
        await using var batch = db.Batch();
        batch.Add(Change).With(items).With(none).With(none);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return [.. (await reader.ToListAsync(r => (VariantId: r.GetGuid(0), HasFallen: r.GetBoolean(1)), cancellation)).Where(v => v.HasFallen).Select(v => v.VariantId)];
    }

    /// <summary>
    /// Brings the verdicts of those variants in line whose figures contradict it, because their stock is new or was written without one. That leaves no job: nothing has
    /// fallen, and many may begin low at once. Within the margin above the threshold either verdict stands. A transaction of its own, and none where all is in order.
    /// </summary>
    /// <returns>How many are low now and were not said to be.</returns>
    internal static async Task<int> CorrectLowAsync(this ShopDb db, IReadOnlyCollection<Guid> variantIds, CancellationToken cancellation)
    {
        Guid[] ids = [.. variantIds];
        if (ids.Length == 0) return 0;
        var wrong = await db.Database.SqlQuery<Guid>($"""
            SELECT v.id AS "Value" FROM variants v JOIN stock_items s ON s.variant_id = v.id CROSS JOIN shop_policy p
            WHERE v.id = ANY({ids}) AND NOT EXISTS (SELECT FROM bundle_components b WHERE b.bundle_id = v.id)
            GROUP BY v.id, v.low_stock_threshold, p.low_stock_threshold, p.low_stock_margin
            HAVING bool_or(s.is_low) <> bool_and(s.is_low)
                OR (NOT bool_or(s.is_low) AND sum(s.on_hand - s.reserved) <= COALESCE(v.low_stock_threshold, p.low_stock_threshold))
                OR (bool_or(s.is_low) AND sum(s.on_hand - s.reserved) > COALESCE(v.low_stock_threshold, p.low_stock_threshold) + p.low_stock_margin)
            """).ToArrayAsync(cancellation);
        if (wrong.Length == 0) return 0;
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await StockShelf.LockAsync(db, wrong, cancellation);
            var fallen = (await db.NewlyLowAsync(wrong, cancellation)).Count;
            await transaction.CommitAsync(cancellation);
            return fallen;
        });
    }

    /// <summary>The order's row is locked by the caller, and with it which reservations it holds.</summary>
    private static async Task SettleReservationsAsync(this ShopDb db, Guid orderId, ReservationState to, DateTimeOffset now, CancellationToken cancellation)
    {
        var held = new List<HeldUnits>();
        await foreach (var units in HeldBy.For(db)(db, orderId).WithCancellation(cancellation)) held.Add(units);
        if (held.Count == 0) return;
        var isSold = to == ReservationState.Consumed;
        var changes = new List<StockChange>();
        foreach (var (reservation, _) in held)
        {
            reservation.State = to;
            changes.Add(new StockChange(reservation.StockItemId, isSold ? MovementKind.Sold : MovementKind.Released, isSold ? -reservation.Quantity : 0, -reservation.Quantity, orderId));
        }
        if (!await db.TryApplyAsync([], changes, [.. held.Select(h => h.VariantId).Distinct()], now, cancellation)) throw Unfit(changes);
    }

    /// <summary>
    /// Units of a paid order that it still waits for (<see cref="AwaitedUnits"/>), because it was sold more than there was, are owed no more. Units that lie there do not come back by this.
    /// </summary>
    /// <param name="order">As it is before its units are taken back.</param>
    /// <param name="units">Of the order's, those that nobody will send any more.</param>
    public static async Task ForgiveUnitsAsync(this ShopDb db, Order order, IReadOnlyList<(Guid VariantId, int Quantity)> units, string reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var left = await db.InComponentsAsync(order.Id, units, cancellation);
        Guid[] variantIds = [.. left.Keys];
        await StockShelf.LockAsync(db, variantIds, cancellation);
        var lacking = await db.FindLackingAsync(order, cancellation);
        var changes = new List<StockChange>();
        foreach (var (id, variantId, taken, onHand) in (await db.TakenAsync(order.Id, variantIds, cancellation)).Where(item => item.OnHand < 0))
        {
            var owed = Math.Min(Math.Min(taken, -onHand), Math.Min(lacking.GetValueOrDefault(variantId), left[variantId]));
            if (owed <= 0) continue;
            left[variantId] -= owed;
            lacking[variantId] -= owed;
            changes.Add(new StockChange(id, MovementKind.Returned, owed, 0, order.Id, reason));
        }
        await db.ApplyAsync(changes, now, cancellation);
    }

    /// <summary>What an order took of variants, less what it gave back, by stock item in the order in which that is taken to be sent.</summary>
    private static async Task<List<Taken>> TakenAsync(this ShopDb db, Guid orderId, Guid[] variantIds, CancellationToken cancellation) =>
        await db.StockMovements.Where(m => m.OrderId == orderId && (m.Kind == MovementKind.Sold || m.Kind == MovementKind.Returned))
            .Join(db.StockItems.Where(s => variantIds.Contains(s.VariantId)), m => m.StockItemId, s => s.Id, (m, s) => new { s.Id, s.VariantId, s.OnHand, m.OnHandChange })
            .GroupBy(m => new { m.Id, m.VariantId, m.OnHand }).OrderBy(g => g.Key.Id).Select(g => new Taken(g.Key.Id, g.Key.VariantId, -g.Sum(m => m.OnHandChange), g.Key.OnHand)).ToListAsync(cancellation);

    /// <summary>How many units of which stock that was: bundles counted in what they were made of.</summary>
    private static async Task<Dictionary<Guid, int>> InComponentsAsync(this ShopDb db, Guid orderId, IReadOnlyList<(Guid VariantId, int Quantity)> units, CancellationToken cancellation)
    {
        Guid[] ids = [.. units.Select(u => u.VariantId)];
        var parts = await db.Set<OrderLine>().Where(l => l.OrderId == orderId && ids.Contains(l.VariantId)).Select(l => new { l.VariantId, l.Components })
            .ToDictionaryAsync(l => l.VariantId, l => l.Components, cancellation);
        return units.SelectMany(u => parts.GetValueOrDefault(u.VariantId) is { } bundle
                ? bundle.Select(p => (p.VariantId, Quantity: p.Quantity * u.Quantity))
                : [(u.VariantId, u.Quantity)])
            .GroupBy(u => u.VariantId).ToDictionary(g => g.Key, g => g.Sum(u => u.Quantity));
    }
}
