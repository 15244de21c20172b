using System.Text.Json;
using Commerce.OnCall;
using Commerce.Payments;
using Microsoft.Extensions.Options;

namespace Worker.Watchdog;

/// <summary>What PagerDuty is told of an incident: severity, words, figures, and where to go from there.</summary>
internal sealed class IncidentEvents(IOptions<WatchdogOptions> options, IOptions<PublicAddress> address)
{
    private const string Group = "oddgrain";
    private readonly string _source = $"{Environment.MachineName}:{Environment.ProcessId}";

    public PagerEvent Trigger(Incident incident) =>
        Trigger(Alerts.All[incident.Alert], incident.Summary, incident.BadSince, JsonSerializer.Deserialize<Dictionary<string, string>>(incident.Details)!);

    public PagerEvent Trigger(Alert alert, string summary, DateTimeOffset since, Dictionary<string, string> details)
    {
        details["Runbook"] = alert.Runbook;
        return new(PagerEvent.Trigger, alert.DedupKey,
            new PagerPayload(summary, _source, alert.Severity.ToString().ToLowerInvariant(), since, alert.Component, Group, alert.Name, details), [.. LinksOf(alert)]);
    }

    /// <param name="alert">Its name, known to this version or not.</param>
    public static PagerEvent Resolve(string alert) => new(PagerEvent.Resolve, Alert.KeyOf(alert));

    private IEnumerable<PagerLink> LinksOf(Alert alert)
    {
        var runbooks = options.Value.RunbookBase?.TrimEnd('/') ?? $"{address.Value.PublicUrl.TrimEnd('/')}/api/runbooks";
        yield return new PagerLink($"{runbooks}/{Path.GetFileName(alert.Runbook)}", $"Runbook: {alert.Name}");
        if (options.Value.DashboardUrl is { } dashboard) yield return new PagerLink(dashboard, "Dashboard");
    }
}
