using System.Text.Json.Nodes;
using Local.PagerDuty.Incidents;
using Local.Web;

namespace Local.PagerDuty.Pages;

/// <summary>One incident: what it says, where it leads, what happened to it.</summary>
internal static class IncidentPage
{
    public static IResult Show(Incident incident) => Frame.Page($"#{incident.Number} {incident.Summary}", Html.Of($"""
        <p class="back"><a href="/">← All incidents</a></p>
        <article>
          <div class="head">
            <h1>{incident.Summary}</h1>
            {Html.When(incident.Status == IncidentStatus.Triggered, () => Button(incident, "acknowledge", "Acknowledge"))}
            {Html.When(incident.IsOpen, () => Button(incident, "resolve", "Resolve"))}
          </div>
          <p class="facts-line {incident.Severity}"><span class="severity">{incident.Severity}</span> <span class="state {incident.Status}">{incident.Status}</span></p>
          <dl class="facts">
            {Fact("Dedup key", incident.DedupKey)}
            {Fact("Source", incident.Source)}
            {Fact("Component", incident.Payload("component"))}
            {Fact("Group", incident.Payload("group"))}
            {Fact("Class", incident.Payload("class"))}
            <div><dt>Opened</dt><dd>{ListPage.Time(incident.OpenedAt)}</dd></div>
            {Html.When(incident.ResolvedAt is not null, () => Html.Of($"""<div><dt>Resolved</dt><dd>{ListPage.Time(incident.ResolvedAt!.Value)}</dd></div>"""))}
            {Client(incident)}
          </dl>
          {Links(incident)}
          {Details(incident)}
          <h2>Timeline</h2>
          <ol class="timeline">{Html.Join(incident.Timeline.Reverse().Select(entry => Html.Of($"""<li><span class="state {entry.Action}">{entry.Action}</span> <span class="soft">by {entry.By}</span> {ListPage.Time(entry.At)}{Html.When(entry.Text is not null, () => Html.Of($"<p>{entry.Text}</p>"))}</li>""")))}</ol>
          <details><summary>The newest trigger as it came</summary><pre class="sheet">{incident.Trigger.ToJsonString(Indented)}</pre></details>
        </article>
        """));

    public static IResult Gone() => Frame.Page("No such incident", Html.Of($"""
        <h1>No such incident</h1>
        <p>Everything may have been forgotten.</p>
        <p><a href="/">All incidents</a></p>
        """), StatusCodes.Status404NotFound);

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static Html Button(Incident incident, string action, string label) =>
        Html.Of($"""<form method="post" action="/incidents/{incident.Number}/{action}"><button>{label}</button></form>""");

    private static Html Fact(string name, string? value) =>
        Html.When(!string.IsNullOrEmpty(value), () => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>"));

    private static Html Client(Incident incident)
    {
        var name = incident.Trigger["client"]?.ToString();
        var url = incident.Trigger["client_url"]?.ToString();
        if (name is null && url is null)
            return Html.Empty;
        var shown = url is null ? Html.Of($"{name}") : Html.Of($"""<a href="{url}" rel="noreferrer">{name ?? url}</a>""");
        return Html.Of($"<div><dt>Client</dt><dd>{shown}</dd></div>");
    }

    // The reader let only http and https addresses in.
    private static Html Links(Incident incident)
    {
        var links = incident.Trigger["links"] as JsonArray ?? [];
        var images = incident.Trigger["images"] as JsonArray ?? [];
        return Html.When(links.Count + images.Count > 0, () => Html.Of($"""
            <ul class="links" aria-label="Links">
              {Html.Join(links.OfType<JsonObject>().Select(link => Link(link["href"], link["text"])))}
              {Html.Join(images.OfType<JsonObject>().Select(image => Link(image["href"] ?? image["src"], image["alt"])))}
            </ul>
            """));
    }

    private static Html Link(JsonNode? href, JsonNode? text) => Html.Of($"""<li><a href="{href?.ToString()}" rel="noreferrer">{(text ?? href)?.ToString()}</a></li>""");

    private static Html Details(Incident incident) => incident.Trigger["payload"]?["custom_details"] is JsonObject { Count: > 0 } details
        ? Html.Of($"""
            <h2>Details</h2>
            <div class="sheet"><table><tbody>
              {Html.Join(details.Select(detail => Html.Of($"""<tr><th scope="row">{detail.Key}</th><td>{detail.Value?.ToString()}</td></tr>""")))}
            </tbody></table></div>
            """)
        : Html.Empty;
}
