using Commerce;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>Which refund.</summary>
public sealed record RefundPaymentArguments(Guid RefundId);

/// <summary>Asks Stripe for a refund the shop has promised: once, however often it runs.</summary>
public sealed class RefundPayment(ShopDb db, RefundVerbs refunds) : IJob<RefundPaymentArguments>
{
    public async Task RunAsync(RefundPaymentArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        if (!await db.Refunds.AnyAsync(refund => refund.Id == arguments.RefundId, cancellationToken))
            throw new JobFailedException(FailureKind.Ignore, "order-gone", $"The order of refund {arguments.RefundId} is no longer there.");
        await PaymentFailures.NamedAsync(() =>
            run.SettleInsideAsync(db, settle => refunds.CarryOutAsync(arguments.RefundId, settle, cancellationToken)));
    }
}
