using Commerce;
using Commerce.Payments;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>Which refund.</summary>
public sealed record RefundPaymentArguments(Guid RefundId);

/// <summary>Asks Stripe for a refund the shop has promised: once, however often it runs.</summary>
public sealed class RefundPayment(ShopDb db, RefundVerbs refunds) : IJob<RefundPaymentArguments>
{
    public Task RunAsync(RefundPaymentArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        PaymentFailures.NamedAsync(() =>
            run.SettleInsideAsync(db, settle => refunds.CarryOutAsync(arguments.RefundId, settle, cancellationToken)));
}
