using System.Text.Json.Nodes;
using Local.Stripe.Shapes;
using Local.Stripe.State;

namespace Local.Stripe.Wire;

/// <summary>Replaces ids by their objects where <c>expand[]</c> says so: <c>payment_intent.latest_charge</c>, <c>data.charge</c>.</summary>
internal static class Expansion
{
    private const int MaxDepth = 4;

    /// <exception cref="StripeError">A path that is too deep or names nothing that can be expanded.</exception>
    public static void Apply(JsonNode body, IReadOnlyList<string> paths, StoreTransaction state)
    {
        foreach (var path in paths)
        {
            var segments = path.Split('.');
            if (segments.Length > MaxDepth)
                throw StripeError.Invalid($"You cannot expand more than {MaxDepth} levels of a property ({path}).", "expand");
            Walk(body, segments, path, state);
        }
    }

    private static void Walk(JsonNode? node, ReadOnlySpan<string> segments, string path, StoreTransaction state)
    {
        if (segments.Length == 0)
            return;
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Walk(item, segments, path, state);
            return;
        }
        if (node is not JsonObject owner)
            return;
        var name = segments[0];
        if (name == "data" && owner["object"]?.GetValue<string>() is "list" or "search_result")
        {
            Walk(owner["data"], segments[1..], path, state);
            return;
        }
        if (!owner.ContainsKey(name) && Included(owner, name, state) is { } included)
            owner[name] = included;
        if (!owner.TryGetPropertyValue(name, out var value) || (value is JsonValue scalar && !Expands(owner, name, scalar, state)))
            throw StripeError.Invalid($"This property cannot be expanded ({path}).", "expand");
        Walk(owner[name], segments[1..], path, state);
    }

    private static bool Expands(JsonObject owner, string name, JsonValue value, StoreTransaction state)
    {
        if (!value.TryGetValue<string>(out var id) || name == "id" || Object(id, state) is not { } found)
            return false;
        owner[name] = found;
        return true;
    }

    private static JsonObject? Object(string id, StoreTransaction state) => id.Split('_')[0] switch
    {
        "pi" when state.Find<IntentRecord>(id) is { } intent => IntentShape.Of(intent, state),
        "ch" when state.Find<ChargeRecord>(id) is { } charge => ChargeShape.Of(charge, state),
        "pm" when state.Find<MethodRecord>(id) is { } method => MethodShape.Of(method),
        "re" when state.Find<RefundRecord>(id) is { } refund => RefundShape.Of(refund),
        "du" when state.Find<DisputeRecord>(id) is { } dispute => DisputeShape.Of(dispute, state),
        "cs" when state.Find<SessionRecord>(id) is { } session => SessionShape.Of(session, state),
        _ => null,
    };

    /// <summary>Properties that are there only when asked for.</summary>
    private static JsonObject? Included(JsonObject owner, string name, StoreTransaction state) =>
        (owner["object"]?.GetValue<string>(), name) switch
        {
            ("checkout.session", "line_items") => Lines(state.Get<SessionRecord>(owner["id"]!.GetValue<string>())),
            ("charge", "refunds") => RefundShape.ListOf(owner["id"]!.GetValue<string>(), state),
            _ => null,
        };

    private static JsonObject Lines(SessionRecord session) =>
        SessionShape.Lines(session, session.Lines.Take(Paging.DefaultLimit), session.Lines.Count > Paging.DefaultLimit);
}
