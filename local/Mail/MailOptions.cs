using System.ComponentModel.DataAnnotations;

namespace Local.Mail;

/// <summary>Settings of the emulator, section <c>Mail</c> (environment: <c>Mail__SmtpPort</c> and so on).</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>Port of the SMTP server on the loopback address; 0: any free one.</summary>
    [Range(0, 65535)]
    public int SmtpPort { get; set; } = 1025;

    /// <summary>Folder of the messages (one .eml each); created if missing.</summary>
    [Required]
    public string DataFolder { get; set; } = "";

    /// <summary>The largest message taken, announced as SIZE. Bytes.</summary>
    [Range(1024, 1 << 30)]
    public long MaxMessageBytes { get; set; } = 26_214_400;

    /// <summary>How many messages are kept; the oldest go first.</summary>
    [Range(1, 1_000_000)]
    public int KeepAtMost { get; set; } = 20_000;

    /// <summary>How long a client may be silent before it is hung up on (RFC 5321, 4.5.3.2.7 says five minutes).</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the whole of a message may take from DATA to its last dot.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "06:00:00")]
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Clients at once; one more is told to come back later.</summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = 200;
}
