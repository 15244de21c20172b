using System.Globalization;
using Local.PagerDuty.Controls;
using Local.PagerDuty.Incidents;
using Local.Web;

namespace Local.PagerDuty.Pages;

/// <summary>The incidents, those that still ring first, and the buttons for trouble.</summary>
internal static class ListPage
{
    private const int MaxRows = 200;
    private const string All = "all";

    public static IResult Show(IReadOnlyList<Incident> incidents, IReadOnlyList<Fault> faults, string? show)
    {
        var open = incidents.Where(incident => incident.IsOpen).ToList();
        var filter = show is IncidentStatus.Triggered or IncidentStatus.Acknowledged or IncidentStatus.Resolved ? show : All;
        var shown = incidents.Where(incident => filter == All || incident.Status == filter).OrderBy(incident => incident.IsOpen ? 0 : 1).ToList();
        return Frame.Page(open.Count == 0 ? "All quiet" : $"{open.Count} open", Html.Of($"""
            <div class="head">
              <h1>{(open.Count == 0 ? "All quiet" : open.Count == 1 ? "1 open incident" : $"{open.Count} open incidents")}</h1>
              {Html.When(incidents.Count > 0, () => Html.Of($"""<form method="post" action="/reset"><button class="danger" data-confirm="Forget all incidents and faults?">Forget all</button></form>"""))}
            </div>
            <p class="notice" id="fresh" hidden><a href="/">Something has changed. Show it.</a></p>
            <nav aria-label="Which incidents"><ul class="tabs">
              {Html.Join(new[] { All, IncidentStatus.Triggered, IncidentStatus.Acknowledged, IncidentStatus.Resolved }.Select(name => Tab(name, filter, incidents)))}
            </ul></nav>
            {(shown.Count == 0 ? Empty(filter) : Rows(shown))}
            {Html.When(shown.Count > MaxRows, () => Html.Of($"""<p class="soft">The newest {MaxRows} are shown; <a href="/_emulator/incidents">all of them as JSON</a>.</p>"""))}
            {Trouble(faults)}
            """));
    }

    public static string When(DateTimeOffset time) => time.ToLocalTime().ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture);

    public static Html Time(DateTimeOffset time) => Html.Of($"""<time datetime="{time.ToString("O", CultureInfo.InvariantCulture)}">{When(time)}</time>""");

    private static Html Tab(string name, string current, IReadOnlyList<Incident> incidents) => Html.Of($"""
        <li><a href="{(name == All ? "/" : $"/?show={name}")}" {(name == current ? Html.Of($"""aria-current="page" """) : Html.Empty)}>{char.ToUpperInvariant(name[0]) + name[1..]} <small>{incidents.Count(incident => name == All || incident.Status == name)}</small></a></li>
        """);

    private static Html Empty(string filter) => filter == All
        ? Html.Of($"""<div class="empty"><p>Nobody was called yet.</p><p class="soft">Send an event to <code>POST /v2/enqueue</code> with any 32 letters and digits as <code>routing_key</code>.</p></div>""")
        : Html.Of($"""<div class="empty"><p>No incident is {filter}.</p><p><a href="/">All incidents</a></p></div>""");

    private static Html Rows(IReadOnlyList<Incident> incidents) => Html.Of($"""
        <ol class="incidents">{Html.Join(incidents.Take(MaxRows).Select(Row))}</ol>
        """);

    private static Html Row(Incident incident) => Html.Of($"""
        <li class="{incident.Severity} {incident.Status}"><a href="/incidents/{incident.Number}">
          <span class="summary">{incident.Summary}</span>
          <span class="facts-line"><span class="severity">{incident.Severity}</span> <span class="state {incident.Status}">{incident.Status}</span> <code>{incident.DedupKey}</code></span>
          {Time(incident.OpenedAt)}
        </a></li>
        """);

    private static Html Trouble(IReadOnlyList<Fault> faults) => Html.Of($"""
        <section class="trouble" aria-labelledby="trouble-title">
          <h2 id="trouble-title">Trouble with the API</h2>
          {Html.When(faults.Count > 0, () => Html.Of($"""
          <ul>{Html.Join(faults.Select(fault => Html.Of($"<li>Next {fault.Calls} events: {Words(fault)}</li>")))}</ul>
          <form method="post" action="/faults/clear"><button>Clear all faults</button></form>
          """))}
          <form class="arm" method="post" action="/faults">
            <label>What happens<select name="kind"><option value="500">Answers 500, nothing done</option><option value="429">Answers 429, too many</option><option value="hang">Waits 10 s, then answers</option><option value="drop">Hangs up, nothing done</option><option value="drop-after">Takes the event, hangs up</option></select></label>
            <label>For how many events<input name="calls" type="number" min="1" max="100000" value="1" required></label>
            <button>Arm</button>
          </form>
        </section>
        """);

    private static string Words(Fault fault) => fault.Kind switch
    {
        FaultKind.Status => $"answer {fault.Status}, nothing done",
        FaultKind.Hang => $"wait {fault.Milliseconds} ms",
        FaultKind.Drop => "hang up, nothing done",
        _ => "take the event, hang up",
    };
}
