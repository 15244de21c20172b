using Commerce.Jobs;
using Commerce.Outbox;
using Worker.Jobs;

namespace Worker;

/// <summary>Every recurring task of the shop. Each slot enqueues one job of the kind, once, however many workers run.</summary>
public static class Schedule
{
    private const string Utc = "UTC";

    public static readonly IReadOnlyList<Recurring> Tasks =
    [
        new("purge", "7 * * * *", Utc, JobKinds.Purge, MissedSlots.CatchUpLatest),
        new("reconcile-payments", "15 2 * * *", Utc, JobKinds.ReconcilePayments, MissedSlots.CatchUpLatest),
        new("low-stock-digest", "0 6 * * *", Utc, JobKinds.SendLowStockDigest, MissedSlots.CatchUpLatest),
    ];
}
