using Commerce;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which parcel.</summary>
public sealed record SendTrackingNoticeArguments(Guid FulfilmentId);

/// <summary>Mails the buyer how to follow a parcel that was announced without it, or with something else.</summary>
public sealed class SendTrackingNotice(ShopDb db, MailDelivery delivery, OrderMails mails) : IJob<SendTrackingNoticeArguments>
{
    public async Task RunAsync(SendTrackingNoticeArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var (order, parcel) = await db.FindParcelAsync(arguments.FulfilmentId, cancellationToken);
        if (!parcel.CanBeFollowed)
            throw new JobFailedException(FailureKind.Ignore, "tracking-gone", $"The tracking of fulfilment {parcel.Id} was taken away meanwhile.");
        await delivery.DeliverAsync(run, () => mails.TrackingNoticeOf(order, parcel), cancellationToken);
    }
}
