using System.Globalization;
using System.Net;
using System.Text;

namespace Worker.Mail;

/// <summary>The one look of all mails, as HTML (light, dark, phone) and as plain text.</summary>
public static class MailLayout
{
    private const int TextWidth = 60;

    private static readonly Template Layout = Template.Load("Layout.html");
    private static readonly Template Button = Template.Load("Button.html");
    private static readonly Template Heading = Template.Load("Heading.html");
    private static readonly Template Rows = Template.Load("Rows.html");
    private static readonly Template Row = Template.Load("Row.html");
    private static readonly Template PictureCell = Template.Load("PictureCell.html");
    private static readonly Template Picture = Template.Load("Picture.html");
    private static readonly Template Sums = Template.Load("Sums.html");
    private static readonly Template Sum = Template.Load("Sum.html");
    private static readonly Template Total = Template.Load("Total.html");
    private static readonly Template Notes = Template.Load("Notes.html");
    private static readonly Template Note = Template.Load("Note.html");

    public static string Html(MailPage page, MailTexts texts, string shopUrl) => Layout.Fill(
        ("language", texts.Language), ("subject", page.Subject), ("preheader", page.Preheader), ("shopUrl", shopUrl), ("title", page.Title), ("intro", page.Intro),
        ("button", page.Button is { } button ? Button.Fill(("url", button.Url), ("label", button.Label)) : ""),
        ("heading", page.Heading is { } heading ? Heading.Fill(("label", heading.Label), ("strong", heading.Strong), ("right", heading.Right)) : ""),
        ("rows", page.Rows.Count + page.Sums.Count == 0 && page.Total is null ? "" : Rows.Fill(("rows", RowsOf(page)), ("sums", SumsOf(page)))),
        ("notes", page.Notes.Count == 0 ? "" : Notes.Fill(("notes", string.Concat(page.Notes.Select(note =>
            Note.Fill(("label", note.Label), ("lines", string.Join("<br>", note.Lines.Select(WebUtility.HtmlEncode))))))))),
        ("footEdge", EndsWithRow(page) ? "" : "padding:20px 0 0 0;border-top:1px solid #cfcfc7;"),
        ("foot", FootOf(page, texts)));

    public static string Text(MailPage page, MailTexts texts, string shopUrl)
    {
        var text = new StringBuilder().Append(page.Title).Append("\n\n").Append(page.Intro).Append("\n\n");
        if (page.Heading is { } heading) text.Append(CultureInfo.InvariantCulture, $"{heading.Label} {heading.Strong}, {heading.Right}\n");
        if (page.Button is { } button) text.Append(CultureInfo.InvariantCulture, $"{button.Label}: {button.Url}\n");
        if (page.Heading is not null || page.Button is not null) text.Append('\n');
        foreach (var row in page.Rows) text.Append(Wide(row.Title, row.Amount)).Append(row.Details == "" ? "" : $"\n  {row.Details}").Append('\n');
        if (page.Rows.Count > 0) text.Append('\n');
        foreach (var (label, value) in page.Sums) text.Append(Wide(label, value)).Append('\n');
        if (page.Total is { } total) text.Append(Wide(total.Label, total.Value)).Append('\n').Append(total.Note).Append(total.Note == "" ? "" : "\n").Append('\n');
        foreach (var (label, lines) in page.Notes) text.Append(label).Append('\n').AppendJoin('\n', lines).Append("\n\n");
        text.Append(page.Foot).Append("\n\n").Append(texts["foot.shop"]).Append('\n').Append(shopUrl).Append('\n');
        if (page.UnsubscribeUrl is { } stop) text.Append(CultureInfo.InvariantCulture, $"\n{texts["foot.unsubscribe"]}: {stop}\n");
        return text.ToString();
    }

    /// <summary>With a column for pictures if any row has one.</summary>
    private static string RowsOf(MailPage page)
    {
        var hasPictures = page.Rows.Any(row => row.PictureUrl is not null);
        return string.Concat(page.Rows.Select(row =>
        {
            var picture = row.PictureUrl is null ? "" : Picture.Fill(("url", row.Url), ("source", row.PictureUrl), ("alt", row.PictureAlt));
            return Row.Fill(("picture", hasPictures ? PictureCell.Fill(("picture", picture)) : ""), ("url", row.Url), ("title", row.Title), ("details", row.Details), ("total", row.Amount));
        }));
    }

    /// <summary>Its rule is the foot's too.</summary>
    private static bool EndsWithRow(MailPage page) => page is { Rows.Count: > 0, Sums.Count: 0, Total: null, Notes.Count: 0 };

    private static string SumsOf(MailPage page)
    {
        var sums = string.Concat(page.Sums.Select(sum => Sum.Fill(("label", sum.Label), ("value", sum.Value))));
        if (page.Total is { } total) sums += Total.Fill(("label", total.Label), ("value", total.Value), ("note", total.Note));
        return sums == "" ? "" : Sums.Fill(("sums", sums));
    }

    private static string FootOf(MailPage page, MailTexts texts)
    {
        var foot = $"{WebUtility.HtmlEncode(page.Foot)}<br>{WebUtility.HtmlEncode(texts["foot.shop"])}";
        return page.UnsubscribeUrl is { } stop
            ? $"""{foot}<br><a href="{WebUtility.HtmlEncode(stop)}" class="soft" style="color:#55575c;">{WebUtility.HtmlEncode(texts["foot.unsubscribe"])}</a>"""
            : foot;
    }

    /// <summary>Left and right edge of a line, at least one space between them.</summary>
    private static string Wide(string left, string right) => left.PadRight(Math.Max(left.Length + 1, TextWidth - right.Length)) + right;
}
