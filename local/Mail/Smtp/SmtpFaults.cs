using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Local.Web;

namespace Local.Mail.Smtp;

[JsonConverter(typeof(JsonStringEnumConverter<SmtpFaultKind>))]
public enum SmtpFaultKind
{
    /// <summary>Answers <see cref="SmtpFault.Code"/> at <see cref="SmtpFault.At"/>; nothing is kept.</summary>
    Refuse,

    /// <summary>Waits before the answer at <see cref="SmtpFault.At"/>, then goes on as usual.</summary>
    Delay,

    /// <summary>Stops reading in the middle of DATA, and after the wait hangs up; nothing is kept.</summary>
    Hang,

    /// <summary>Hangs up in the middle of DATA; nothing is kept.</summary>
    DropInData,

    /// <summary>Keeps the message, then hangs up without the 250: the client cannot know.</summary>
    DropAfterAccept,
}

[JsonConverter(typeof(JsonStringEnumConverter<SmtpStage>))]
public enum SmtpStage
{
    Mail,
    Recipient,
    Data,
    End,
}

/// <summary>A fault for the next messages.</summary>
public sealed record SmtpFault : IFault<SmtpFault>
{
    public required SmtpFaultKind Kind { get; init; }

    /// <summary>How many messages it hits.</summary>
    [Range(1, 1_000_000)]
    public int Messages { get; init; } = 1;

    int IFault<SmtpFault>.Left => Messages;

    SmtpFault IFault<SmtpFault>.WithOneLess() => this with { Messages = Messages - 1 };

    /// <summary>Only messages to an address that contains this.</summary>
    [Length(1, 320), Description("a part of an address, from 1 to 320 characters")]
    public string? Recipient { get; init; }

    /// <summary>Where it strikes, for <see cref="SmtpFaultKind.Refuse"/> and <see cref="SmtpFaultKind.Delay"/>.</summary>
    public SmtpStage At { get; init; } = SmtpStage.End;

    [Range(400, 599)]
    public int Code { get; init; } = 451;

    /// <summary>The words after the code, without an enhanced status.</summary>
    [MinLength(1), RegularExpression(@"[ -~]{1,200}"), Description("from 1 to 200 printable ASCII characters")]
    public string Text { get; init; } = "refused on purpose";

    [Range(0, 3_600_000)]
    public int Milliseconds { get; init; } = 60_000;
}

/// <summary>The faults that wait.</summary>
public sealed class SmtpFaults : FaultQueue<SmtpFault>
{
    /// <summary>The first fault that fits, used up by one: any without a recipient at MAIL, any that names this one at RCPT.</summary>
    public SmtpFault? Take(string? recipient = null) => TakeFirst(fault => recipient is null
        ? fault.Recipient is null
        : fault.Recipient is not null && recipient.Contains(fault.Recipient, StringComparison.OrdinalIgnoreCase));
}
