using Commerce;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which parcel.</summary>
public sealed record SendShippingNoticeArguments(Guid FulfilmentId);

/// <summary>Mails the buyer what is on its way, and how to follow it.</summary>
public sealed class SendShippingNotice(ShopDb db, MailDelivery delivery, OrderMails mails) : IJob<SendShippingNoticeArguments>
{
    public async Task RunAsync(SendShippingNoticeArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var (order, parcel) = await db.FindParcelAsync(arguments.FulfilmentId, cancellationToken);
        await delivery.DeliverAsync(run, () => mails.ShippingNoticeOf(order, parcel), cancellationToken);
    }
}
