using System.ComponentModel.DataAnnotations;
using MailKit.Security;

namespace Worker.Mail;

/// <summary>Section <c>Smtp</c>: where mail goes out. In production Amazon SES' SMTP interface.</summary>
public sealed class SmtpOptions
{
    public const string Section = "Smtp";

    [Required]
    public required string Host { get; init; }

    [Range(1, 65535)]
    public int Port { get; init; } = 587;

    /// <summary>The sender as mailboxes show it: <c>Oddgrain &lt;orders@oddgrain.example&gt;</c>.</summary>
    [Required]
    public required string From { get; init; }

    /// <summary>Encryption of the connection; the default takes STARTTLS where the server offers it.</summary>
    public SecureSocketOptions Security { get; init; } = SecureSocketOptions.StartTlsWhenAvailable;

    public string? UserName { get; init; }
    public string? Password { get; init; }

    /// <summary>For each answer of the server. RFC 5321 4.5.3.2 asks for minutes; a job is repeated, so it need not wait that long.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);
}
