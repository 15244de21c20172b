using Commerce.Audit;
using Commerce.Orders;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stripe;

namespace Commerce.Payments;

/// <summary>
/// Holds the payment ledger against Stripe for a window of time, both ways: events that never came are fetched and applied, what differs is
/// brought in line with what Stripe says now, what dead jobs left behind is done; only what is still different then is a difference. It is
/// safe to run at any time and as often as one likes.
/// </summary>
/// <exception cref="GatewayUnavailableException">Stripe gave no usable answer; the same run goes on when it is run again.</exception>
public sealed class Reconciliation(ShopDb db, StripeGateway stripe, StripeEvents events, PaymentVerbs payments, PaymentComparison comparison,
    LeftoverPayments leftovers, TimeProvider clock, ILogger<Reconciliation> log)
{
    /// <summary>How far the first run looks back, and how far the windows of two runs overlap.</summary>
    private static readonly TimeSpan FirstWindow = TimeSpan.FromDays(1);
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>Stripe keeps events for 30 days.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(30);

    /// <summary>How far ahead of ours the clock of who asks may be; an end within that is now.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>A run that staff ask for, over exactly the window they say or none; without one it goes on where the last such run ended.</summary>
    public async Task<Outcome<ReconciliationRun>> RequestAsync(DateTimeOffset? from, DateTimeOffset? to, Instruction instruction, CancellationToken cancellation)
    {
        if (RefuseWindow(from, to, clock.GetUtcNow()) is { } refusal) return refusal;
        var run = await NewRunAsync(Guid.CreateVersion7(), from, to, cancellation);
        db.Add(run);
        db.Audit(instruction.By, "reconciliation.requested", $"reconciliation:{run.Id}", instruction.Reason, new { run.From, run.To });
        db.Enqueue(new NewJob(JobKinds.ReconcilePayments, new { runId = run.Id }, $"reconciliation:{run.Id}"));
        await db.SaveChangesAsync(cancellation);
        return run;
    }

    private static Refusal? RefuseWindow(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now) => (from, to ?? now) switch
    {
        (null, _) when to is not null => No("A window with an end needs a beginning."),
        (null, _) => null,
        (_, var end) when end > now + Skew => No("The window ends in the future."),
        (var begin, var end) when begin >= end => No("The window ends before it begins."),
        (var begin, var end) when end - begin > LongestWindow => No($"A window has at most {LongestWindow.TotalDays} days."),
        _ => null,
    };

    private static Refusal No(string why) => new(PaymentRefusals.WindowInvalid, why);

    /// <summary>Job <c>reconcile-payments</c>. The id makes a repeated job the same run.</summary>
    public async Task<ReconciliationRun> RunAsync(Guid runId, CancellationToken cancellation)
    {
        var run = await StartAsync(runId, cancellation);
        if (run.FinishedAt is not null) return run;
        var findings = new Findings();
        await FetchMissedEventsAsync(run, findings, cancellation);
        await ApplyStoredEventsAsync(findings, cancellation);
        await leftovers.FinishAsync(findings, cancellation);
        await ComparePaymentsAsync(run, findings, cancellation);
        await LookAgainAsync(findings, cancellation);
        return await FinishAsync(runId, findings, cancellation);
    }

    private async Task<ReconciliationRun> StartAsync(Guid runId, CancellationToken cancellation)
    {
        var run = await db.ReconciliationRuns.FirstOrDefaultAsync(r => r.Id == runId, cancellation);
        if (run is null)
        {
            run = await NewRunAsync(runId, null, null, cancellation);
            db.Add(run);
        }
        run.StartedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
        return run;
    }

    private async Task<ReconciliationRun> NewRunAsync(Guid id, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation)
    {
        var now = clock.StoredNow();
        var end = to < now ? to.Value.ToUniversalTime() : now;
        var last = await db.ReconciliationRuns.Where(r => r.FinishedAt != null && !r.HasOwnWindow).MaxAsync(r => (DateTimeOffset?)r.To, cancellation);
        var begin = from?.ToUniversalTime() ?? (last is null ? end - FirstWindow : last.Value - Overlap);
        if (begin < end - LongestWindow) begin = end - LongestWindow;
        return new ReconciliationRun { Id = id, From = begin < end ? begin : end - Overlap, To = end, RequestedAt = now, HasOwnWindow = from is not null };
    }

    /// <summary>Webhooks that Stripe sent, or says it sent, and that never came.</summary>
    private async Task FetchMissedEventsAsync(ReconciliationRun run, Findings findings, CancellationToken cancellation)
    {
        string? after = null;
        while (true)
        {
            var page = await stripe.ListEventsAsync(run.From, run.To, [.. StripeEventReader.ActedOn], after, cancellation);
            string[] ids = [.. page.Data.Select(e => e.Id)];
            var known = await db.StripeEvents.Where(e => ids.Contains(e.Id)).Select(e => e.Id).ToHashSetAsync(cancellation);
            // Oldest first, as they would have come; the order does not matter to the outcome.
            foreach (var missed in page.Data.Where(e => !known.Contains(e.Id)).Reverse())
            {
                if (await events.KeepAsync(missed, cancellation)) findings.Healed(missed.Id);
            }
            if (!page.HasMore) return;
            after = page.Data[^1].Id;
        }
    }

    private async Task ApplyStoredEventsAsync(Findings findings, CancellationToken cancellation)
    {
        var waiting = await db.StripeEvents.Where(e => e.AppliedAt == null).OrderBy(e => e.ReceivedAt).Select(e => e.Id).ToListAsync(cancellation);
        foreach (var eventId in waiting)
            if (await TryApplyAsync(eventId, cancellation) is { } difference) findings.Found(difference);
    }

    private async Task<FoundDifference?> TryApplyAsync(string eventId, CancellationToken cancellation)
    {
        try
        {
            await payments.ApplyEventAsync(eventId, null, cancellation);
            return null;
        }
        catch (OrderUnknownException unknown)
        {
            return await payments.TryForgetEventAsync(eventId, cancellation) ? null : Unapplied(eventId, unknown);
        }
        catch (Exception cannot) when (cannot is PaymentMismatchException or StripeObjectUnknownException or StripeException
            or DbUpdateException { InnerException: PostgresException { IsTransient: false } })
        {
            return Unapplied(eventId, cannot);
        }
    }

    private static FoundDifference Unapplied(string eventId, Exception cannot) => new(DifferenceKind.EventUnapplied, eventId, null, null, null, cannot.Message);

    private async Task ComparePaymentsAsync(ReconciliationRun run, Findings findings, CancellationToken cancellation)
    {
        var seen = new HashSet<string>();
        string? after = null;
        while (true)
        {
            var page = await stripe.ListIntentsAsync(run.From, run.To, after, cancellation);
            foreach (var intent in page.Data)
            {
                seen.Add(intent.Id);
                await comparison.CompareAsync(intent, findings, cancellation);
            }
            if (!page.HasMore) break;
            after = page.Data[^1].Id;
        }
        var ours = await db.Payments.Where(p => p.PaymentIntentId != null && p.UpdatedAt >= run.From && p.UpdatedAt < run.To).Select(p => p.PaymentIntentId!).ToListAsync(cancellation);
        foreach (var intentId in ours.Where(id => !seen.Contains(id))) await comparison.CompareAsync(intentId, findings, cancellation);
    }

    /// <summary>Differences that earlier runs found, wherever their windows were: still there, or resolved.</summary>
    private async Task LookAgainAsync(Findings findings, CancellationToken cancellation)
    {
        var open = await db.ReconciliationDifferences.Where(d => d.ResolvedAt == null).Select(d => new { d.Kind, d.StripeId }).ToListAsync(cancellation);
        foreach (var earlier in open.Where(d => !findings.Contains(d.Kind, d.StripeId) && d.Kind is not (DifferenceKind.EventUnapplied or DifferenceKind.LeftoverStuck)))
            await comparison.CompareAsync(earlier.StripeId, findings, cancellation);
    }

    private async Task<ReconciliationRun> FinishAsync(Guid runId, Findings findings, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        var now = clock.GetUtcNow();
        var run = await db.ReconciliationRuns.SingleAsync(r => r.Id == runId, cancellation);
        var noted = await db.ReconciliationDifferences.Where(d => d.ResolvedAt == null || d.ResolvedAt >= run.StartedAt).ToListAsync(cancellation);
        var open = noted.FindAll(d => d.ResolvedAt is null);
        // What webhooks have noted or resolved meanwhile the next run looks at.
        var left = findings.Differences.Where(f => open.Exists(d => d.Is(f)) || !noted.Exists(d => d.Is(f))).ToList();
        foreach (var gone in open.Where(d => !findings.Contains(d.Kind, d.StripeId) && d.SeenAt <= run.StartedAt)) gone.ResolvedAt = now;
        var unexplained = 0;
        foreach (var found in left)
        {
            var known = open.Find(d => d.Is(found));
            if (known is null) db.Add(known = new ReconciliationDifference { Kind = found.Kind, StripeId = found.StripeId, OrderId = found.OrderId, FoundAt = now });
            (known.StripeMinor, known.LedgerMinor, known.Detail, known.SeenAt) = (found.StripeMinor, found.LedgerMinor, found.Detail, now);
            if (known.IsAcknowledged) continue;
            unexplained++;
            log.LogError("Reconciliation: {Kind} at {StripeId}: {Detail}", found.Kind, found.StripeId, found.Detail);
        }
        (run.Payments, run.HealedCount, run.DifferenceCount, run.FinishedAt) = (findings.Compared, findings.HealedCount, unexplained, now);
        await db.SaveChangesAsync(cancellation);
        return run;
    }
}
