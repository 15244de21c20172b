using System.Collections.Frozen;

namespace Commerce.OnCall;

/// <summary>How bad it is, in PagerDuty's words.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody gets up: shoppers cannot buy, or data is wrong.</summary>
    Critical,

    /// <summary>Somebody looks within the hour.</summary>
    Error,

    /// <summary>Somebody looks today.</summary>
    Warning,

    Info,
}

/// <summary>A condition that a person has to know of. Its name is stable: dedup key, metric and runbook follow from it.</summary>
/// <param name="Name">In kebab case, what is wrong.</param>
/// <param name="Component">The part of the shop it is about.</param>
public sealed record Alert(string Name, AlertSeverity Severity, string Component)
{
    /// <summary>The same for as long as the shop exists, so that any node opens and resolves the same incident.</summary>
    public string DedupKey => KeyOf(Name);

    /// <summary>Also of an alert of another version of the system.</summary>
    public static string KeyOf(string name) => $"oddgrain/{name}";

    /// <summary>Path in the repository; a test holds that the file is there.</summary>
    public string Runbook => $"docs/runbooks/{Name}.md";
}

/// <summary>Every alert there is.</summary>
public static class Alerts
{
    public static readonly Alert PaymentGatewayDown = new("payment-gateway-down", AlertSeverity.Critical, "payments");
    public static readonly Alert DeclineRate = new("decline-rate", AlertSeverity.Warning, "payments");
    public static readonly Alert WebhookSilence = new("webhook-silence", AlertSeverity.Error, "payments");
    public static readonly Alert PaidTwice = new("paid-twice", AlertSeverity.Error, "payments");
    public static readonly Alert StuckOutbox = new("stuck-outbox", AlertSeverity.Critical, "jobs");
    public static readonly Alert DeadLetters = new("dead-letters", AlertSeverity.Error, "jobs");
    public static readonly Alert JobsFailing = new("jobs-failing", AlertSeverity.Error, "jobs");
    public static readonly Alert JobBacklog = new("job-backlog", AlertSeverity.Warning, "jobs");
    public static readonly Alert HeartbeatMissing = new("heartbeat-missing", AlertSeverity.Critical, "jobs");
    public static readonly Alert StockInvariant = new("stock-invariant", AlertSeverity.Critical, "stock");

    /// <summary>The one that cannot be written into PostgreSQL: every worker sends it itself.</summary>
    public static readonly Alert DatabaseDown = new("database-down", AlertSeverity.Critical, "database");

    public static readonly FrozenDictionary<string, Alert> All =
        new[] { PaymentGatewayDown, DeclineRate, WebhookSilence, PaidTwice, StuckOutbox, DeadLetters, JobsFailing, JobBacklog, HeartbeatMissing, StockInvariant, DatabaseDown }.ToFrozenDictionary(alert => alert.Name);
}
