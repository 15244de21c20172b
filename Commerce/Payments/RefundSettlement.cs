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
        await db.Refunds.Where(r => r.OrderId == order.Id).LoadAsync(cancellation);
        foreach (var told in atStripe)
        {
            var refund = db.Known(order).FirstOrDefault(r => r.StripeRefundId == told.Id)
                ?? db.Known(order).FirstOrDefault(r => r.StripeRefundId is null && r.Id == StripeGateway.RefundIdOf(told));
            db.Advance(order, refund ?? db.AddForeign(order, told, now), told.Id, StatusOf(told.Status), told.FailureReason, now);
        }
        db.MakeRoom(order, now);
    }

    /// <summary>Stripe's word on one refund. Only forwards: an older answer changes nothing.</summary>
    public static void Advance(this ShopDb db, Order order, Refund refund, string? stripeId, RefundStatus status, string? failure, DateTimeOffset now)
    {
        refund.StripeRefundId ??= stripeId;
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
    /// Stripe never sends back more than it took. If what it sent past the shop leaves no room for what the shop has promised and Stripe does not know, those
    /// promises cannot be kept: they fail, the newest first. An order that was to be paid back whole still is: what is left is promised anew.
    /// </summary>
    private static void MakeRoom(this ShopDb db, Order order, DateTimeOffset now)
    {
        foreach (var promised in db.Known(order).Where(r => r.Status == RefundStatus.Requested && r.Cause != RefundCause.Stripe).OrderByDescending(r => r.RequestedAt).ToList())
        {
            if (order.Payment!.RefundedMinor <= order.Payment.CapturedMinor) return;
            db.Advance(order, promised, null, RefundStatus.Failed, Refund.Superseded, now);
            var left = order.Payment.CapturedMinor - order.Payment.RefundedMinor;
            var isWhole = order.Status == OrderStatus.Cancelled || promised.Cause == RefundCause.LatePayment;
            if (left > 0 && isWhole) db.RequestRefund(order, Rest(promised, left, now), Settlement.ByStripe);
        }
    }

    private static Refund Rest(Refund superseded, long leftMinor, DateTimeOffset now) => new()
    {
        OrderId = superseded.OrderId,
        Cause = superseded.Cause == RefundCause.LatePayment ? RefundCause.LatePayment : RefundCause.Cancellation,
        AmountMinor = leftMinor,
        Currency = superseded.Currency,
        Reason = superseded.Reason,
        RequestedAt = now,
        TraceParent = superseded.TraceParent,
    };
}

/// <summary>The pen of the payment ledger.</summary>
internal static class PaymentLedger
{
    public static void Record(this ShopDb db, Order order, PaymentMovementKind kind, long amountMinor, string stripeId, DateTimeOffset now) =>
        db.PaymentMovements.Add(new PaymentMovement { OrderId = order.Id, Kind = kind, AmountMinor = amountMinor, StripeId = stripeId, At = now });
}
