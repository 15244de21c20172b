using Commerce;
using Commerce.Mail;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Leaves one mail job for each person of <c>Mail:StaffRecipients</c> who has not stopped the topic: nobody sees the others, and one bad address harms one mail.</summary>
public sealed class StaffMailing(ShopDb db, IOptions<MailOptions> options)
{
    /// <summary>Settles <paramref name="run"/> with the jobs.</summary>
    /// <param name="topic">One of <see cref="MailTopics"/>.</param>
    /// <param name="subjectId">What the mail is about.</param>
    /// <exception cref="JobFailedException">Nobody is to be told.</exception>
    public Task LeaveAsync(JobRun run, string topic, Guid subjectId, CancellationToken cancellationToken)
    {
        string[] hashes = [.. options.Value.StaffRecipients.Select(MailSuppression.HashOf).Distinct()];
        if (hashes.Length == 0) throw new JobFailedException(FailureKind.Ignore, "no-recipients", "Mail:StaffRecipients names nobody.");
        return run.SettleAsync(db, async token =>
        {
            Guid[] ids = [.. hashes.Select(_ => Guid.NewGuid())];
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO mail_subscriptions (id, address_hash, topic) SELECT id, hash, {topic} FROM unnest({ids}, {hashes}) AS fresh(id, hash) ON CONFLICT DO NOTHING", token);
            var wanted = db.Set<MailSubscription>().Where(s => s.Topic == topic && hashes.Contains(s.AddressHash) && s.StoppedAt == null);
            var subscriptions = await wanted.Select(s => s.Id).ToListAsync(token);
            await db.EnqueueAsync([.. subscriptions.Select(id => new NewJob(JobKinds.SendStaffMail, new { subscriptionId = id, subjectId }, $"{run.Id}:{id}"))], token);
        }, cancellationToken);
    }
}
