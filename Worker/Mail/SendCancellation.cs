using Commerce;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which order.</summary>
public sealed record SendCancellationArguments(Guid OrderId);

/// <summary>Mails the buyer that nothing will be sent.</summary>
public sealed class SendCancellation(ShopDb db, MailDelivery delivery, OrderMails mails) : IJob<SendCancellationArguments>
{
    public async Task RunAsync(SendCancellationArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var order = await db.Orders.AsNoTracking().AsSplitQuery().Include(o => o.Lines).Include(o => o.Payment).Include(o => o.Refunds).Include(o => o.Disputes)
            .FirstOrDefaultAsync(o => o.Id == arguments.OrderId, cancellationToken)
            ?? throw new JobFailedException(FailureKind.Ignore, "order-gone", $"Order {arguments.OrderId} is no longer there.");
        if (order.Status != OrderStatus.Cancelled)
            throw new JobFailedException(FailureKind.Page, "order-not-cancelled", $"Order {order.Number} is {order.Status}; its buyer must not be told otherwise.");
        await delivery.DeliverAsync(run, () => mails.CancellationOf(order), cancellationToken);
    }
}
