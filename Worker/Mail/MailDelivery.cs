using System.Diagnostics.Metrics;
using Commerce;
using Commerce.Jobs;
using Commerce.Mail;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>A mail ready to go, apart from what the ledger and the gateway add.</summary>
public sealed record OutgoingMail(string Template, Guid SubjectId, string To, string Subject, string Html, string Text, string? UnsubscribeUrl = null);

/// <summary>Sends the one mail of a job by the send ledger (<see cref="MailSend"/>) and settles the job with it.</summary>
public sealed class MailDelivery(ShopDb db, SmtpGateway smtp, TimeProvider time, ILogger<MailDelivery> logger)
{
    /// <summary>Where the back-off starts after a 4xx: greylisting servers want minutes (RFC 6647).</summary>
    private static readonly TimeSpan AfterDeferral = TimeSpan.FromSeconds(30);

    /// <summary>A server that swallows every mail without an answer must not fill a mailbox.</summary>
    private const int MostUnknown = 3;

    private static readonly Meter Meter = new("Worker");
    private static readonly Counter<long> Sends =
        Meter.CreateCounter<long>("shop.mail.sends", "{mail}", "Attempts to send, by template, result and whether they may be a second copy");

    /// <exception cref="JobFailedException">The mail could not be made, or the server did not take it; neither a broken template nor a bad address nor a rejected mail is tried again.</exception>
    public async Task DeliverAsync(JobRun run, Func<OutgoingMail> make, CancellationToken cancellationToken)
    {
        var mail = Make(make);
        var to = MailAddress.AsciiOf(mail.To) ?? throw new JobFailedException(FailureKind.Page, "mail-address-invalid", "The address of this mail is none that mail can be sent to.");
        var messageId = $"{run.Id:N}@{smtp.From.Domain}";
        var message = Compose(run, mail, to, messageId);
        var send = await BeginAsync(run, mail, messageId, cancellationToken);
        if (send is null) return;
        if (send.State == MailSendState.Suppressed)
            throw new JobFailedException(FailureKind.Ignore, "mail-suppressed", "The address of this mail has bounced before.");

        var result = await TalkAsync(send.Id, message, cancellationToken);
        Sends.Add(1, new("mail.template", mail.Template), new("mail.result", result.Verdict.ToString().ToLowerInvariant()),
            new("mail.ambiguous", send.IsAmbiguous));
        switch (result.Verdict)
        {
            case SmtpVerdict.Accepted:
                await AcceptedAsync(run, send.Id, result.Response);
                return;
            case SmtpVerdict.Rejected:
                await RecordAsync(send.Id, MailSendState.Refused, result.Response);
                throw new JobFailedException(FailureKind.Page, "smtp-rejected", result.Response, result.Cause);
            case SmtpVerdict.Bounced:
                // No fault of the shop: nobody is woken, staff see it in the ledger.
                await RecordAsync(send.Id, MailSendState.Bounced, result.Response, suppressed: mail.To);
                throw new JobFailedException(FailureKind.Ignore, "mail-bounced", result.Response, result.Cause);
            case SmtpVerdict.Unknown:
                await RecordAsync(send.Id, MailSendState.Unknown, result.Response);
                var unknown = await db.Set<MailSend>().CountAsync(s => s.JobId == run.Id && s.State == MailSendState.Unknown, CancellationToken.None);
                throw new JobFailedException(unknown < MostUnknown ? FailureKind.Retry : FailureKind.Page, "smtp-result-unknown",
                    result.Response, result.Cause, AfterDeferral);
            default:
                await RecordAsync(send.Id, MailSendState.Refused, result.Response);
                throw new JobFailedException(FailureKind.Retry, "smtp-deferred", result.Response, result.Cause,
                    result.Cause is MailKit.Net.Smtp.SmtpCommandException ? AfterDeferral : null);
        }
    }

    /// <summary>Data that no template can show is a fault of ours: the same try again would fail the same way.</summary>
    private static OutgoingMail Make(Func<OutgoingMail> make)
    {
        try
        {
            return make();
        }
        catch (Exception broken) when (broken is not JobFailedException)
        {
            throw new JobFailedException(FailureKind.Page, "template-error", broken.Message, broken);
        }
    }

    /// <summary>A worker that stops before the server was given the mail leaves no doubt.</summary>
    private async Task<SmtpResult> TalkAsync(Guid sendId, MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await smtp.SendAsync(message, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await RecordAsync(sendId, MailSendState.Refused, "Stopped before the server was given the mail.");
            throw;
        }
    }

    /// <summary>Commits the attempt before the server is spoken to.</summary>
    /// <returns>Null when an earlier attempt is known to have succeeded.</returns>
    private async Task<MailSend?> BeginAsync(JobRun run, OutgoingMail mail, string messageId, CancellationToken cancellationToken)
    {
        MailSend? send = null;
        await run.CheckpointAsync(db, async token =>
        {
            send = null;
            var earlier = await db.Set<MailSend>().Where(s => s.JobId == run.Id).ToListAsync(token);
            if (earlier.Any(s => s.State == MailSendState.Sent)) return;
            foreach (var open in earlier.Where(s => s.State == MailSendState.Sending))
                open.End(MailSendState.Unknown, $"Found open by attempt {run.Attempt}.", time.GetUtcNow());
            send = new MailSend
            {
                JobId = run.Id,
                Attempt = run.Attempt,
                Template = mail.Template,
                SubjectId = mail.SubjectId,
                MessageId = messageId,
                IsAmbiguous = earlier.Any(s => s.State == MailSendState.Unknown),
            };
            var hash = MailSuppression.HashOf(mail.To);
            if (await db.Set<MailSuppression>().AnyAsync(s => s.AddressHash == hash, token))
                send.End(MailSendState.Suppressed, "The address has bounced before.", time.GetUtcNow());
            db.Add(send);
        }, cancellationToken);
        if (send is { IsAmbiguous: true })
            logger.LogWarning("Mail {MessageId} is sent again, because the result of an earlier attempt is unknown", messageId);
        return send;
    }

    /// <summary>The mail is out, so neither a shutdown nor a lost claim may keep the ledger from saying so.</summary>
    private async Task AcceptedAsync(JobRun run, Guid sendId, string response)
    {
        try
        {
            await run.SettleAsync(db, token => EndAsync(sendId, MailSendState.Sent, response, token), CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            await RecordAsync(sendId, MailSendState.Sent, response);
            throw;
        }
    }

    /// <summary>Without the fence: what the server said stays true whoever holds the job now.</summary>
    private async Task RecordAsync(Guid sendId, MailSendState state, string response, string? suppressed = null)
    {
        db.ChangeTracker.Clear();
        if (suppressed is not null) await db.SuppressAsync(suppressed, response, time.GetUtcNow(), CancellationToken.None);
        await EndAsync(sendId, state, response, CancellationToken.None);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task EndAsync(Guid sendId, MailSendState state, string response, CancellationToken cancellationToken)
    {
        var send = await db.Set<MailSend>().SingleAsync(s => s.Id == sendId, cancellationToken);
        if (send.State != state) send.End(state, response, time.GetUtcNow());
    }

    private MimeMessage Compose(JobRun run, OutgoingMail mail, string to, string messageId)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = time.GetUtcNow(),
            MessageId = messageId,
            Body = new BodyBuilder { HtmlBody = mail.Html, TextBody = mail.Text }.ToMessageBody(),
        };
        message.From.Add(smtp.From);
        message.To.Add(new MailboxAddress(null, to));
        // RFC 3834: no out-of-office answers to a machine's mail.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.UnsubscribeUrl is { } stop)
        {
            // RFC 2369, and RFC 8058 for the one click that a mailbox itself offers.
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{stop}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        message.Headers.Add("X-Send-Attempt", run.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return message;
    }
}
