using System.Diagnostics.Metrics;
using Commerce;
using Commerce.Jobs;
using Commerce.Mail;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>A mail ready to go, apart from what the ledger and the gateway add.</summary>
public sealed record OutgoingMail(string Template, Guid SubjectId, string To, string Subject, string Html, string Text);

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

    /// <exception cref="JobFailedException">The server did not take the mail; a rejected one is not tried again.</exception>
    public async Task DeliverAsync(JobRun run, OutgoingMail mail, CancellationToken cancellationToken)
    {
        var messageId = $"{run.Id:N}@{smtp.From.Domain}";
        var message = Compose(run, mail, messageId);
        var send = await BeginAsync(run, mail, messageId, cancellationToken);
        if (send is null) return;

        var result = await smtp.SendAsync(message, cancellationToken);
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
    private async Task RecordAsync(Guid sendId, MailSendState state, string response)
    {
        db.ChangeTracker.Clear();
        await EndAsync(sendId, state, response, CancellationToken.None);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task EndAsync(Guid sendId, MailSendState state, string response, CancellationToken cancellationToken)
    {
        var send = await db.Set<MailSend>().SingleAsync(s => s.Id == sendId, cancellationToken);
        if (send.State != state) send.End(state, response, time.GetUtcNow());
    }

    private MimeMessage Compose(JobRun run, OutgoingMail mail, string messageId)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = time.GetUtcNow(),
            MessageId = messageId,
            Body = new BodyBuilder { HtmlBody = mail.Html, TextBody = mail.Text }.ToMessageBody(),
        };
        message.From.Add(smtp.From);
        message.To.Add(MailboxAddress.Parse(mail.To));
        // RFC 3834: no out-of-office answers to a machine's mail.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Send-Attempt", run.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return message;
    }
}
