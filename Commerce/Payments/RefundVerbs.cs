using Commerce.Orders;
using Commerce.Pricing;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace Commerce.Payments;

/// <summary>Money that shall go back.</summary>
/// <param name="IdempotencyKey">The caller's name for this attempt; the same key is the same refund.</param>
/// <param name="AmountMinor">Minor units. Null: what the lines cost; without lines, everything that is left.</param>
/// <param name="Lines">The units it pays back. Null: none when there is an amount, otherwise all that are left.</param>
/// <param name="Restock">Whether those units go back into stock.</param>
public sealed record NewRefund(string IdempotencyKey, long? AmountMinor, IReadOnlyList<LineUnits>? Lines, bool Restock)
{
    internal string Fingerprint() => IdempotencyRecord.FingerprintOf(new { AmountMinor, Lines, Restock });
}

/// <summary>Refunds: promised here under the order's lock, never more than was captured; carried out by a job.</summary>
public sealed class RefundVerbs(ShopDb db, StripeGateway stripe, TimeProvider clock)
{
    /// <summary>
    /// Stripe forgets idempotency keys after about a day; a refund that has waited longer than this is looked for before it is asked for again.
    /// </summary>
    private static readonly TimeSpan KeysAreSafe = TimeSpan.FromHours(12);

    /// <summary>Promises a refund; under a known key answers the refund of that key.</summary>
    public Task<Outcome<Refund>> RequestAsync(string number, NewRefund wish, Instruction instruction, CancellationToken cancellation) =>
        db.ChangeOrderAsync<Refund>(number, instruction with { ExpectedVersion = null }, async order =>
        {
            var earlier = await db.Refunds.Include(r => r.Lines).FirstOrDefaultAsync(r => r.OrderId == order.Id && r.IdempotencyKey == wish.IdempotencyKey, cancellation);
            if (earlier is not null) return earlier.Fingerprint == wish.Fingerprint() ? earlier : OrderRefusals.Reused();
            if (instruction.ExpectedVersion is { } seen && seen != order.Version) return OrderRefusals.Moved(order.Version);

            var paidBack = await PaidBackAsync(order, cancellation);
            var units = wish.Lines ?? (wish.AmountMinor is null ? LineUnits.All(order, paidBack.LeftOf) : []);
            if (LineUnits.FirstImpossible(order, units, paidBack.LeftOf) is { } impossible) return impossible;
            var (held, left) = (order.Payment!.CapturedMinor - order.Payment.RefundedMinor, await LeftMinorAsync(order, cancellation));
            var amount = wish.AmountMinor ?? (wish.Lines is null ? left : units.Sum(paidBack.WorthMinor));
            if (held == 0 || (left > 0 && amount == 0)) return new Refusal(PaymentRefusals.NothingToRefund, "Nothing of this order's money is left to refund.");
            if (amount > held) return TooMuch(amount, held, order.Currency);
            if (left == 0 || amount > left)
                return new Refusal(PaymentRefusals.Disputed, "The shopper's bank has taken the money back already: answer the dispute at Stripe, and cancel what is no longer to be sent.");
            if (SellableCurrencies.Refuses(new Money(amount, order.Currency)) is { } notChargeable) return notChargeable;
            return await RequestAsync(order, wish, RefundCause.Staff, amount, units, paidBack, instruction, cancellation);
        }, cancellation);

    /// <summary>For the cancellation of a paid order, inside its transaction: everything that is left goes back, money only where the shopper's bank has not taken it already.</summary>
    internal async Task ReturnEverythingAsync(Order order, Instruction instruction, bool restock, CancellationToken cancellation)
    {
        var paidBack = await PaidBackAsync(order, cancellation);
        var (units, left) = (LineUnits.All(order, paidBack.LeftOf), await LeftMinorAsync(order, cancellation));
        if (left > 0)
            await RequestAsync(order, new NewRefund("", null, null, restock), RefundCause.Cancellation, left, units, paidBack, instruction, cancellation);
        else
            await TakeBackAsync(order, Fresh(order, units, paidBack), restock, instruction, cancellation);
    }

    /// <summary>For the cancellation of what is not sent, inside its transaction: takes the units back without money, for the shopper has it. Refused while the shop still has what they are worth.</summary>
    internal async Task<Refusal?> TakeBackUnpaidAsync(Order order, IReadOnlyList<LineUnits> units, Instruction instruction, bool restock, CancellationToken cancellation)
    {
        var paidBack = await PaidBackAsync(order, cancellation);
        if (Math.Min(units.Sum(paidBack.WorthMinor), await LeftMinorAsync(order, cancellation)) is var owed and > 0) return Refundable(owed, order.Currency);
        await TakeBackAsync(order, units, restock, instruction, cancellation);
        return null;
    }

    /// <summary>
    /// For money that a dispute has brought back, inside the transaction that notes it: the shop has money again for units that were taken back without any, and it goes to the
    /// shopper, but for what they were given in other ways than for units. Of an order that was cancelled or came to nothing, all that is left does.
    /// </summary>
    internal async Task ReturnOwedAsync(Order order, CancellationToken cancellation)
    {
        var (paidBack, left) = (await PaidBackAsync(order, cancellation), await LeftMinorAsync(order, cancellation));
        var units = LineUnits.All(order, paidBack.OwedOf);
        var given = Math.Max(0, order.Payment!.RefundedMinor - paidBack.Lines.Values.Sum(line => line.WorthMinor));
        var owed = order.Status == OrderStatus.Paid ? Math.Min(left, units.Sum(paidBack.WorthMinor) - given) : left;
        if (owed <= 0) return;
        var cause = order.Status == OrderStatus.Expired ? RefundCause.LatePayment : RefundCause.Cancellation;
        var instruction = Settlement.ByStripe with { Reason = "The dispute was won, and what this paid for is not sent" };
        await RequestAsync(order, new NewRefund("", null, null, Restock: false), cause, owed, units, paidBack, instruction, cancellation);
    }

    /// <summary>Job <c>refund-payment</c>: asks Stripe for a refund that was promised here.</summary>
    /// <exception cref="GatewayUnavailableException">Stripe gives no usable answer; repeating it later is right.</exception>
    public async Task CarryOutAsync(Guid refundId, Func<CancellationToken, Task>? beforeCommit, CancellationToken cancellation)
    {
        var refund = await db.Refunds.AsNoTracking().FirstOrDefaultAsync(r => r.Id == refundId, cancellation)
            ?? throw new InvalidOperationException($"There is no refund {refundId}.");
        using var activity = Telemetry.Resume("refund payment", refund.TraceParent);
        var answer = refund.Status == RefundStatus.Requested ? await AskAsync(refund, cancellation) : null;
        await db.ChangeOrderAsync<Refund>(refund.OrderId, async order =>
        {
            var promised = await db.Refunds.SingleAsync(r => r.Id == refundId, cancellation);
            if (answer is not null)
            {
                await db.MergeRefundsAsync(order, answer.Made, clock.GetUtcNow(), cancellation);
                if (answer.Refusal is { } refusal) db.Advance(order, promised, null, RefundStatus.Failed, refusal, clock.GetUtcNow());
            }
            if (beforeCommit is not null) await beforeCommit(cancellation);
            return promised;
        }, cancellation);
    }

    private async Task<Answer> AskAsync(Refund refund, CancellationToken cancellation)
    {
        var intentId = await db.Payments.Where(p => p.OrderId == refund.OrderId).Select(p => p.PaymentIntentId).SingleAsync(cancellation)
            ?? throw new InvalidOperationException($"Refund {refund.Id} is of an order without a payment intent.");
        if (refund.Attempt > 1 || clock.GetUtcNow() - refund.RequestedAt > KeysAreSafe)
        {
            var made = await stripe.ListRefundsAsync(intentId, cancellation);
            if (made.FirstOrDefault(r => StripeGateway.RefundIdOf(r) == refund.Id) is { } earlier) return new Answer([earlier]);
        }
        try
        {
            return new Answer([await stripe.RefundAsync(refund, intentId, cancellation)]);
        }
        catch (GatewayUnavailableException away) when (away.HasAnswered)
        {
            await db.Refunds.Where(r => r.Id == refund.Id && r.Attempt == refund.Attempt)
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.Attempt, x => x.Attempt + 1), CancellationToken.None);
            throw;
        }
        catch (StripeException no) when (no.StripeError is not null)
        {
            // Disputed, or refunded past the shop: then what was sent there tells what is left to send.
            return new Answer(await stripe.ListRefundsAsync(intentId, cancellation), no.StripeError.Code ?? no.StripeError.Type);
        }
    }

    private async Task<long> LeftMinorAsync(Order order, CancellationToken cancellation) =>
        order.Payment!.LeftMinor(await db.Disputes.AsNoTracking().Where(d => d.OrderId == order.Id).ToListAsync(cancellation));

    private async Task<Refund> RequestAsync(Order order, NewRefund wish, RefundCause cause, long amountMinor, IReadOnlyList<LineUnits> units, PaidBack paidBack, Instruction instruction, CancellationToken cancellation)
    {
        var fresh = Fresh(order, units, paidBack);
        await TakeBackAsync(order, fresh, wish.Restock, instruction, cancellation);
        var id = Guid.CreateVersion7();
        var refund = new Refund
        {
            Id = id,
            OrderId = order.Id,
            Cause = cause,
            AmountMinor = amountMinor,
            Currency = order.Currency,
            Reason = instruction.Reason,
            RequestedAt = clock.StoredNow(),
            IsRestocked = wish.Restock && fresh.Count > 0,
            IdempotencyKey = cause == RefundCause.Staff ? wish.IdempotencyKey : null,
            Fingerprint = cause == RefundCause.Staff ? wish.Fingerprint() : null,
            TraceParent = order.TraceParent,
            Lines = [.. units.Select(u => new RefundLine { RefundId = id, Position = u.Position, Quantity = u.Quantity, WorthMinor = paidBack.WorthMinor(u) })],
        };
        db.RequestRefund(order, refund, instruction);
        return refund;
    }

    private async Task TakeBackAsync(Order order, IReadOnlyList<LineUnits> units, bool restock, Instruction instruction, CancellationToken cancellation)
    {
        if (units.Count == 0) return;
        var lines = units.Select(u => (Line: order.Lines.Single(l => l.Position == u.Position), u.Quantity))
            .Select(l => (l.Line.VariantId, l.Quantity, Unsent: Math.Min(l.Quantity, l.Line.UnsentQuantity))).ToList();
        var unsent = lines.Where(l => l.Unsent > 0).Select(l => (l.VariantId, l.Unsent)).ToList();
        var sent = lines.Where(l => l.Quantity > l.Unsent).Select(l => (l.VariantId, l.Quantity - l.Unsent)).ToList();
        var reason = instruction.Reason ?? $"Refund of {order.Number}";
        // What never lay there does not come back: whatever becomes of the rest, it is owed no more.
        if (restock)
        {
            await db.ReturnUnitsAsync(order.Id, unsent, wereSent: false, reason, clock.GetUtcNow(), cancellation);
            await db.ReturnUnitsAsync(order.Id, sent, wereSent: true, reason, clock.GetUtcNow(), cancellation);
        }
        else if (unsent.Count > 0) await db.ForgiveUnitsAsync(order, unsent, reason, clock.GetUtcNow(), cancellation);
        foreach (var unit in units) order.TakeBack(unit.Position, unit.Quantity);
    }

    private async Task<PaidBack> PaidBackAsync(Order order, CancellationToken cancellation) =>
        new(order, await db.Refunds.Where(r => r.OrderId == order.Id && r.Status != RefundStatus.Failed).SelectMany(r => r.Lines)
            .GroupBy(l => l.Position).Select(lines => new { lines.Key, Units = lines.Sum(l => l.Quantity), WorthMinor = lines.Sum(l => l.WorthMinor) })
            .ToDictionaryAsync(lines => lines.Key, lines => (lines.Units, lines.WorthMinor), cancellation));

    /// <summary>Those that no earlier refund has taken back.</summary>
    private static List<LineUnits> Fresh(Order order, IReadOnlyList<LineUnits> units, PaidBack paidBack) =>
        [.. units.Select(u => u with { Quantity = u.Quantity - Math.Min(u.Quantity, paidBack.OwedOf(order.Lines.Single(l => l.Position == u.Position))) }).Where(u => u.Quantity > 0)];

    private static Refusal TooMuch(long amount, long left, string currency) =>
        new(PaymentRefusals.RefundTooMuch, "More than is left of what was captured.")
        {
            Facts = new Dictionary<string, object?> { ["amount"] = new Money(amount, currency), ["left"] = new Money(left, currency) },
        };

    private static Refusal Refundable(long owed, string currency) =>
        new(PaymentRefusals.Refundable, "The shop still has money for what is not sent: refund those units by their lines instead, with this amount, then they are no longer to be sent.")
        {
            Facts = new Dictionary<string, object?> { ["left"] = new Money(owed, currency) },
        };

    /// <summary>
    /// Units by line whose money went back and stayed there, and what they were worth. The units of a refund that failed did not: they can be refunded again, but
    /// they were taken back already, and may lie in stock; so are those that were taken back while the shop had no money for them. An order that was never paid in time has no units: all that there is to it is money.
    /// </summary>
    private sealed record PaidBack(Order Order, IReadOnlyDictionary<int, (int Units, long WorthMinor)> Lines)
    {
        public int LeftOf(OrderLine line) => Order.PaidAt is null ? 0 : line.Quantity - Lines.GetValueOrDefault(line.Position).Units;

        public int OwedOf(OrderLine line) => LeftOf(line) - line.RefundableQuantity;

        /// <summary>What more units are worth, in minor units: with those before them as much as so many cost, in whatever order they went back.</summary>
        public long WorthMinor(LineUnits more)
        {
            var (units, worth) = Lines.GetValueOrDefault(more.Position);
            return Order.Lines.Single(l => l.Position == more.Position).ShareMinor(units + more.Quantity, SellableCurrencies.StepOf(Order.Currency)) - worth;
        }
    }

    /// <param name="Made">Refunds that Stripe has made; the shop knows its own by their metadata.</param>
    /// <param name="Refusal">Why it does not make the one that was asked for.</param>
    private sealed record Answer(IReadOnlyList<Stripe.Refund> Made, string? Refusal = null);
}
