using Commerce;
using Commerce.Jobs;
using Commerce.OnCall;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Worker.Watchdog;

/// <summary>One condition: which alert it raises, how to look, and whether looking is dear.</summary>
/// <param name="LookAsync">Is told for how long the shop has been watched: what is overdue for longer may be so because everything was stopped.</param>
public sealed record Condition(Alert Alert, bool IsSlow, Func<ShopDb, WatchdogOptions, TimeSpan, CancellationToken, Task<Finding>> LookAsync);

/// <summary>Every condition, each one statement on the writer. None goes through the queue it watches.</summary>
public static class Conditions
{
    public static readonly IReadOnlyList<Condition> All =
    [
        new(Alerts.PaymentGatewayDown, IsSlow: false, PaymentGatewayAsync),
        OfQueue(Alerts.StuckOutbox),
        OfQueue(Alerts.DeadLetters),
        OfQueue(Alerts.JobsFailing),
        OfQueue(Alerts.JobBacklog),
        new(Alerts.HeartbeatMissing, IsSlow: false, HeartbeatMissingAsync),
        new(Alerts.DeclineRate, IsSlow: true, DeclineRateAsync),
        new(Alerts.WebhookSilence, IsSlow: true, WebhookSilenceAsync),
        new(Alerts.PaidTwice, IsSlow: true, PaidTwiceAsync),
        new(Alerts.StockInvariant, IsSlow: true, StockInvariantAsync),
    ];

    private static async Task<Finding> PaymentGatewayAsync(ShopDb db, WatchdogOptions options, TimeSpan watched, CancellationToken cancellation)
    {
        var bad = await db.Database.SqlQuery<NodeRow>($"""
            SELECT node, detail FROM signals WHERE name = {Signal.PaymentGateway} AND is_bad AND at > now() - {options.SignalsFreshFor} ORDER BY node
            """).ToListAsync(cancellation);
        return bad.Count == 0 ? Finding.Clear
            : Finding.Bad($"The payment gateway does not answer: {bad[0].Detail}", [("Nodes", bad.Count), .. bad.Take(10).Select(row => (row.Node, (object?)row.Detail))]);
    }

    /// <summary>By the rules of the queue, which the jobs page shows too.</summary>
    private static Condition OfQueue(Alert alert) => new(alert, IsSlow: false, async (db, _, watched, cancellation) =>
    {
        var health = await JobHealth.ReadAsync(db, cancellation);
        var alerts = health.Alerts(watched);
        if (alerts.FirstOrDefault(found => found.Name == alert.Name) is { } bad)
            return Finding.Bad(bad.Summary, [.. AboutOf(alert, health), .. health.Kinds.Where(kind => kind.Due + kind.Dead > 0).Select(kind =>
                (kind.Kind, (object?)$"{kind.Due} due{(kind.Due > 0 ? $" for up to {kind.OldestSeconds:0} s" : "")}, {kind.Running} running, {kind.Dead} dead{(kind.Dead > 0 ? $", last reason {kind.LastReason}" : "")}"))]);
        // What has waited for longer than anybody has looked is neither late nor on time; and a queue that is stuck is not on time again either.
        return health.Alerts().Any(found => found.Name == alert.Name || (alert == Alerts.JobBacklog && found.Name == Alerts.StuckOutbox.Name)) ? Finding.Between : Finding.Clear;
    });

    /// <summary>A later, different failure is news for whoever already knows of one.</summary>
    private static IEnumerable<(string Name, object? Value)> AboutOf(Alert alert, JobHealth health)
    {
        var about = alert == Alerts.DeadLetters ? health.Kinds.Where(kind => kind.Dead > 0).Select(kind => $"{kind.Kind} {kind.LastReason}")
            : alert == Alerts.JobsFailing ? health.Failing.Select(kind => $"{kind.Kind} {kind.LastReason}") : [];
        if (Finding.List(about) is { Length: > 0 } list) yield return (Finding.About, list);
    }

    private static async Task<Finding> HeartbeatMissingAsync(ShopDb db, WatchdogOptions options, TimeSpan watched, CancellationToken cancellation)
    {
        var still = await db.Database.SqlQuery<LoopRow>($"""
            SELECT name, extract(epoch FROM now() - max(at))::float8 AS seconds FROM signals
            WHERE name IN ({Signal.Pump}, {Signal.Relay}) AND at > now() - {options.SignalsKeptFor} GROUP BY name
            HAVING max(at) < now() - {options.SignalsFreshFor} ORDER BY name
            """).ToListAsync(cancellation);
        return still.Count == 0 ? Finding.Clear : watched < options.SignalsFreshFor ? Finding.Between
            : Finding.Bad($"No node runs the {string.Join(" or the ", still.Select(row => row.Name))}",
                [.. still.Select(row => ($"Last {row.Name}, seconds ago", (object?)(long)row.Seconds))]);
    }

    private static async Task<Finding> DeclineRateAsync(ShopDb db, WatchdogOptions options, TimeSpan watched, CancellationToken cancellation)
    {
        var payments = await db.Database.SqlQuery<DeclineRow>($"""
            SELECT count(*) FILTER (WHERE type = 'payment_intent.payment_failed') AS declined, count(*) AS all_payments FROM stripe_events
            WHERE type IN ('payment_intent.payment_failed', 'payment_intent.succeeded') AND received_at > now() - {options.DeclineWindow}
            """).SingleAsync(cancellation);
        if (payments.AllPayments < options.DeclinePayments) return Finding.Clear;
        var rate = (double)payments.Declined / payments.AllPayments;
        return rate < options.DeclineClears ? Finding.Clear : rate < options.DeclineOpens ? Finding.Between
            : Finding.Bad($"{rate:0 %} of card payments were declined in {options.DeclineWindow.TotalMinutes:0} minutes",
                ("Declined", payments.Declined), ("Payments", payments.AllPayments));
    }

    /// <summary>Payments that only the shopper's return told of, since the last one that Stripe told of.</summary>
    private static async Task<Finding> WebhookSilenceAsync(ShopDb db, WatchdogOptions options, TimeSpan watched, CancellationToken cancellation)
    {
        var silence = await db.Database.SqlQuery<SilenceRow>($"""
            WITH recent AS MATERIALIZED (
                SELECT o.number, o.paid_at, EXISTS (SELECT 1 FROM stripe_events e WHERE e.object_id = p.session_id AND e.type LIKE 'checkout.session.%') AS heard
                FROM orders o JOIN payments p ON p.order_id = o.id
                WHERE p.session_id IS NOT NULL AND o.paid_at > now() - {options.WebhookWindow})
            SELECT count(*) AS payments, min(number) AS example, min(paid_at) AS since FROM recent
            WHERE NOT heard AND paid_at < now() - {options.WebhookGrace}
                AND paid_at > coalesce((SELECT max(paid_at) FROM recent WHERE heard), '-infinity')
            """).SingleAsync(cancellation);
        return silence.Payments == 0 ? Finding.Clear : silence.Payments < options.SilentPayments || watched < options.WebhookGrace ? Finding.Between
            : Finding.Bad($"Stripe's webhooks are silent: {silence.Payments} payments since {silence.Since:HH:mm} UTC came without one",
                ("Payments without webhook", silence.Payments), ("For example order", silence.Example));
    }

    private static async Task<Finding> PaidTwiceAsync(ShopDb db, WatchdogOptions options, TimeSpan watched, CancellationToken cancellation)
    {
        var open = db.Differences().Where(d => d.Kind == DifferenceKind.PaidTwice);
        var oldest = await open.OrderBy(d => d.Id).Take(10).ToListAsync(cancellation);
        return oldest.Count == 0 ? Finding.Clear
            : Finding.Bad($"{await open.CountAsync(cancellation)} payments were taken for orders that others had paid", [.. oldest.Select(d => (d.StripeId, (object?)d.Detail))]);
    }

    private static async Task<Finding> StockInvariantAsync(ShopDb db, WatchdogOptions options, TimeSpan watched, CancellationToken cancellation)
    {
        var broken = await StockInvariants.CheckAsync(db, cancellation);
        return broken.Count == 0 ? Finding.Clear
            : Finding.Bad($"{broken.Count} stock items do not agree with their ledger",
                [.. broken.Take(10).Select(row => ($"{row.StockItemId}", (object?)$"on hand {row.OnHand}, ledger {row.LedgerOnHand}; reserved {row.Reserved}, ledger {row.LedgerReserved}, held {row.Held}"))]);
    }

    private sealed record NodeRow(string Node, string? Detail);

    private sealed record LoopRow(string Name, double Seconds);

    private sealed record DeclineRow(long Declined, long AllPayments);

    private sealed record SilenceRow(long Payments, string? Example, DateTimeOffset? Since);
}
