using System.Text.Json.Nodes;
using Local.Stripe.State;

namespace Local.Stripe.Shapes;

/// <summary>An event on the wire (docs.stripe.com/api/events/object).</summary>
internal static class EventShape
{
    public static JsonObject Of(EventRecord happened, string apiVersion, int pendingWebhooks)
    {
        var data = new JsonObject { ["object"] = JsonNode.Parse(happened.Data) };
        if (happened.PreviousAttributes is not null)
            data["previous_attributes"] = JsonNode.Parse(happened.PreviousAttributes);
        return new JsonObject
        {
            ["id"] = happened.Id,
            ["object"] = "event",
            ["api_version"] = apiVersion,
            ["created"] = Shape.Unix(happened.Created),
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = pendingWebhooks,
            ["request"] = new JsonObject { ["id"] = happened.RequestId, ["idempotency_key"] = happened.IdempotencyKey },
            ["type"] = happened.Type,
        };
    }
}
