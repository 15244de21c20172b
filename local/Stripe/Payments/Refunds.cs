using System.Text.Json.Nodes;
using Local.Stripe.Endpoints;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Payments;

/// <summary>Refunds of captured charges, whole or in parts.</summary>
internal static class Refunds
{
    public const string Failed = "failed";

    /// <summary>Gives back <paramref name="amount"/> (minor units; none: all that is left).</summary>
    /// <exception cref="StripeError">Nothing left, more than is left, or nothing captured yet.</exception>
    public static RefundRecord Create(Work work, ChargeRecord charge, long? amount, string? reason, IReadOnlyDictionary<string, string> metadata)
    {
        if (charge.Status != "succeeded")
            throw StripeError.Invalid($"Charge {charge.Id} was not successful and cannot be refunded.", "charge");
        if (!charge.Captured)
            throw StripeError.Invalid($"Charge {charge.Id} has not been captured. Cancel its PaymentIntent instead.", code: "charge_not_captured");
        if (work.State.Newest<DisputeRecord>().Any(dispute => dispute.ChargeId == charge.Id && !dispute.IsInquiry && dispute.Status != Disputes.Won))
            throw StripeError.Invalid($"Charge {charge.Id} has been charged back; cannot issue a refund.", code: "charge_disputed");
        var left = charge.AmountCaptured - charge.AmountRefunded;
        if (left == 0)
            throw StripeError.Invalid($"Charge {charge.Id} has already been refunded.", code: "charge_already_refunded");
        if (amount > left)
            throw StripeError.Invalid($"Refund amount ({Amounts.Show(amount.Value, charge.Currency)}) is greater than unrefunded amount on charge ({Amounts.Show(left, charge.Currency)})", "amount");
        Amounts.CheckDigits(amount ?? left, charge.Currency, "amount");
        var refund = work.State.Put(new RefundRecord
        {
            Id = Ids.New("re"),
            Created = work.Now,
            ChargeId = charge.Id,
            IntentId = charge.IntentId,
            Amount = amount ?? left,
            Currency = charge.Currency,
            Status = "succeeded",
            Reason = reason,
            Metadata = metadata,
        });
        var refunded = work.State.Put(charge with { AmountRefunded = charge.AmountRefunded + refund.Amount });
        work.Emit("refund.created", RefundShape.Of(refund));
        work.Emit("charge.refunded", ChargeShape.Of(refunded, work.State), new JsonObject { ["amount_refunded"] = charge.AmountRefunded });
        return refund;
    }

    /// <summary>The bank sends a refund back after all: the money is with the shop again.</summary>
    public static RefundRecord Fail(Work work, RefundRecord refund)
    {
        var failed = work.State.Put(refund with { Status = Failed, FailureReason = "expired_or_canceled_card" });
        var charge = work.State.Get<ChargeRecord>(refund.ChargeId);
        work.State.Put(charge with { AmountRefunded = charge.AmountRefunded - refund.Amount });
        work.Emit("refund.updated", RefundShape.Of(failed));
        work.Emit("refund.failed", RefundShape.Of(failed));
        return failed;
    }
}
