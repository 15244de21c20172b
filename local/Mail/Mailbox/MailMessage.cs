namespace Local.Mail.Mailbox;

/// <summary>What SMTP said about a message, apart from the message itself.</summary>
public sealed record Envelope(string Sender, IReadOnlyList<string> Recipients, string Client, DateTimeOffset ReceivedAt);

/// <summary>A kept message as lists show it. <see cref="To"/> are the envelope's recipients; <see cref="Size"/> is in bytes.</summary>
public sealed record MailSummary(string Id, DateTimeOffset ReceivedAt, string From, IReadOnlyList<string> To, string Subject,
    long Size, string? MessageId, string? TraceParent)
{
    /// <summary>The trace of <c>traceparent</c> (W3C Trace Context: <c>00-{trace id}-{span id}-{flags}</c>).</summary>
    public string? TraceId => TraceParent?.Split('-') is [_, { Length: 32 } trace, { Length: 16 }, ..] && trace.All(char.IsAsciiHexDigitLower) ? trace : null;
}
