using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

/// <summary>A dispute on the wire (docs.stripe.com/api/disputes/object).</summary>
internal static class DisputeShape
{
    /// <summary>The texts of evidence the emulator takes.</summary>
    public static readonly IReadOnlyList<string> EvidenceTexts =
    [
        "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_email_address", "customer_name",
        "customer_purchase_ip", "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "refund_policy_disclosure",
        "refund_refusal_explanation", "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number", "uncategorized_text",
    ];

    public static JsonObject Of(DisputeRecord dispute, StoreTransaction state)
    {
        var card = TestCards.Find(state.Get<MethodRecord>(state.Get<ChargeRecord>(dispute.ChargeId).MethodId).TestNumber)!;
        var evidence = new JsonObject();
        foreach (var name in EvidenceTexts) evidence[name] = dispute.Evidence.GetValueOrDefault(name);
        return new JsonObject
        {
            ["id"] = dispute.Id,
            ["object"] = "dispute",
            ["amount"] = dispute.Amount,
            ["balance_transactions"] = new JsonArray([.. dispute.Movements.Select(movement => Movement(dispute, movement))]),
            ["charge"] = dispute.ChargeId,
            ["created"] = Shape.Unix(dispute.Created),
            ["currency"] = dispute.Currency,
            ["enhanced_eligibility_types"] = new JsonArray(),
            ["evidence"] = evidence,
            ["evidence_details"] = new JsonObject
            {
                ["due_by"] = Shape.Unix(dispute.DueBy),
                ["enhanced_eligibility"] = new JsonObject(),
                ["has_evidence"] = dispute.Evidence.Count > 0,
                ["past_due"] = false,
                ["submission_count"] = dispute.Submissions,
            },
            ["is_charge_refundable"] = dispute.IsInquiry,
            ["livemode"] = false,
            ["metadata"] = Shape.Map(dispute.Metadata),
            ["payment_intent"] = dispute.IntentId,
            ["payment_method_details"] = new JsonObject
            {
                ["card"] = new JsonObject { ["brand"] = card.Brand, ["case_type"] = dispute.IsInquiry ? "inquiry" : "chargeback", ["network_reason_code"] = "10.4" },
                ["type"] = "card",
            },
            ["reason"] = dispute.Reason,
            ["status"] = dispute.Status,
        };
    }

    private static JsonObject Movement(DisputeRecord dispute, DisputeMovement movement) => new()
    {
        ["id"] = movement.Id,
        ["object"] = "balance_transaction",
        ["amount"] = movement.Amount,
        ["available_on"] = Shape.Unix(movement.At),
        ["balance_type"] = "payments",
        ["created"] = Shape.Unix(movement.At),
        ["currency"] = movement.Currency ?? dispute.Currency,
        ["description"] = movement.Amount < 0 ? $"Chargeback withdrawal for {dispute.ChargeId}" : $"Chargeback reversal for {dispute.ChargeId}",
        ["exchange_rate"] = movement.Rate,
        ["fee"] = movement.Fee,
        ["fee_details"] = new JsonArray(new JsonObject
        {
            ["amount"] = movement.Fee,
            ["application"] = null,
            ["currency"] = movement.Currency ?? dispute.Currency,
            ["description"] = "Dispute fee",
            ["type"] = "stripe_fee",
        }),
        ["net"] = movement.Amount - movement.Fee,
        ["reporting_category"] = movement.Amount < 0 ? "dispute" : "dispute_reversal",
        ["source"] = dispute.Id,
        ["status"] = "available",
        ["type"] = "adjustment",
    };
}
