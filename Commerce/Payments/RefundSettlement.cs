using Commerce.Orders;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>What becomes of refunds, under the lock of their order: promised here, carried out and told of by Stripe.</summary>
internal static class RefundSettlement
{
    /// <summary>Promises money back: from here on it counts as refunded, and a job asks Stripe for it.</summary>
    public static void RequestRefund(this ShopDb db, Order order, Refund refund, Instruction instruction)
    {
        order.Payment!.RefundedMinor += refund.AmountMinor;
        order.Payment.UpdatedAt = refund.RequestedAt;
        order.Touch();
        db.Add(refund);
        db.AuditOrder(order, instruction, "refunds.requested", new { refundId = refund.Id, refund.AmountMinor, refund.Currency, cause = refund.Cause.ToString(), restocked = refund.IsRestocked });
        db.Enqueue(new NewJob(JobKinds.RefundPayment, new { refundId = refund.Id }, $"refund:{refund.Id}", order.TraceParent));
    }

    /// <summary>Brings the order's refunds in line with Stripe's; one that was made there, past the shop, gets its record here.</summary>
    public static async Task MergeRefundsAsync(this ShopDb db, Order order, IReadOnlyList<Stripe.Refund> atStripe, DateTimeOffset now, CancellationToken cancellation)
    {
        if (atStripe.Count == 0) return;
        await db.Refunds.Include(r => r.Lines).Where(r => r.OrderId == order.Id).LoadAsync(cancellation);
        var isAllPromised = order.Payment!.RefundedMinor == order.Payment.CapturedMinor;
        foreach (var told in atStripe)
        {
            var refund = db.Known(order).FirstOrDefault(r => r.StripeRefundId == told.Id)
                ?? db.Known(order).FirstOrDefault(r => r.StripeRefundId is null && r.Id == StripeGateway.RefundIdOf(told));
            db.Advance(order, refund ?? db.AddForeign(order, told, now), told.Id, StatusOf(told.Status), told.FailureReason, now);
        }
        db.MakeRoom(order, isAllPromised, now);
    }

    /// <summary>Stripe's word on one refund. Only forwards: an older answer changes nothing. But what the shop had given up, and Stripe has made all the same, is made.</summary>
    public static void Advance(this ShopDb db, Order order, Refund refund, string? stripeId, RefundStatus status, string? failure, DateTimeOffset now)
    {
        refund.StripeRefundId ??= stripeId;
        if (refund.IsGivenUp && status is RefundStatus.Pending or RefundStatus.Succeeded) Revive(order, refund);
        if (status <= refund.Status) return;
        var (before, payment) = (refund.Status, order.Payment!);
        refund.Status = status;
        if (status is RefundStatus.Succeeded or RefundStatus.Failed) refund.SettledAt = now;
        payment.UpdatedAt = now;
        order.Touch();
        if (before == RefundStatus.Requested && status != RefundStatus.Failed)
        {
            payment.ReturnedMinor += refund.AmountMinor;
            db.Record(order, PaymentMovementKind.Refunded, -refund.AmountMinor, refund.StripeRefundId!, now);
            db.Enqueue(new NewJob(JobKinds.SendRefundNotice, new { refundId = refund.Id }, $"refund:{refund.Id}", order.TraceParent));
        }
        if (status == RefundStatus.Failed) Undo(db, order, refund, before, failure, now);
        else if (payment.ReturnedMinor == payment.CapturedMinor) payment.Status = PaymentStatus.Refunded;
        db.AuditOrder(order, Settlement.ByStripe, status == RefundStatus.Failed ? "refunds.failed" : "refunds.accepted",
            new { refundId = refund.Id, stripeRefundId = refund.StripeRefundId, refund.AmountMinor, status = status.ToString(), failure });
    }

    public static RefundStatus StatusOf(string stripe) => stripe switch
    {
        "succeeded" => RefundStatus.Succeeded,
        "failed" or "canceled" => RefundStatus.Failed,
        _ => RefundStatus.Pending,
    };

    private static void Revive(Order order, Refund refund)
    {
        (refund.Status, refund.FailureReason, refund.SettledAt) = (RefundStatus.Requested, null, null);
        order.Payment!.RefundedMinor += refund.AmountMinor;
    }

    private static void Undo(ShopDb db, Order order, Refund refund, RefundStatus before, string? failure, DateTimeOffset now)
    {
        var payment = order.Payment!;
        refund.FailureReason = failure ?? "unknown";
        if (!refund.IsSuperseded) db.Enqueue(new NewJob(JobKinds.SendRefundFailure, new { refundId = refund.Id }, $"refund:{refund.Id}", order.TraceParent));
        payment.RefundedMinor -= refund.AmountMinor;
        if (before == RefundStatus.Requested) return;
        if (payment.Status == PaymentStatus.Refunded) payment.Status = order.PaidAt is null ? PaymentStatus.RefundDue : PaymentStatus.Paid;
        payment.ReturnedMinor -= refund.AmountMinor;
        db.Record(order, PaymentMovementKind.RefundReturned, refund.AmountMinor, refund.StripeRefundId!, now);
    }

    /// <summary>Also what this transaction has promised and not saved yet.</summary>
    private static IEnumerable<Refund> Known(this ShopDb db, Order order) => db.Refunds.Local.Where(r => r.OrderId == order.Id);

    private static Refund AddForeign(this ShopDb db, Order order, Stripe.Refund told, DateTimeOffset now)
    {
        var refund = new Refund
        {
            OrderId = order.Id,
            Cause = RefundCause.Stripe,
            AmountMinor = StripeAmount.ToMinor(told.Amount, order.Payment!.Currency),
            Currency = order.Payment.Currency,
            Reason = told.Reason,
            RequestedAt = now,
        };
        db.Add(refund);
        order.Payment.RefundedMinor += refund.AmountMinor;
        return refund;
    }

    /// <summary>
    /// Stripe never sends back more than it took. If what it sent past the shop leaves no room for what the shop has promised and Stripe does not know, those promises
    /// cannot be kept, the newest first. If nothing was to stay with the shop, nothing does: what is left is promised in their place. Otherwise whoever refunded at Stripe
    /// may have meant the same money; that is for staff to say, who are told as of a refund that Stripe has refused.
    /// </summary>
    /// <param name="isAllPromised">Before Stripe told of refunds, all of the order's money had gone back or was promised.</param>
    private static void MakeRoom(this ShopDb db, Order order, bool isAllPromised, DateTimeOffset now)
    {
        var left = order.Payment!.CapturedMinor - order.Payment.RefundedMinor;
        var broken = new List<Refund>();
        foreach (var promised in db.Known(order).Where(r => r.Status == RefundStatus.Requested && r.Cause != RefundCause.Stripe).OrderByDescending(r => r.RequestedAt))
        {
            if (left >= 0) break;
            broken.Add(promised);
            left += promised.AmountMinor;
        }
        if (broken.Count == 0) return;
        var isWhole = isAllPromised || order.Status == OrderStatus.Cancelled || broken.Exists(r => r.Cause == RefundCause.LatePayment);
        foreach (var promised in broken) db.Advance(order, promised, null, RefundStatus.Failed, isWhole || left <= 0 ? Refund.Superseded : Refund.NoRoom, now);
        if (left > 0 && isWhole) db.RequestRefund(order, Rest(order, broken, left, now), Settlement.ByStripe);
    }

    private static Refund Rest(Order order, List<Refund> broken, long leftMinor, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        return new Refund
        {
            Id = id,
            OrderId = order.Id,
            Cause = broken.Find(r => r.Cause == RefundCause.LatePayment)?.Cause ?? (order.Status == OrderStatus.Cancelled ? RefundCause.Cancellation : broken[0].Cause),
            AmountMinor = leftMinor,
            Currency = order.Currency,
            Reason = broken[0].Reason,
            RequestedAt = now,
            IsRestocked = broken.Exists(r => r.IsRestocked),
            TraceParent = broken[0].TraceParent,
            Lines = [.. broken.SelectMany(r => r.Lines).GroupBy(l => l.Position)
                .Select(same => new RefundLine { RefundId = id, Position = same.Key, Quantity = same.Sum(l => l.Quantity), WorthMinor = same.Sum(l => l.WorthMinor) })],
        };
    }
}

/// <summary>The pen of the payment ledger.</summary>
internal static class PaymentLedger
{
    public static void Record(this ShopDb db, Order order, PaymentMovementKind kind, long amountMinor, string stripeId, DateTimeOffset now) =>
        db.PaymentMovements.Add(new PaymentMovement { OrderId = order.Id, Kind = kind, AmountMinor = amountMinor, StripeId = stripeId, At = now });
}
