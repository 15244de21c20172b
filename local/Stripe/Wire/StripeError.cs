using System.Text.Json.Nodes;

namespace Local.Stripe.Wire;

/// <summary>A refusal as Stripe words it: HTTP status and the <c>error</c> object of docs.stripe.com/api/errors.</summary>
public sealed class StripeError(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Type { get; } = type;
    public string? Code { get; init; }
    public string? Param { get; init; }
    public string? DeclineCode { get; init; }
    public string? Charge { get; init; }

    /// <summary>Rendered <c>payment_intent</c> of the error.</summary>
    public JsonObject? PaymentIntent { get; init; }

    /// <summary>What the call had already done stays done and the refusal is replayed for its key (a declined card).</summary>
    public bool KeepsState { get; init; }

    public static StripeError Invalid(string message, string? param = null, string? code = null, int status = 400) =>
        new(status, "invalid_request_error", message) { Param = param, Code = code };

    public static StripeError Missing(string kind, string id, string param) =>
        Invalid($"No such {kind}: '{id}'", param, "resource_missing", StatusCodes.Status404NotFound);

    public JsonObject Render()
    {
        var error = new JsonObject();
        void Add(string name, JsonNode? value)
        {
            if (value is not null)
                error[name] = value;
        }
        Add("charge", Charge);
        Add("code", Code);
        Add("decline_code", DeclineCode);
        Add("doc_url", Code is null ? null : "https://stripe.com/docs/error-codes/" + Code.Replace('_', '-'));
        Add("message", Message);
        Add("param", Param);
        Add("payment_intent", PaymentIntent?.DeepClone());
        Add("type", Type);
        return new JsonObject { ["error"] = error };
    }
}
