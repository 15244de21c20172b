using System.Text.Json.Nodes;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

/// <summary>A Checkout Session on the wire (docs.stripe.com/api/checkout/sessions/object).</summary>
internal static class SessionShape
{
    public static JsonObject Of(SessionRecord session, StoreTransaction state) => new()
    {
        ["id"] = session.Id,
        ["object"] = "checkout.session",
        ["adaptive_pricing"] = new JsonObject { ["enabled"] = false },
        ["after_expiration"] = null,
        ["allow_promotion_codes"] = null,
        ["allowed_payment_method_types"] = null,
        ["amount_subtotal"] = session.Subtotal,
        ["amount_total"] = session.Total,
        ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["liability"] = null, ["provider"] = null, ["status"] = null },
        ["billing_address_collection"] = null,
        ["cancel_url"] = session.CancelUrl,
        ["client_reference_id"] = session.ClientReferenceId,
        ["client_secret"] = null,
        ["collected_information"] = null,
        ["consent"] = null,
        ["consent_collection"] = null,
        ["created"] = Shape.Unix(session.Created),
        ["currency"] = session.Currency,
        ["currency_conversion"] = null,
        ["custom_fields"] = new JsonArray(),
        ["custom_text"] = new JsonObject { ["after_submit"] = null, ["shipping_address"] = null, ["submit"] = null, ["terms_of_service_acceptance"] = null },
        ["customer"] = null,
        ["customer_account"] = null,
        ["customer_creation"] = "if_required",
        ["customer_details"] = Details(session),
        ["customer_email"] = session.CustomerEmail,
        ["discounts"] = new JsonArray(),
        ["expires_at"] = Shape.Unix(session.ExpiresAt),
        ["invoice"] = null,
        ["invoice_creation"] = null,
        ["livemode"] = false,
        ["locale"] = session.Locale,
        ["metadata"] = Shape.Map(session.Metadata),
        ["mode"] = "payment",
        ["payment_intent"] = session.IntentId,
        ["payment_link"] = null,
        ["payment_method_collection"] = "if_required",
        ["payment_method_configuration_details"] = null,
        ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["request_three_d_secure"] = "automatic" } },
        ["payment_method_types"] = Shape.Array("card"),
        ["payment_status"] = PaymentStatus(session, state),
        ["permissions"] = null,
        ["phone_number_collection"] = new JsonObject { ["enabled"] = false },
        ["recovered_from"] = null,
        ["saved_payment_method_options"] = null,
        ["setup_intent"] = null,
        ["shipping_address_collection"] = null,
        ["shipping_cost"] = session.ShippingOptions is [var chosen, ..] ? new JsonObject
        {
            ["amount_subtotal"] = chosen.Amount,
            ["amount_tax"] = 0,
            ["amount_total"] = chosen.Amount,
            ["shipping_rate"] = chosen.RateId,
        }
        : null,
        ["shipping_options"] = new JsonArray([.. session.ShippingOptions.Select(option => (JsonNode)new JsonObject { ["shipping_amount"] = option.Amount, ["shipping_rate"] = option.RateId })]),
        ["status"] = session.Status,
        ["submit_type"] = session.SubmitType,
        ["subscription"] = null,
        ["success_url"] = session.SuccessUrl,
        ["total_details"] = new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = session.Shipping, ["amount_tax"] = 0 },
        ["ui_mode"] = "hosted_page",
        ["url"] = session.Status == "open" ? session.Url : null,
        ["wallet_options"] = null,
    };

    public static JsonObject Lines(SessionRecord session, IEnumerable<LineRecord> lines, bool hasMore) =>
        Shape.List($"/v1/checkout/sessions/{session.Id}/line_items", lines.Select(line => Line(session, line)), hasMore);

    private static JsonObject Line(SessionRecord session, LineRecord line) => new()
    {
        ["id"] = line.Id,
        ["object"] = "item",
        ["amount_discount"] = 0,
        ["amount_subtotal"] = line.Amount,
        ["amount_tax"] = 0,
        ["amount_total"] = line.Amount,
        ["currency"] = session.Currency,
        ["description"] = line.Name,
        ["metadata"] = new JsonObject(),
        ["price"] = new JsonObject
        {
            ["id"] = line.PriceId,
            ["object"] = "price",
            ["active"] = false,
            ["billing_scheme"] = "per_unit",
            ["created"] = Shape.Unix(session.Created),
            ["currency"] = session.Currency,
            ["custom_unit_amount"] = null,
            ["livemode"] = false,
            ["lookup_key"] = null,
            ["metadata"] = new JsonObject(),
            ["nickname"] = null,
            ["product"] = line.ProductId,
            ["recurring"] = null,
            ["tax_behavior"] = "unspecified",
            ["tiers_mode"] = null,
            ["transform_quantity"] = null,
            ["type"] = "one_time",
            ["unit_amount"] = line.UnitAmount,
            ["unit_amount_decimal"] = line.UnitAmount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        ["quantity"] = line.Quantity,
    };

    private static string PaymentStatus(SessionRecord session, StoreTransaction state) =>
        session.Total == 0 ? "no_payment_required"
        : state.Find<IntentRecord>(session.IntentId)?.Status == Payments.IntentStatus.Succeeded ? "paid"
        : "unpaid";

    private static JsonObject? Details(SessionRecord session)
    {
        if (session.Customer is null && session.CustomerEmail is null)
            return null;
        return new JsonObject
        {
            ["address"] = session.Customer is null ? null : Shape.Address(session.Customer),
            ["business_name"] = null,
            ["email"] = session.Customer?.Email ?? session.CustomerEmail,
            ["individual_name"] = null,
            ["name"] = session.Customer?.Name,
            ["phone"] = null,
            ["tax_exempt"] = "none",
            ["tax_ids"] = session.Customer is null ? null : new JsonArray(),
        };
    }
}
