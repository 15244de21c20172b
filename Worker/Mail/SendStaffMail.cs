using Commerce;
using Commerce.Mail;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>To whom and about which topic, and about what of it.</summary>
public sealed record SendStaffMailArguments(Guid SubscriptionId, Guid SubjectId);

/// <summary>Mails one person of the staff what has happened, as it is when the mail goes out, unless that person has stopped such mails meanwhile.</summary>
public sealed class SendStaffMail(ShopDb db, MailDelivery delivery, StaffMails mails, IOptions<MailOptions> options) : IJob<SendStaffMailArguments>
{
    /// <summary>More than anybody reads; the stock list has the rest.</summary>
    private const int MostRows = 200;

    public async Task RunAsync(SendStaffMailArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var subscription = await db.Set<MailSubscription>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == arguments.SubscriptionId, cancellationToken);
        if (subscription is not { StoppedAt: null }) throw new JobFailedException(FailureKind.Ignore, "mail-stopped", "This person has stopped such mails.");
        var address = options.Value.StaffRecipients.FirstOrDefault(one => MailSuppression.HashOf(one) == subscription.AddressHash)
            ?? throw new JobFailedException(FailureKind.Ignore, "recipient-removed", "Mail:StaffRecipients no longer names this person.");
        var make = await MakeAsync(subscription.Topic, arguments.SubjectId, new StaffReader(address, subscription.Id), cancellationToken);
        await delivery.DeliverAsync(run, make, cancellationToken);
    }

    private async Task<Func<OutgoingMail>> MakeAsync(string topic, Guid subjectId, StaffReader reader, CancellationToken cancellationToken)
    {
        switch (topic)
        {
            case MailTopics.LowStock:
                var variant = await LowVariant.Of(db.Variants.AsNoTracking().Where(v => v.Id == subjectId).Where(LowVariant.IsTold), db).FirstOrDefaultAsync(cancellationToken)
                    ?? throw new JobFailedException(FailureKind.Ignore, "variant-not-low", $"Variant {subjectId} was refilled meanwhile, or is no longer sold.");
                return () => mails.LowStockOf(variant, reader);
            case MailTopics.LowStockDigest:
                var low = await LowVariant.Of(db.Variants.AsNoTracking().Where(LowVariant.IsTold), db).ToListAsync(cancellationToken);
                if (low.Count == 0) throw new JobFailedException(FailureKind.Ignore, "nothing-low", "Nothing is low any more.");
                return () => mails.DigestOf(subjectId, low.Count, [.. low.OrderBy(v => v.Available).ThenBy(v => v.Name, StringComparer.Ordinal).Take(MostRows)], reader);
            case MailTopics.WebhookNotice:
                var endpoint = await db.Set<WebhookEndpoint>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == subjectId, cancellationToken);
                if (endpoint is not { IsEnabled: false }) throw new JobFailedException(FailureKind.Ignore, "endpoint-works", "The endpoint was removed or switched on meanwhile.");
                return () => mails.WebhookNoticeOf(endpoint, reader);
            case MailTopics.RefundFailure:
                var failed = await db.Refunds.AsNoTracking().Join(db.Orders, r => r.OrderId, o => o.Id, (r, o) => new { Refund = r, o.Number }).FirstAsync(f => f.Refund.Id == subjectId, cancellationToken);
                return () => mails.RefundFailureOf(failed.Number, failed.Refund, reader);
            case MailTopics.DisputeNotice:
                var notice = await db.Disputes.AsNoTracking().Where(d => d.Id == subjectId)
                    .Join(db.Orders, d => d.OrderId, o => o.Id, (d, o) => new DisputeNotice(d, o.Number, o.Payment!.PaymentIntentId)).FirstAsync(cancellationToken);
                if (notice.Dispute.ClosedAt is not null) throw new JobFailedException(FailureKind.Ignore, "dispute-closed", "The dispute was decided meanwhile.");
                return () => mails.DisputeNoticeOf(notice, reader);
            default:
                throw new JobFailedException(FailureKind.Retry, "unknown-topic", $"This worker does not know mails about {topic}; a newer one may.");
        }
    }
}
