using Commerce;
using Commerce.Payments;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>Which order.</summary>
public sealed record ExpireReservationArguments(Guid OrderId);

/// <summary>Ends an unpaid order whose time is up, as far as Stripe agrees; until Stripe answers the stock stays reserved.</summary>
public sealed class ExpireReservation(ShopDb db, PaymentVerbs payments) : IJob<ExpireReservationArguments>
{
    public Task RunAsync(ExpireReservationArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        PaymentFailures.NamedAsync(() =>
            run.SettleInsideAsync(db, settle => payments.ExpireReservationAsync(arguments.OrderId, settle, cancellationToken)));
}
