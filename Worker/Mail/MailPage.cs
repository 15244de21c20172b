namespace Worker.Mail;

/// <summary>What a mail says, without how it looks: <see cref="MailLayout"/> makes HTML and text of it.</summary>
public sealed record MailPage(string Subject, string Preheader, string Title, string Intro, string Foot)
{
    public (string Label, string Url)? Button { get; init; }
    public MailHeading? Heading { get; init; }
    public IReadOnlyList<MailRow> Rows { get; init; } = [];
    public IReadOnlyList<(string Label, string Value)> Sums { get; init; } = [];

    /// <summary>The bold last sum, and the small print under it.</summary>
    public (string Label, string Value, string Note)? Total { get; init; }

    /// <summary>At most two: they stand side by side.</summary>
    public IReadOnlyList<(string Label, IReadOnlyList<string> Lines)> Notes { get; init; } = [];

    /// <summary>For mails that somebody may not want: where to stop them.</summary>
    public string? UnsubscribeUrl { get; init; }
}

/// <summary>The line above the rows: what it is about, and when.</summary>
public sealed record MailHeading(string Label, string Strong, string Right);

/// <summary>A product. <paramref name="Url"/> and <paramref name="PictureUrl"/> are absolute.</summary>
public sealed record MailRow(string Title, string Details, string Amount, string Url, string? PictureUrl = null, string PictureAlt = "");
