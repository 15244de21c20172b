using System.Text.Json.Nodes;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

/// <summary>A refund on the wire (docs.stripe.com/api/refunds/object).</summary>
internal static class RefundShape
{
    public static JsonObject Of(RefundRecord refund)
    {
        var shape = new JsonObject
        {
            ["id"] = refund.Id,
            ["object"] = "refund",
            ["amount"] = refund.Amount,
            ["balance_transaction"] = null,
            ["charge"] = refund.ChargeId,
            ["created"] = Shape.Unix(refund.Created),
            ["currency"] = refund.Currency,
            ["destination_details"] = new JsonObject
            {
                ["card"] = new JsonObject { ["reference_status"] = "pending", ["reference_type"] = "acquirer_reference_number", ["type"] = "refund" },
                ["type"] = "card",
            },
            ["metadata"] = Shape.Map(refund.Metadata),
            ["payment_intent"] = refund.IntentId,
            ["reason"] = refund.Reason,
            ["receipt_number"] = null,
            ["source_transfer_reversal"] = null,
            ["status"] = refund.Status,
            ["transfer_reversal"] = null,
        };
        if (refund.FailureReason is not null)
            shape["failure_reason"] = refund.FailureReason;
        return shape;
    }

    /// <summary>The refunds of a charge, newest first, as far as one page goes.</summary>
    public static JsonObject ListOf(string chargeId, StoreTransaction state)
    {
        var all = state.Newest<RefundRecord>().Where(refund => refund.ChargeId == chargeId).ToList();
        return Shape.List($"/v1/charges/{chargeId}/refunds", all.Take(Wire.Paging.DefaultLimit).Select(Of), all.Count > Wire.Paging.DefaultLimit);
    }
}
