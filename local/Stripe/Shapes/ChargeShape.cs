using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

/// <summary>A charge on the wire (docs.stripe.com/api/charges/object).</summary>
internal static class ChargeShape
{
    public static JsonObject Of(ChargeRecord charge, StoreTransaction state)
    {
        var method = state.Get<MethodRecord>(charge.MethodId);
        var template = state.Get<IntentRecord>(charge.IntentId).Template;
        return new JsonObject
        {
            ["id"] = charge.Id,
            ["object"] = "charge",
            ["amount"] = charge.Amount,
            ["amount_captured"] = charge.AmountCaptured,
            ["amount_refunded"] = charge.AmountRefunded,
            ["application"] = null,
            ["application_fee"] = null,
            ["application_fee_amount"] = null,
            ["balance_transaction"] = null,
            ["billing_details"] = MethodShape.Billing(method),
            ["calculated_statement_descriptor"] = template.StatementDescriptor ?? "TEST SHOP",
            ["captured"] = charge.Captured,
            ["created"] = Shape.Unix(charge.Created),
            ["currency"] = charge.Currency,
            ["customer"] = null,
            ["description"] = template.Description,
            ["disputed"] = state.Newest<DisputeRecord>().Any(dispute => dispute.ChargeId == charge.Id),
            ["failure_balance_transaction"] = null,
            ["failure_code"] = charge.Failure?.Code,
            ["failure_message"] = charge.Failure?.Message,
            ["fraud_details"] = new JsonObject(),
            ["livemode"] = false,
            ["metadata"] = Shape.Map(charge.Metadata),
            ["on_behalf_of"] = null,
            ["outcome"] = Outcome(charge),
            ["paid"] = charge.Status == "succeeded",
            ["payment_intent"] = charge.IntentId,
            ["payment_method"] = charge.MethodId,
            ["payment_method_details"] = Details(charge, method),
            ["receipt_email"] = template.ReceiptEmail,
            ["receipt_number"] = null,
            ["receipt_url"] = null,
            ["refunded"] = charge.AmountCaptured > 0 && charge.AmountRefunded >= charge.AmountCaptured,
            ["review"] = null,
            ["shipping"] = Shape.Shipping(template.Shipping),
            ["source"] = null,
            ["source_transfer"] = null,
            ["statement_descriptor"] = template.StatementDescriptor,
            ["statement_descriptor_suffix"] = template.StatementDescriptorSuffix,
            ["status"] = charge.Status,
            ["transfer_data"] = null,
            ["transfer_group"] = template.TransferGroup,
        };
    }

    private static JsonObject Outcome(ChargeRecord charge) => charge.Failure is { } failure
        ? new JsonObject
        {
            ["advice_code"] = failure.Code == "processing_error" ? "try_again_later" : null,
            ["network_advice_code"] = null,
            ["network_decline_code"] = null,
            ["network_status"] = "declined_by_network",
            ["reason"] = failure.DeclineCode ?? failure.Code,
            ["risk_level"] = "normal",
            ["seller_message"] = "The bank did not return any further details with this decline.",
            ["type"] = "issuer_declined",
        }
        : new JsonObject
        {
            ["advice_code"] = null,
            ["network_advice_code"] = null,
            ["network_decline_code"] = null,
            ["network_status"] = "approved_by_network",
            ["reason"] = null,
            ["risk_level"] = "normal",
            ["seller_message"] = "Payment complete.",
            ["type"] = "authorized",
        };

    private static JsonObject Details(ChargeRecord charge, MethodRecord method)
    {
        var card = MethodShape.Card(method);
        card["authorization_code"] = null;
        // Left out rather than null where they do not apply: Stripe.net reads both as values that cannot be null.
        if (charge.Failure is null)
            card["amount_authorized"] = charge.Amount;
        if (charge is { Captured: false, Failure: null })
            card["capture_before"] = Shape.Unix(charge.Created + Intents.AuthorisationsLast);
        card["three_d_secure"] = !charge.Authenticated ? null : new JsonObject
        {
            ["authentication_flow"] = "challenge",
            ["result"] = "authenticated",
            ["result_reason"] = null,
            ["version"] = "2.2.0",
        };
        return new JsonObject { ["card"] = card, ["type"] = "card" };
    }
}

/// <summary>A payment method on the wire (docs.stripe.com/api/payment_methods/object).</summary>
internal static class MethodShape
{
    public static JsonObject Of(MethodRecord method) => new()
    {
        ["id"] = method.Id,
        ["object"] = "payment_method",
        ["allow_redisplay"] = "unspecified",
        ["billing_details"] = Billing(method),
        ["card"] = Card(method),
        ["created"] = Shape.Unix(method.Created),
        ["customer"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["type"] = "card",
    };

    public static JsonObject Billing(MethodRecord method) => new()
    {
        ["address"] = Shape.Address(method.Billing),
        ["email"] = method.Billing?.Email,
        ["name"] = method.Billing?.Name,
        ["phone"] = null,
        ["tax_id"] = null,
    };

    public static JsonObject Card(MethodRecord method)
    {
        var card = TestCards.Find(method.TestNumber)!;
        return new JsonObject
        {
            ["brand"] = card.Brand,
            ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = card.Code == "incorrect_cvc" ? "fail" : "pass" },
            ["country"] = "US",
            ["exp_month"] = method.ExpiryMonth,
            ["exp_year"] = method.ExpiryYear,
            ["fingerprint"] = "test" + card.Number[^12..],
            ["funding"] = card.Funding,
            ["last4"] = card.Last4,
            ["network"] = card.Brand,
            ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
            ["wallet"] = null,
        };
    }
}
