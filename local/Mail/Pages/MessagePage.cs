using System.Globalization;
using Local.Mail.Mailbox;
using Local.Web;
using MimeKit;

namespace Local.Mail.Pages;

/// <summary>One message, in one of its views.</summary>
internal static class MessagePage
{
    public const string HtmlView = "html";
    public const string Text = "text";
    public const string Headers = "headers";
    public const string Source = "source";

    public static IResult Show(MailSummary summary, MimeMessage message, string? view, string source)
    {
        var views = new List<(string Name, string Label)> { (Headers, "Headers"), (Source, "Source") };
        if (message.TextBody is not null)
            views.Insert(0, (Text, "Text"));
        if (message.HtmlBody is not null)
            views.Insert(0, (HtmlView, "HTML"));
        var current = views.Any(item => item.Name == view) ? view! : views[0].Name;
        return Frame.Page(ListPage.Subject(summary), Html.Of($"""
            <p class="back"><a href="/">← All messages</a></p>
            <article>
              <div class="head">
                <h1>{ListPage.Subject(summary)}</h1>
                <form method="post" action="/messages/{summary.Id}/delete"><button class="danger">Delete</button></form>
              </div>
              <dl class="facts">
                <div><dt>From</dt><dd>{summary.From}</dd></div>
                <div><dt>To</dt><dd>{string.Join(", ", summary.To)}</dd></div>
                <div><dt>Received</dt><dd><time datetime="{summary.ReceivedAt.ToString("O", CultureInfo.InvariantCulture)}">{ListPage.When(summary)}</time> · {Size(summary.Size)}</dd></div>
                {Html.When(summary.TraceId is not null, () => Html.Of($"""<div><dt>Trace</dt><dd><code>{summary.TraceId}</code></dd></div>"""))}
              </dl>
              {Attachments(summary, message)}
              <nav aria-label="Views of the message"><ul class="tabs">
                {Html.Join(views.Select(item => Html.Of($"""<li><a href="?view={item.Name}" {(item.Name == current ? Html.Of($"""aria-current="page" """) : Html.Empty)}>{item.Label}</a></li>""")))}
              </ul></nav>
              {Body(summary, message, current, source)}
            </article>
            """));
    }

    private static Html Body(MailSummary summary, MimeMessage message, string view, string source) => view switch
    {
        HtmlView => Html.Of($"""
            <p class="widths" role="group" aria-label="Width of the preview"><button type="button" data-width="wide" aria-pressed="true">Wide</button><button type="button" data-width="phone" aria-pressed="false">Phone</button></p>
            <iframe id="preview" title="The message as HTML" src="/messages/{summary.Id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
            """),
        Text => Html.Of($"""<pre class="sheet wrap">{message.TextBody}</pre>"""),
        Source => Html.Of($"""<pre class="sheet">{source}</pre><p><a href="/api/messages/{summary.Id}/source" download>Download as .eml</a></p>"""),
        _ => Html.Of($"""
            <div class="sheet"><table><thead><tr><th scope="col">Header</th><th scope="col">Value</th></tr></thead><tbody>
              {Html.Join(message.Headers.Select(header => Html.Of($"""<tr><th scope="row">{header.Field}</th><td>{header.Value}</td></tr>""")))}
            </tbody></table></div>
            """),
    };

    private static Html Attachments(MailSummary summary, MimeMessage message)
    {
        var parts = MailContent.Parts(message);
        return Html.When(parts.Count > 0, () => Html.Of($"""
            <ul class="parts" aria-label="Attachments">
              {Html.Join(parts.Select((part, index) => Html.Of($"""<li><a href="/messages/{summary.Id}/parts/{index}" download="{MailContent.Name(part, index)}">{MailContent.Name(part, index)}</a> <small>{part.ContentType.MimeType}</small></li>""")))}
            </ul>
            """));
    }

    private static string Size(long bytes) => bytes < 1024 ? $"{bytes} bytes"
        : bytes < 1024 * 1024 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.#} MiB");
}
