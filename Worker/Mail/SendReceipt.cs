using Commerce;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Mail;

/// <summary>Which order.</summary>
public sealed record SendReceiptArguments(Guid OrderId);

/// <summary>Mails the receipt of a paid order to its buyer.</summary>
public sealed class SendReceipt(ShopDb db, MailDelivery delivery, OrderMails mails) : IJob<SendReceiptArguments>
{
    public async Task RunAsync(SendReceiptArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).Include(o => o.Payment).FirstOrDefaultAsync(o => o.Id == arguments.OrderId, cancellationToken)
            ?? throw new JobFailedException(FailureKind.Ignore, "order-gone", $"Order {arguments.OrderId} is no longer there.");
        if (order.PaidAt is null)
            throw new JobFailedException(FailureKind.Page, "order-unpaid", $"Order {order.Number} is {order.Status} and has no payment to receipt.");
        var facts = await db.ViewOrderAsync(order, cancellationToken);
        await delivery.DeliverAsync(run, () => mails.ReceiptOf(order, facts), cancellationToken);
    }
}
