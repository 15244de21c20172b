using System.Text.Json.Nodes;

namespace Local.PagerDuty.Incidents;

/// <summary>How far people are with an incident.</summary>
public static class IncidentStatus
{
    public const string Triggered = "triggered";
    public const string Acknowledged = "acknowledged";
    public const string Resolved = "resolved";
}

/// <summary>One line of an incident's history: an event of the API, or a person on this page.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string Action, string By, string? Text);

/// <summary>What somebody would be woken for. Summary, severity and the rest are those of the newest trigger.</summary>
public sealed record Incident(int Number, string RoutingKey, string DedupKey, string Status, DateTimeOffset OpenedAt, JsonObject Trigger, IReadOnlyList<TimelineEntry> Timeline)
{
    public string Severity => Payload("severity") ?? "";

    public string Summary => Payload("summary") ?? "";

    public string Source => Payload("source") ?? "";

    public bool IsOpen => Status != IncidentStatus.Resolved;

    public DateTimeOffset? ResolvedAt => IsOpen ? null : Timeline[^1].At;

    public int Triggers => Timeline.Count(entry => entry.Action == Wire.EventActions.Trigger);

    public string? Payload(string name) => Trigger["payload"]?[name]?.ToString();
}
