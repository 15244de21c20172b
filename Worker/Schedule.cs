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
        new("purge-settled-jobs", "7 * * * *", Utc, JobKinds.PurgeSettledJobs, MissedSlots.CatchUpLatest),
        new("purge-idempotency-records", "20 3 * * *", Utc, JobKinds.PurgeIdempotencyRecords, MissedSlots.CatchUpLatest),
        new("purge-baskets", "40 3 * * *", Utc, JobKinds.PurgeBaskets, MissedSlots.CatchUpLatest),
        new("low-stock-digest", "0 6 * * *", Utc, JobKinds.SendLowStockDigest, MissedSlots.CatchUpLatest),
    ];
}
