using Commerce.Payments;
using Worker.Jobs;

namespace Worker.Payments;

/// <summary>Which run; null, as the schedule asks: one of its own, from where the last ended.</summary>
public sealed record ReconcilePaymentsArguments(Guid? RunId = null);

/// <summary>Compares the payment ledger with Stripe and heals what it can. A repeated job goes on with the same run.</summary>
public sealed class ReconcilePayments(Reconciliation reconciliation) : IJob<ReconcilePaymentsArguments>
{
    public Task RunAsync(ReconcilePaymentsArguments arguments, JobRun run, CancellationToken cancellationToken) =>
        PaymentFailures.NamedAsync(() => reconciliation.RunAsync(arguments.RunId ?? run.Id, cancellationToken));
}
