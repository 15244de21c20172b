using System.Globalization;
using Local.Mail.Mailbox;
using Local.Web;

namespace Local.Mail.Pages;

/// <summary>The list of messages.</summary>
internal static class ListPage
{
    private const int MaxRows = 200;

    public static IResult Show(IReadOnlyList<MailSummary> messages, string? words, int smtpPort)
    {
        var searching = !string.IsNullOrWhiteSpace(words);
        return Frame.Page(messages.Count == 1 ? "1 message" : $"{messages.Count} messages", Html.Of($"""
            <div class="head">
              <h1>{(searching ? $"{messages.Count} found" : "Messages")}</h1>
              <form class="search" role="search"><label class="hidden" for="q">Search sender, recipient, subject or trace id</label><input id="q" name="q" type="search" value="{words}" placeholder="Search"><button>Search</button></form>
              {Html.When(messages.Count > 0 && !searching, () => Html.Of($"""<form method="post" action="/messages/delete"><button class="danger" data-confirm="Delete all messages?">Delete all</button></form>"""))}
            </div>
            <p class="notice" id="fresh" hidden><a href="/">New mail has arrived. Show it.</a></p>
            {(messages.Count == 0 ? Empty(searching, smtpPort) : Rows(messages))}
            {Html.When(messages.Count > MaxRows, () => Html.Of($"""<p class="soft">The newest {MaxRows} are shown. Search to find older ones.</p>"""))}
            """));
    }

    public static IResult Gone() => Frame.Page("No such message", Html.Of($"""
        <h1>No such message</h1>
        <p>It may have been deleted.</p>
        <p><a href="/">All messages</a></p>
        """), StatusCodes.Status404NotFound);

    private static Html Empty(bool searching, int smtpPort) => searching
        ? Html.Of($"""<div class="empty"><p>Nothing matches.</p><p><a href="/">All messages</a></p></div>""")
        : Html.Of($"""<div class="empty"><p>No mail yet.</p><p class="soft">Send some by SMTP to <code>127.0.0.1:{smtpPort}</code>, no sign-in, no encryption.</p></div>""");

    private static Html Rows(IReadOnlyList<MailSummary> messages) => Html.Of($"""
        <ol class="mails" data-newest="{messages[0].Id}">
          {Html.Join(messages.Take(MaxRows).Select(Row))}
        </ol>
        """);

    private static Html Row(MailSummary message) => Html.Of($"""
        <li><a href="/messages/{message.Id}">
          <span class="subject">{Subject(message)}</span>
          <span class="people">{message.From} <span aria-hidden="true">→</span><span class="hidden">to</span> {string.Join(", ", message.To)}</span>
          <time datetime="{message.ReceivedAt.ToString("O", CultureInfo.InvariantCulture)}">{When(message)}</time>
        </a></li>
        """);

    public static string Subject(MailSummary message) => message.Subject.Length > 0 ? message.Subject : "(no subject)";

    public static string When(MailSummary message) => message.ReceivedAt.ToLocalTime().ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture);
}
