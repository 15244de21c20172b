using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Mail;

/// <summary>What staff are mailed about. Also the name of the mail in the send ledger.</summary>
public static class MailTopics
{
    public const string LowStock = "low-stock", LowStockDigest = "low-stock-digest", WebhookNotice = "webhook-notice", RefundFailure = "refund-failure", DisputeNotice = "dispute-notice";
}

/// <summary>
/// One person's mails about one topic, from the first one on. Its id stands in every such mail and is all that is needed to stop them, so it is
/// random and tells nothing. No address in here, only its hash: the addresses are the Worker's settings.
/// </summary>
public sealed class MailSubscription
{
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>By <see cref="MailSuppression.HashOf"/>.</summary>
    public required string AddressHash { get; init; }

    /// <summary>One of <see cref="MailTopics"/>.</summary>
    public required string Topic { get; init; }

    /// <summary>Since when the person wants none; null while they are sent.</summary>
    public DateTimeOffset? StoppedAt { get; set; }
}

/// <summary>Where a subscription stands after somebody looked at it or changed it.</summary>
public sealed record MailSubscriptionView(Guid Id, string Topic, bool IsStopped);

/// <summary>The verbs of a person who was mailed.</summary>
public static class MailSubscriptions
{
    /// <summary>Null for what no mail has given out.</summary>
    public static async Task<MailSubscriptionView?> FindMailSubscriptionAsync(this ShopDb db, Guid id, CancellationToken cancellation) =>
        await db.Set<MailSubscription>().Where(s => s.Id == id).Select(s => new MailSubscriptionView(s.Id, s.Topic, s.StoppedAt != null)).FirstOrDefaultAsync(cancellation);

    /// <summary>Stops the mails of one topic to one person, or lets them flow again. Saying it twice changes nothing.</summary>
    public static async Task<MailSubscriptionView?> StopMailAsync(this ShopDb db, Guid id, bool isStopped, DateTimeOffset now, CancellationToken cancellation)
    {
        DateTimeOffset? stoppedAt = isStopped ? now : null;
        await db.Set<MailSubscription>().Where(s => s.Id == id && s.StoppedAt != null != isStopped)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.StoppedAt, stoppedAt), cancellation);
        return await db.FindMailSubscriptionAsync(id, cancellation);
    }
}

internal sealed class MailSubscriptionMapping : IEntityTypeConfiguration<MailSubscription>
{
    public void Configure(EntityTypeBuilder<MailSubscription> subscription)
    {
        subscription.ToTable("mail_subscriptions");
        subscription.Property(s => s.Id).ValueGeneratedNever();
        subscription.Property(s => s.AddressHash).HasMaxLength(64);
        subscription.Property(s => s.Topic).HasMaxLength(40);
        subscription.HasIndex(s => new { s.AddressHash, s.Topic }).IsUnique();
    }
}
