using Commerce;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which parcel.</summary>
public sealed record SendShippingNoticeArguments(Guid FulfilmentId);

/// <summary>Mails the buyer what is on its way, and how to follow it.</summary>
public sealed class SendShippingNotice(ShopDb db, MailDelivery delivery, OrderMails mails) : IJob<SendShippingNoticeArguments>
{
    public async Task RunAsync(SendShippingNoticeArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var order = await db.Orders.AsNoTracking().AsSplitQuery().Include(o => o.Lines).Include(o => o.Fulfilments).ThenInclude(f => f.Lines)
            .FirstOrDefaultAsync(o => o.Fulfilments.Any(f => f.Id == arguments.FulfilmentId), cancellationToken)
            ?? throw new JobFailedException(FailureKind.Ignore, "order-gone", $"The order of fulfilment {arguments.FulfilmentId} is no longer there.");
        var parcel = order.Fulfilments.Single(f => f.Id == arguments.FulfilmentId);
        await delivery.DeliverAsync(run, () => mails.ShippingNoticeOf(order, parcel), cancellationToken);
    }
}
