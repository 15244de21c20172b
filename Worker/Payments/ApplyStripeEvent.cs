using Commerce;
using Commerce.Payments;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>Which stored event.</summary>
public sealed record ApplyStripeEventArguments(string EventId);

/// <summary>Brings an order in line with what Stripe says now about the object of a stored event.</summary>
public sealed class ApplyStripeEvent(ShopDb db, PaymentVerbs payments) : IJob<ApplyStripeEventArguments>
{
    public Task RunAsync(ApplyStripeEventArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        PaymentFailures.NamedAsync(() =>
            run.SettleInsideAsync(db, settle => payments.ApplyEventAsync(arguments.EventId, settle, cancellationToken)), mayOrderCome: true);
}
