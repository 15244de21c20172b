using Commerce.Mail;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>Units of a line of an order, by the line's position.</summary>
public sealed record LineUnits(int Position, int Quantity)
{
    /// <summary>Everything that is left of the lines.</summary>
    internal static List<LineUnits> All(Order order, Func<OrderLine, int> leftOf) => [.. order.Lines.Where(l => leftOf(l) > 0).Select(l => new LineUnits(l.Position, leftOf(l)))];

    /// <summary>Why the order has no such units; null when it has. A line may be named once.</summary>
    internal static Refusal? FirstImpossible(Order order, IReadOnlyList<LineUnits> units, Func<OrderLine, int> leftOf)
    {
        foreach (var wanted in units.GroupBy(u => u.Position))
        {
            var left = order.Lines.Find(l => l.Position == wanted.Key) is { } line ? leftOf(line) : 0;
            if (wanted.Count() > 1) return OrderRefusals.NamedTwice(wanted.Key);
            var quantity = wanted.Single().Quantity;
            if (quantity < 1 || quantity > left) return OrderRefusals.NoSuchUnits(wanted.Key, quantity, left);
        }
        return null;
    }
}

/// <summary>What is being sent.</summary>
/// <param name="IdempotencyKey">The caller's name for this attempt; the same key is the same fulfilment.</param>
/// <param name="Lines">Null: everything that is still to be sent.</param>
/// <param name="EvenUnpaid">Also when nothing is left of the money that was paid.</param>
/// <param name="EvenMissing">Also units that do not lie there as far as the shop knows: the last count was wrong.</param>
public sealed record NewFulfilment(string IdempotencyKey, IReadOnlyList<LineUnits>? Lines, Tracking Tracking, bool EvenUnpaid = false, bool EvenMissing = false)
{
    internal string Fingerprint() => IdempotencyRecord.FingerprintOf(new { Lines, Tracking });
}

/// <summary>Sending orders, whole or in part.</summary>
public sealed class FulfilmentVerbs(ShopDb db, TimeProvider clock)
{
    /// <summary>Notes units as sent and leaves the job that tells the shopper; under a known key answers the fulfilment of that key.</summary>
    public Task<Outcome<Fulfilment>> FulfilAsync(string number, NewFulfilment wish, Instruction instruction, CancellationToken cancellation) =>
        db.ChangeOrderAsync<Fulfilment>(number, instruction with { ExpectedVersion = null }, async order =>
        {
            var earlier = await db.Fulfilments.Include(f => f.Lines).FirstOrDefaultAsync(f => f.OrderId == order.Id && f.IdempotencyKey == wish.IdempotencyKey, cancellation);
            if (earlier is not null) return earlier.Fingerprint == wish.Fingerprint() ? earlier : OrderRefusals.Reused();
            if (instruction.ExpectedVersion is { } seen && seen != order.Version) return OrderRefusals.Moved(order.Version);
            if (order.Status != OrderStatus.Paid) return new Refusal(OrderRefusals.NotPaid, $"The order is {OrderView.StatusName(order.Status)}; only a paid order is sent.");

            var units = wish.Lines ?? LineUnits.All(order, l => l.UnsentQuantity);
            if (units.Count == 0) return new Refusal(OrderRefusals.AlreadyShipped, "Everything that is to be sent was sent.");
            if (LineUnits.FirstImpossible(order, units, l => l.UnsentQuantity) is { } refusal) return refusal;
            if (!wish.EvenUnpaid && await IsPaidBackAsync(order, cancellation)) return new Refusal(OrderRefusals.PaidBack,
                "Nothing is left of what was paid for this order: it was refunded, or the shopper's bank took it back. Cancel what is unsent, or say evenUnpaid to send it all the same.");
            if (!wish.EvenMissing && await db.FindMissingAsync(order, units, cancellation) is { Count: > 0 } missing) return OrderRefusals.NotThere(missing);
            return Send(order, wish, units, instruction);
        }, cancellation);

    /// <summary>
    /// How a parcel can be followed, once it is known or when it was mistyped. A number or an address that is new leaves the job that tells the shopper, unless a mail
    /// about the parcel is still to be made, which will say it.
    /// </summary>
    public Task<Outcome<Fulfilment>> TrackAsync(string number, Guid fulfilmentId, Tracking tracking, Instruction instruction, CancellationToken cancellation) =>
        db.ChangeOrderAsync<Fulfilment>(number, instruction, async order =>
        {
            var found = await db.Fulfilments.Include(f => f.Lines).FirstOrDefaultAsync(f => f.Id == fulfilmentId && f.OrderId == order.Id, cancellation);
            if (found is null) return new Refusal(OrderRefusals.FulfilmentNotFound, "The order has no such fulfilment.");
            var isNews = found.IsNewsOf(tracking);
            found.Track(tracking);
            order.Touch();
            db.AuditOrder(order, instruction, "orders.tracked", new { fulfilmentId, tracking });
            if (isNews && !await IsStillToldAsync(order, fulfilmentId, cancellation))
                db.Enqueue(new NewJob(JobKinds.SendTrackingNotice, new { fulfilmentId }, TrackingKey(fulfilmentId, order.Version), order.TraceParent));
            return found;
        }, cancellation);

    private Task<bool> IsStillToldAsync(Order order, Guid fulfilmentId, CancellationToken cancellation) => db.HoldUnsentMailAsync(
        [JobKinds.SendShippingNotice, JobKinds.SendTrackingNotice],
        [ShippingKey(fulfilmentId), .. Enumerable.Range(1, order.Version).Select(version => TrackingKey(fulfilmentId, version))], cancellation);

    private static string ShippingKey(Guid fulfilmentId) => $"fulfilment:{fulfilmentId}";

    /// <param name="version">The order's with this tracking: a parcel may be told of more than once.</param>
    private static string TrackingKey(Guid fulfilmentId, int version) => $"{ShippingKey(fulfilmentId)}:{version}";

    private async Task<bool> IsPaidBackAsync(Order order, CancellationToken cancellation) => order.Payment!.CapturedMinor > 0
        && order.Payment.LeftMinor(await db.Set<Dispute>().AsNoTracking().Where(d => d.OrderId == order.Id).ToListAsync(cancellation)) == 0;

    private Fulfilment Send(Order order, NewFulfilment wish, IReadOnlyList<LineUnits> units, Instruction instruction)
    {
        var id = Guid.CreateVersion7();
        var fulfilment = new Fulfilment
        {
            Id = id,
            OrderId = order.Id,
            SentAt = clock.StoredNow(),
            IdempotencyKey = wish.IdempotencyKey,
            Fingerprint = wish.Fingerprint(),
            Lines = [.. units.Select(u => new FulfilmentLine { FulfilmentId = id, Position = u.Position, Quantity = u.Quantity })],
        };
        fulfilment.Track(wish.Tracking);
        order.Send(fulfilment);
        db.Add(fulfilment);
        db.AuditOrder(order, instruction, "orders.fulfilled", new { fulfilmentId = id, lines = units, wish.Tracking });
        db.Enqueue(new NewJob(JobKinds.SendShippingNotice, new { fulfilmentId = id }, ShippingKey(id), order.TraceParent));
        return fulfilment;
    }
}
