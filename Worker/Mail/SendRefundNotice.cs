using Commerce;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which refund.</summary>
public sealed record SendRefundNoticeArguments(Guid RefundId);

/// <summary>Mails the buyer that money is on its way back.</summary>
public sealed class SendRefundNotice(ShopDb db, MailDelivery delivery, OrderMails mails) : IJob<SendRefundNoticeArguments>
{
    public async Task RunAsync(SendRefundNoticeArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var order = await db.Orders.AsNoTracking().AsSplitQuery().Include(o => o.Lines).Include(o => o.Refunds).ThenInclude(r => r.Lines)
            .FirstOrDefaultAsync(o => o.Refunds.Any(r => r.Id == arguments.RefundId), cancellationToken)
            ?? throw new JobFailedException(FailureKind.Ignore, "order-gone", $"The order of refund {arguments.RefundId} is no longer there.");
        var refund = order.Refunds.Single(r => r.Id == arguments.RefundId);
        if (refund.Status == RefundStatus.Failed)
            throw new JobFailedException(FailureKind.Ignore, "refund-failed", $"Refund {refund.Id} failed meanwhile: {refund.FailureReason}");
        await delivery.DeliverAsync(run, () => mails.RefundNoticeOf(order, refund), cancellationToken);
    }
}
