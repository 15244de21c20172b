using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Mail;

/// <summary>What is known of one attempt to send a mail.</summary>
public enum MailSendState
{
    /// <summary>Committed before the mail server is spoken to. Found by a later attempt: nobody knows whether the mail went out.</summary>
    Sending,

    /// <summary>The mail server took responsibility for the mail.</summary>
    Sent,

    /// <summary>The mail server said no, or was never reached: no copy went out.</summary>
    Refused,

    /// <summary>The connection or the worker was lost while the server may have accepted the mail.</summary>
    Unknown,

    /// <summary>The mail server said that there is no such mailbox: no copy went out, and none will.</summary>
    Bounced,

    /// <summary>Not tried: the address has bounced before (<see cref="MailSuppression"/>).</summary>
    Suppressed,
}

/// <summary>
/// The send ledger: one row per attempt to send one mail. A send without a known result is repeated and the repetition marked ambiguous,
/// so at most one extra copy goes out per worker killed at the worst moment, and it is counted. No address in here: erasing a customer
/// leaves nothing to erase.
/// </summary>
public sealed class MailSend
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid JobId { get; init; }
    public required int Attempt { get; init; }

    /// <summary>Which mail, such as <c>receipt</c>.</summary>
    public required string Template { get; init; }

    /// <summary>What it is about: the order's id.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>The same for every attempt of one mail, so that mailboxes can recognise a second copy. Without angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>An earlier attempt may have reached the recipient.</summary>
    public required bool IsAmbiguous { get; init; }

    public MailSendState State { get; private set; } = MailSendState.Sending;

    /// <summary>By PostgreSQL's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The mail server's last words, or the connection's failure.</summary>
    public string? Response { get; private set; }

    /// <summary>Characters.</summary>
    public const int MaxResponse = 500;

    /// <summary>The result of an attempt that was open, or whose result was unknown so far.</summary>
    public void End(MailSendState state, string response, DateTimeOffset now)
    {
        if (state == MailSendState.Sending || State is not (MailSendState.Sending or MailSendState.Unknown))
            throw new InvalidOperationException($"A send that is {State} cannot become {state}.");
        State = state;
        Response = response.CutTo(MaxResponse);
        EndedAt = now;
    }
}

internal sealed class MailSendMapping : IEntityTypeConfiguration<MailSend>
{
    public void Configure(EntityTypeBuilder<MailSend> send)
    {
        send.ToTable("mail_sends", table =>
        {
            table.HasCheckConstraint("ck_mail_sends_state", "state in ('sending', 'sent', 'refused', 'unknown', 'bounced', 'suppressed')");
            table.HasCheckConstraint("ck_mail_sends_ended", "(state = 'sending') = (ended_at is null)");
        });
        send.Property(s => s.Id).ValueGeneratedNever();
        send.Property(s => s.Template).HasMaxLength(40);
        send.Property(s => s.MessageId).HasMaxLength(200);
        send.Property(s => s.Response).HasMaxLength(MailSend.MaxResponse);
        send.Property(s => s.StartedAt).HasDefaultValueSql("now()");
        send.Property(s => s.State).HasMaxLength(10)
            .HasConversion(state => state.ToString().ToLowerInvariant(), text => Enum.Parse<MailSendState>(text, ignoreCase: true));
        // Also the fence against two attempts that believe to be the same one.
        send.HasIndex(s => new { s.JobId, s.Attempt }).IsUnique();
        send.HasIndex(s => s.SubjectId);
    }
}
