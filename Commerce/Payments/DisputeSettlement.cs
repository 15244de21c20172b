using Commerce.Orders;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Commerce.Payments;

/// <summary>Disputes as Stripe tells of them, under the lock of their order.</summary>
internal static class DisputeSettlement
{
    /// <summary>
    /// Opens, follows and closes the order's disputes, and counts the money that Stripe took or gave back for them; whether it has just given some back. One that is first heard of
    /// while it can still be answered leaves the job that tells staff: once, for its row is the only one of it.
    /// </summary>
    public static async Task<bool> MergeDisputesAsync(this ShopDb db, Order order, IReadOnlyList<Stripe.Dispute> atStripe, DateTimeOffset now, ILogger log, CancellationToken cancellation)
    {
        if (atStripe.Count == 0) return false;
        var known = await db.Disputes.Where(d => d.OrderId == order.Id).ToListAsync(cancellation);
        var reinstated = false;
        foreach (var told in atStripe)
        {
            var dispute = known.Find(d => d.StripeDisputeId == told.Id);
            if (dispute is null)
            {
                dispute = Open(order, told, now);
                db.Add(dispute);
                db.Note(order, dispute, "disputes.opened");
                if (!Dispute.IsFinal(told.Status)) db.Enqueue(new NewJob(JobKinds.SendDisputeNotice, new { disputeId = dispute.Id }, $"dispute:{dispute.Id}", order.TraceParent));
                log.LogWarning("Order {Number} is disputed: {Reason}, {AmountMinor} {Currency}.", order.Number, dispute.Reason, dispute.AmountMinor, dispute.Currency);
            }
            reinstated |= db.FollowFunds(order, dispute, told, now);
            db.Follow(order, dispute, told, now);
        }
        return reinstated;
    }

    private static Dispute Open(Order order, Stripe.Dispute told, DateTimeOffset now) => new()
    {
        OrderId = order.Id,
        StripeDisputeId = told.Id,
        AmountMinor = StripeAmount.ToMinor(told.Amount, told.Currency),
        Currency = told.Currency.ToUpperInvariant(),
        Reason = told.Reason,
        Status = told.Status,
        OpenedAt = told.Created == default ? now : new DateTimeOffset(told.Created, TimeSpan.Zero),
    };

    private static bool FollowFunds(this ShopDb db, Order order, Dispute dispute, Stripe.Dispute told, DateTimeOffset now)
    {
        if (dispute.Funds == DisputeFunds.NotTaken && told.WasWithdrawn())
        {
            dispute.Funds = DisputeFunds.Withdrawn;
            db.Record(order, PaymentMovementKind.DisputeWithdrawn, -dispute.AmountMinor, dispute.StripeDisputeId, now);
            db.Note(order, dispute, "disputes.funds-withdrawn");
        }
        var more = told.BackMinor() - dispute.BackMinor;
        if (dispute.Funds == DisputeFunds.NotTaken || more <= 0) return false;
        dispute.BackMinor += more;
        if (dispute.AwayMinor == 0) dispute.Funds = DisputeFunds.Reinstated;
        db.Record(order, PaymentMovementKind.DisputeReinstated, more, dispute.StripeDisputeId, now);
        db.Note(order, dispute, "disputes.funds-reinstated");
        return true;
    }

    private static void Follow(this ShopDb db, Order order, Dispute dispute, Stripe.Dispute told, DateTimeOffset now)
    {
        if (Dispute.IsFinal(dispute.Status) && dispute.ClosedAt is not null) return;
        dispute.Status = told.Status;
        dispute.EvidenceDueBy = told.EvidenceDetails?.DueBy is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : dispute.EvidenceDueBy;
        if (!Dispute.IsFinal(told.Status)) return;
        dispute.ClosedAt = now;
        db.Note(order, dispute, "disputes.closed");
    }

    private static void Note(this ShopDb db, Order order, Dispute dispute, string action)
    {
        order.Touch();
        db.AuditOrder(order, Settlement.ByStripe, action, new { stripeDisputeId = dispute.StripeDisputeId, dispute.Status, dispute.AmountMinor, dispute.Reason });
    }
}

/// <summary>What Stripe moved for a dispute, in minor units of what was charged.</summary>
internal static class DisputedMoney
{
    public static bool WasWithdrawn(this Stripe.Dispute told) => told.BalanceTransactions?.Exists(m => m.Amount < 0) == true;

    /// <summary>
    /// What came back: everything if it was won. One that is lost may have brought back a part, what had been refunded before. Balance transactions are in the currency the
    /// account settles in, by the rate of the day, which each of them names.
    /// </summary>
    public static long BackMinor(this Stripe.Dispute told)
    {
        var came = told.BalanceTransactions?.Where(m => m.Amount > 0).Sum(m => (long)decimal.Round(m.Amount / (m.ExchangeRate ?? 1))) ?? 0;
        return came == 0 ? 0 : StripeAmount.ToMinor(told.Status == "won" ? told.Amount : Math.Min(came, told.Amount), told.Currency);
    }

    /// <summary>What the shop does not have because of them.</summary>
    public static long AwayMinor(this IEnumerable<Stripe.Dispute> disputes) =>
        disputes.Where(d => d.WasWithdrawn()).Sum(d => StripeAmount.ToMinor(d.Amount, d.Currency) - d.BackMinor());
}
