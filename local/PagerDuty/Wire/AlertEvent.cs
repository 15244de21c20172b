using System.Text.Json.Nodes;

namespace Local.PagerDuty.Wire;

/// <summary>The three things an event can do to an alert.</summary>
public static class EventActions
{
    public const string Trigger = "trigger";
    public const string Acknowledge = "acknowledge";
    public const string Resolve = "resolve";
}

/// <summary>An event that was found well-formed. <paramref name="Body"/> is the object as it came, for what only a trigger carries.</summary>
internal sealed record AlertEvent(string RoutingKey, string Action, string DedupKey, JsonObject Body);
