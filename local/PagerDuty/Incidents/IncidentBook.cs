using System.Text.Json.Nodes;
using Local.PagerDuty.Wire;

namespace Local.PagerDuty.Incidents;

/// <summary>
/// Turns events into incidents as PagerDuty does: a trigger opens one or adds to the open one of the same routing and dedup key; acknowledge
/// and resolve act on the open one and are dropped when there is none; after a resolve the same key opens a new one.
/// </summary>
internal sealed class IncidentBook
{
    private const string Api = "Events API";
    private const string Person = "you, on this page";

    private readonly Lock _gate = new();
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly List<Incident> _incidents = [];
    private readonly List<LoggedEvent> _dropped = [];

    public IncidentBook(EventLog log, TimeProvider time)
    {
        (_log, _time) = (log, time);
        foreach (var happened in log.Open())
            Apply(happened);
    }

    /// <summary>All incidents, newest first.</summary>
    public IReadOnlyList<Incident> Newest()
    {
        lock (_gate)
            return [.. Enumerable.Reverse(_incidents)];
    }

    public Incident? Find(int number)
    {
        lock (_gate)
            return _incidents.ElementAtOrDefault(number - 1);
    }

    /// <summary>Acknowledge and resolve events that found nothing open: accepted with 202 and without effect.</summary>
    public IReadOnlyList<object> Dropped()
    {
        lock (_gate)
            return [.. _dropped.Select(happened => new { happened.At, happened.Action, happened.DedupKey })];
    }

    public void Take(AlertEvent alert) => Take(new LoggedEvent(_time.GetUtcNow(), alert.RoutingKey, alert.Action, alert.DedupKey, Api, (JsonObject)alert.Body.DeepClone()));

    /// <summary>A person acknowledges or resolves; false when the incident is not open.</summary>
    public bool ActAsPerson(int number, string action)
    {
        if (Find(number) is not { IsOpen: true } incident)
            return false;
        Take(new LoggedEvent(_time.GetUtcNow(), incident.RoutingKey, action, incident.DedupKey, Person, []));
        return true;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _log.Clear();
            _incidents.Clear();
            _dropped.Clear();
        }
    }

    private void Take(LoggedEvent happened)
    {
        lock (_gate)
        {
            _log.Append(happened);
            Apply(happened);
        }
    }

    private void Apply(LoggedEvent happened)
    {
        var index = _incidents.FindLastIndex(incident => incident.IsOpen && incident.DedupKey == happened.DedupKey && incident.RoutingKey == happened.RoutingKey);
        var entry = new TimelineEntry(happened.At, happened.Action, happened.By, happened.Body["payload"]?["summary"]?.ToString());
        if (index >= 0)
            _incidents[index] = After(_incidents[index], happened, entry);
        else if (happened.Action == EventActions.Trigger)
            _incidents.Add(new Incident(_incidents.Count + 1, happened.RoutingKey, happened.DedupKey, IncidentStatus.Triggered, happened.At, happened.Body, [entry]));
        else
            _dropped.Add(happened);
    }

    private static Incident After(Incident incident, LoggedEvent happened, TimelineEntry entry) => incident with
    {
        Status = happened.Action switch
        {
            EventActions.Acknowledge => IncidentStatus.Acknowledged,
            EventActions.Resolve => IncidentStatus.Resolved,
            _ => incident.Status,
        },
        Trigger = happened.Action == EventActions.Trigger ? happened.Body : incident.Trigger,
        Timeline = [.. incident.Timeline, entry],
    };
}
