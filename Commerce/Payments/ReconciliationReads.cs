using Microsoft.EntityFrameworkCore;

namespace Commerce.Payments;

/// <summary>How the shop and Stripe stand: the last runs, and a page of differences, newest first.</summary>
public sealed record ReconciliationPage(IReadOnlyList<ReconciliationRunView> Runs, IReadOnlyList<DifferenceView> Items, string? NextCursor);

/// <summary>A comparison. Without finishedAt it waits or is under way.</summary>
public sealed record ReconciliationRunView(
    Guid Id, DateTimeOffset From, DateTimeOffset To, DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, int Payments, int Healed, int Differences)
{
    /// <summary>The view of a run.</summary>
    public static ReconciliationRunView Of(ReconciliationRun run) =>
        new(run.Id, run.From, run.To, run.RequestedAt, run.StartedAt, run.FinishedAt, run.Payments, run.HealedCount, run.DifferenceCount);
}

/// <summary>
/// A difference: kind is event-unapplied, order-unknown, amount-differs, missing-at-stripe, paid-twice or leftover-stuck. Amounts are minor units of the order's currency.
/// Acknowledgement is there while staff have explained it as it is: with other amounts it is open again.
/// </summary>
public sealed record DifferenceView(
    Guid Id, string Kind, string StripeId, string? OrderNumber, long? StripeMinor, long? LedgerMinor, string Detail, DateTimeOffset FoundAt, DateTimeOffset SeenAt, DateTimeOffset? ResolvedAt,
    AcknowledgementView? Acknowledgement)
{
    internal static DifferenceView Of(ReconciliationDifference d, string? orderNumber) => new(
        d.Id, KnownWord.Of(d.Kind), d.StripeId, orderNumber, d.StripeMinor, d.LedgerMinor, d.Detail, d.FoundAt, d.SeenAt, d.ResolvedAt,
        d.IsAcknowledged ? new AcknowledgementView(d.AcknowledgedAt!.Value, d.AcknowledgedBy!, d.AcknowledgedReason) : null);
}

/// <summary>Who has explained a difference, when and how.</summary>
public sealed record AcknowledgementView(DateTimeOffset At, string By, string? Reason);

/// <summary>Reading what reconciliation found.</summary>
public static class ReconciliationReads
{
    private const int RunsShown = 10;

    /// <summary>Differences that wait for a person, and others if asked for.</summary>
    /// <param name="withResolved">Also those that later runs no longer found.</param>
    /// <param name="withAcknowledged">Also those that staff have explained as they are.</param>
    public static IQueryable<ReconciliationDifference> Differences(this ShopDb db, bool withResolved = false, bool withAcknowledged = false) =>
        db.ReconciliationDifferences.AsNoTracking().Where(d => (withResolved || d.ResolvedAt == null)
            && (withAcknowledged || d.ResolvedAt != null || d.AcknowledgedAt == null || d.AcknowledgedStripeMinor != d.StripeMinor || d.AcknowledgedLedgerMinor != d.LedgerMinor));

    /// <summary>Two statements.</summary>
    /// <param name="withResolved">Also those that later runs no longer found.</param>
    /// <param name="withAcknowledged">Also those that staff have explained as they are.</param>
    public static async Task<Outcome<ReconciliationPage>> ReadReconciliationAsync(this ShopDb db, int limit, string? cursor, bool withResolved, bool withAcknowledged, CancellationToken cancellation)
    {
        var differences = db.Differences(withResolved, withAcknowledged);
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return new Refusal(PaymentRefusals.CursorInvalid, "The cursor is not one this list has given out.");
            differences = differences.Where(d => d.Id.CompareTo(before) < 0);
        }
        var runs = await db.ReconciliationRuns.AsNoTracking().OrderByDescending(r => r.RequestedAt).Take(RunsShown).ToListAsync(cancellation);
        var rows = await differences.OrderByDescending(d => d.Id).Take(limit + 1)
            .Select(d => new { Difference = d, Number = db.Orders.Where(o => o.Id == d.OrderId).Select(o => o.Number).FirstOrDefault() }).ToListAsync(cancellation);
        var items = rows.Take(limit).Select(r => DifferenceView.Of(r.Difference, r.Number)).ToList();
        return new ReconciliationPage([.. runs.Select(ReconciliationRunView.Of)], items, rows.Count > limit ? IdCursor.Write(rows[limit - 1].Difference.Id) : null);
    }
}
