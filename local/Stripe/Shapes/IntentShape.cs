using System.Text.Json.Nodes;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

/// <summary>A payment intent on the wire (docs.stripe.com/api/payment_intents/object).</summary>
internal static class IntentShape
{
    public static JsonObject Of(IntentRecord intent, StoreTransaction state) => new()
    {
        ["id"] = intent.Id,
        ["object"] = "payment_intent",
        ["amount"] = intent.Amount,
        ["amount_capturable"] = intent.AmountCapturable,
        ["amount_details"] = new JsonObject { ["tip"] = new JsonObject() },
        ["amount_received"] = intent.AmountReceived,
        ["application"] = null,
        ["application_fee_amount"] = null,
        ["automatic_payment_methods"] = intent.Template.AllowRedirects is { } redirects ? new JsonObject { ["allow_redirects"] = redirects, ["enabled"] = true } : null,
        ["canceled_at"] = Shape.Unix(intent.CanceledAt),
        ["cancellation_reason"] = intent.CancellationReason,
        ["capture_method"] = intent.Template.CaptureMethod,
        ["client_secret"] = intent.ClientSecret,
        ["confirmation_method"] = "automatic",
        ["created"] = Shape.Unix(intent.Created),
        ["currency"] = intent.Currency,
        ["customer"] = null,
        ["customer_account"] = null,
        ["description"] = intent.Template.Description,
        ["excluded_payment_method_types"] = null,
        ["last_payment_error"] = LastError(intent, state),
        ["latest_charge"] = intent.LatestChargeId,
        ["livemode"] = false,
        ["metadata"] = Shape.Map(intent.Metadata),
        ["next_action"] = intent.Status == Payments.IntentStatus.RequiresAction ? NextAction(intent) : null,
        ["on_behalf_of"] = null,
        ["payment_method"] = intent.MethodId,
        ["payment_method_configuration_details"] = null,
        ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["installments"] = null, ["mandate_options"] = null, ["network"] = null, ["request_three_d_secure"] = "automatic" } },
        ["payment_method_types"] = Shape.Array("card"),
        ["processing"] = null,
        ["receipt_email"] = intent.Template.ReceiptEmail,
        ["review"] = null,
        ["setup_future_usage"] = null,
        ["shipping"] = Shape.Shipping(intent.Template.Shipping),
        ["source"] = null,
        ["statement_descriptor"] = intent.Template.StatementDescriptor,
        ["statement_descriptor_suffix"] = intent.Template.StatementDescriptorSuffix,
        ["status"] = intent.Status,
        ["transfer_data"] = null,
        ["transfer_group"] = intent.Template.TransferGroup,
    };

    /// <summary>A holder who can be sent to a page and back is; otherwise Stripe.js would ask.</summary>
    private static JsonObject NextAction(IntentRecord intent) => intent.Redirect is { } redirect
        ? new JsonObject
        {
            ["redirect_to_url"] = new JsonObject { ["return_url"] = redirect.ReturnUrl, ["url"] = redirect.Url },
            ["type"] = "redirect_to_url",
        }
        : new JsonObject
        {
            ["type"] = "use_stripe_sdk",
            ["use_stripe_sdk"] = new JsonObject { ["type"] = "three_d_secure_redirect" },
        };

    private static JsonObject? LastError(IntentRecord intent, StoreTransaction state)
    {
        if (intent.LastError is not { } error)
            return null;
        var shape = new JsonObject
        {
            ["code"] = error.Code,
            ["doc_url"] = "https://stripe.com/docs/error-codes/" + error.Code.Replace('_', '-'),
            ["message"] = error.Message,
            ["type"] = error.ChargeId is null ? "invalid_request_error" : "card_error",
        };
        if (error.ChargeId is not null)
            shape["charge"] = error.ChargeId;
        if (error.DeclineCode is not null)
            shape["decline_code"] = error.DeclineCode;
        if (state.Find<MethodRecord>(error.MethodId) is { } method)
            shape["payment_method"] = MethodShape.Of(method);
        return shape;
    }
}
