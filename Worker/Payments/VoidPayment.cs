using Commerce;
using Commerce.Payments;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>Which order.</summary>
public sealed record VoidPaymentArguments(Guid OrderId);

/// <summary>Gives the bank's promise for a cancelled order back.</summary>
public sealed class VoidPayment(ShopDb db, CaptureVerbs captures) : IJob<VoidPaymentArguments>
{
    public Task RunAsync(VoidPaymentArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        PaymentFailures.NamedAsync(() =>
            run.SettleInsideAsync(db, settle => captures.VoidAsync(arguments.OrderId, settle, cancellationToken)));
}
