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

/// <summary>The page as HTML: every value is encoded on its way in.</summary>
internal static class JobsPageHtml
{
    private const string Css = """
        :root{color-scheme:light dark;--ink:#1c1b1a;--dim:#6b6660;--line:#dcd7d0;--paper:#faf8f5;--card:#fff;--bad:#a4262c;--good:#2c6e49}
        @media(prefers-color-scheme:dark){:root{--ink:#ece8e1;--dim:#a39c92;--line:#3a3733;--paper:#171614;--card:#201f1c;--bad:#ff8a80;--good:#8fd3a8}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
        main{max-width:72rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
        .wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
        table{border-collapse:collapse;width:100%}th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
        tr:last-child td{border-bottom:0}th{font-weight:600;color:var(--dim);font-size:.8rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        .dim{color:var(--dim)}.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
        .note{padding:.6rem .9rem;border-radius:8px;border:1px solid var(--line);background:var(--card);margin:.5rem 0}.note.bad{border-color:var(--bad)}
        code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}form{display:flex;gap:.4rem;flex-wrap:wrap;margin:.25rem 0}
        input,button{font:inherit;padding:.35rem .6rem;border-radius:6px;border:1px solid var(--line);background:var(--paper);color:inherit;min-height:2.2rem}
        input{min-width:8rem;flex:1}button{cursor:pointer;font-weight:600}:focus-visible{outline:2px solid var(--good);outline-offset:2px}a{color:inherit}
        @media(max-width:40rem){thead{position:absolute;clip-path:inset(50%)}tr,td{display:block}td{border:0;padding:.15rem .75rem}td.n{text-align:left}
        td[data-l]::before{content:attr(data-l)": ";color:var(--dim)}tr{border-bottom:1px solid var(--line);padding:.5rem 0}}
        """;

    public static string Of(JobsPageView view, string nonce)
    {
        List<string> html =
        [
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Jobs</title>
            <style nonce="{nonce}">{Css}</style></head><body><main><h1>Jobs</h1>
            """,
        ];
        if (view.Notice is { } notice) html.Add($"""<p class="note" role="status">{E(notice)}</p>""");
        var alerts = view.Health.Alerts();
        if (alerts.Count == 0) html.Add("""<p class="good">Healthy: nothing waits too long, no dead letters.</p>""");
        foreach (var alert in alerts) html.Add($"""<p class="note bad" role="alert"><b>{E(alert.Name)}</b> {E(alert.Summary)} <span class="dim">{E(alert.Runbook)}</span></p>""");

        Table(html, "Queues", ["Queue", "#Due", "#Running", "#Settled in the last minute", "#Oldest"], view.Queues.Select(queue => new[]
            { E(queue.Priority), N(queue.Due), N(queue.Running), N(queue.SettledLastMinute), Seconds(queue.OldestSeconds) }));
        Table(html, "Kinds", ["Kind", "#Due", "#Scheduled", "#Running", "#Dead", "#Oldest"], view.Health.Kinds.Select(kind => new[]
            { Code(kind.Kind), N(kind.Due), N(kind.Scheduled), N(kind.Running), kind.Dead > 0 ? $"<span class=bad>{N(kind.Dead)}</span>" : "0", Seconds(kind.OldestSeconds) }));
        Table(html, "Running", ["Kind", "Arguments", "#Attempt", "Worker", "Lease until"], view.Running.Items.Select(job => new[]
            { Code(job.Kind), Code(job.Arguments.ToString()), N(job.Attempt), E(job.Worker), Time(job.LeaseUntil) }));
        Table(html, "Scheduled", ["Kind", "Arguments", "Runs after", "#Failures", "Last failure"], view.Scheduled.Items.Select(job => new[]
            { Code(job.Kind), Code(job.Arguments.ToString()), Time(job.RunAfter), N(job.Failures), E(job.FailureReason) }));
        Table(html, "Recurring", ["Task", "When", "Next slot", "Last slot", "#Missed in 90 days", "Missed slots"], view.Recurring.Select(task => new[]
        {
            Code(task.Name), $"{Code(task.Cron)} {E(task.TimeZone)}", Time(task.NextSlot), Time(task.LastSlot), N(task.MissedSlots),
            task.Missed == nameof(MissedSlots.CatchUpLatest) ? "the latest runs late" : "skipped",
        }));
        Table(html, "Dead letters", ["Kind", "Why", "#Failures", "Given up", "What to do"], view.Dead.Items.Select(job => new[]
        {
            $"{Code(job.Kind)}<br>{Code(job.Arguments.ToString())}", $"<b>{E(job.FailureReason)}</b><br>{Code(job.FailureDetail)}", N(job.Failures), Time(job.SettledAt),
            Forms(view.Path, $"""<input type="hidden" name="id" value="{job.Id}">""", ""),
        }));
        if (view.Dead.NextCursor is { } next)
            html.Add($"""<p><a href="{E(view.Path)}?cursor={next}{(view.Kind is { } only ? $"&amp;kind={Uri.EscapeDataString(only)}" : "")}">More dead letters</a></p>""");
        foreach (var kind in view.Health.Kinds.Where(kind => kind.Dead > 0))
            html.Add($"""<h2>All {N(kind.Dead)} of {Code(kind.Kind)}</h2>{Forms(view.Path, $"<input type=\"hidden\" name=\"kind\" value=\"{E(kind.Kind)}\">", " all")}""");
        html.Add("</main></body></html>");
        return string.Concat(html);
    }

    private static string Forms(string path, string which, string all) => $"""
        <form method="post" action="{E(path)}/replay">{which}<button>Replay{all}</button></form>
        <form method="post" action="{E(path)}/discard">{which}<input name="why" required maxlength="500" placeholder="Why" aria-label="Why discard"><button>Discard{all}</button></form>
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
