using System.Globalization;
using System.Text.Encodings.Web;
using Commerce.Jobs;
using Commerce.OnCall;

namespace Api.Jobs;

/// <summary>What the page shows.</summary>
/// <param name="Kind">The filter of the dead letters.</param>
/// <param name="Notice">What the last form did.</param>
/// <param name="Path">Of the page.</param>
public sealed record JobsPageView(
    JobHealth Health, IReadOnlyList<QueueView> Queues, JobPage Running, JobPage Scheduled, IReadOnlyList<RecurringView> Recurring, JobPage Dead,
    string? Kind, string? Notice, string Path);

/// <summary>The page's HTML: every value is encoded on its way in.</summary>
internal static class JobsPageHtml
{
    public static string Of(JobsPageView view)
    {
        List<string> html = ["<h1>Jobs</h1>"];
        if (view.Notice is { } notice) html.Add($"""<p class="note" role="status">{E(notice)}</p>""");
        var alerts = view.Health.Alerts();
        if (alerts.Count == 0) html.Add("""<p class="good">Healthy: nothing waits too long, no dead letters.</p>""");
        foreach (var alert in alerts) html.Add($"""<p class="note bad" role="alert">{E(alert.Summary)}. <a href="/api/runbooks/{E(Path.GetFileName(alert.Runbook))}">What to do</a></p>""");

        Table(html, "Queues", ["Queue", "#Due", "#Running", "#Settled in the last minute", "#Oldest"], view.Queues.Select(queue => new[]
            { E(queue.Priority), N(queue.Due), N(queue.Running), N(queue.SettledLastMinute), Seconds(queue.OldestSeconds) }));
        Table(html, "Kinds", ["Kind", "#Due", "#Scheduled", "#Running", "#Dead", "#Oldest"], view.Health.Kinds.Select(kind => new[]
            { Code(kind.Kind), N(kind.Due), N(kind.Scheduled), N(kind.Running), kind.Dead > 0 ? $"<span class=bad>{N(kind.Dead)}</span>" : "0", Seconds(kind.OldestSeconds) }));
        Table(html, "Dead letters", ["Kind", "Why", "#Failures", "Given up", "What to do"], view.Dead.Items.Select(job => new[]
        {
            $"{Code(job.Kind)}<br>{Code(job.Arguments.ToString())}", $"<b>{E(job.FailureReason)}</b><br>{Code(job.FailureDetail)}", N(job.Failures), Time(job.SettledAt),
            Forms(view.Path, $"""<input type="hidden" name="id" value="{job.Id}">""", ""),
        }));
        if (view.Dead.NextCursor is { } next)
            html.Add($"""<p><a href="{E(view.Path)}?cursor={next}{(view.Kind is { } only ? $"&amp;kind={Uri.EscapeDataString(only)}" : "")}">More dead letters</a></p>""");
        foreach (var kind in view.Health.Kinds.Where(kind => kind.Dead > 0))
            html.Add($"""<h2>All {N(kind.Dead)} of {Code(kind.Kind)}</h2>{Forms(view.Path, $"<input type=\"hidden\" name=\"kind\" value=\"{E(kind.Kind)}\">", " all")}""");
        Table(html, "Running", ["Kind", "Arguments", "#Attempt", "Worker", "Lease until"], view.Running.Items.Select(job => new[]
            { Code(job.Kind), Code(job.Arguments.ToString()), N(job.Attempt), E(job.Worker), Time(job.LeaseUntil) }));
        Rest(html, view, view.Running, "running", view.Health.Kinds.Sum(kind => kind.Running));
        Table(html, "Scheduled", ["Kind", "Arguments", "Runs after", "#Failures", "Last failure"], view.Scheduled.Items.Select(job => new[]
            { Code(job.Kind), Code(job.Arguments.ToString()), Time(job.RunAfter), N(job.Failures), E(job.FailureReason) }));
        Rest(html, view, view.Scheduled, "scheduled", view.Health.Kinds.Sum(kind => kind.Scheduled));
        Table(html, "Recurring", ["Task", "When", "Next slot", "Last slot", "#Missed in 90 days", "Missed slots"], view.Recurring.Select(task => new[]
        {
            Code(task.Name), $"{Code(task.Cron)} {E(task.TimeZone)}", Time(task.NextSlot), Time(task.LastSlot), N(task.MissedSlots),
            task.Missed == nameof(MissedSlots.CatchUpLatest) ? "the latest runs late" : "skipped",
        }));
        return string.Concat(html);
    }

    /// <summary>What a table leaves out is said, and where it is: in the list of the Api, as JSON.</summary>
    private static void Rest(List<string> html, JobsPageView view, JobPage page, string list, long all)
    {
        if (page.NextCursor is not { } next) return;
        var jobs = view.Path[..view.Path.LastIndexOf('/')];
        html.Add($"""<p class=dim>The first {N(page.Items.Count)} of {N(all)}; <a href="{E(jobs)}?list={list}&amp;cursor={Uri.EscapeDataString(next)}">the next as JSON</a>.</p>""");
    }

    private static string Forms(string path, string which, string all) => Form(path, "Replay", which, all) + Form(path, "Discard", which, all);

    private static string Form(string path, string verb, string which, string all) => $"""
        <form method="post" action="{E(path)}/{verb.ToLowerInvariant()}">{which}<input name="why" required maxlength="500" placeholder="Why" aria-label="Why {verb.ToLowerInvariant()}"><button>{verb}{all}</button></form>

        """;

    /// <param name="html">Where to.</param>
    /// <param name="title">Of the table.</param>
    /// <param name="columns">Numbers begin with #.</param>
    /// <param name="rows">Cells, encoded.</param>
    private static void Table(List<string> html, string title, string[] columns, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        html.Add($"<h2>{title}</h2>");
        if (all.Count == 0)
        {
            html.Add("<p class=dim>None.</p>");
            return;
        }
        html.Add("<div class=wide><table><thead><tr>");
        foreach (var column in columns) html.Add($"<th scope=col{Class(column)}>{column.TrimStart('#')}</th>");
        html.Add("</tr></thead><tbody>");
        foreach (var row in all)
        {
            html.Add("<tr>");
            foreach (var (column, cell) in columns.Zip(row)) html.Add($"<td{Class(column)} data-l=\"{column.TrimStart('#')}\">{cell}</td>");
            html.Add("</tr>");
        }
        html.Add("</tbody></table></div>");
    }

    private static string Class(string column) => column[0] == '#' ? " class=n" : "";
    private static string Code(string? text) => $"<code>{E(text)}</code>";
    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    private static string Seconds(double seconds) => seconds < 1 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s");
    private static string Time(DateTimeOffset? time) => time is { } at ? $"<time datetime=\"{at.UtcDateTime:O}\">{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC</time>" : "–";
    private static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
