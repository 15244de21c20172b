using System.Runtime.CompilerServices;
using Commerce.Jobs;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Commerce;

/// <summary>What goes, and how old it gets.</summary>
/// <param name="What">For people: the log, and the table in decision 0055.</param>
/// <param name="Keep">At least so long.</param>
/// <param name="Table">Its rows, with what hangs on them.</param>
/// <param name="Condition">SQL: {0} is the moment that is old enough, {1} the first id of version 7 that is too young. Served by an index.</param>
public sealed record Retention(string What, TimeSpan Keep, string Table, string Condition);

/// <summary>What the shop no longer needs. Deletes in small statements, each its own transaction, so that nobody waits for it.</summary>
public static class Housekeeping
{
    /// <summary>
    /// Everything that is ever deleted by itself. Orders, money, stock, the audit trail and suppressed addresses are not in it, nor dead letters, which
    /// wait for a person.
    /// </summary>
    public static readonly IReadOnlyList<Retention> All =
    [
        // For people, and for the dedupe keys of their jobs.
        new("settled jobs", TimeSpan.FromDays(7), "outbox", "state IN ('done', 'discarded') AND settled_at < {0}"),
        new("slots of the schedule", ScheduleSlot.Keep, "schedule_slots", "noted_at < {0}"),
        // A client repeats a request within minutes; support asks within weeks.
        new("idempotency records", TimeSpan.FromDays(30), "idempotency_records", "created_at < {0}"),
        // Since the last change. What became an order lives on there.
        new("baskets", TimeSpan.FromDays(180), "baskets", "updated_at < {0}"),
        // Stripe sends an event again for 30 days at most; its body names people.
        new("applied Stripe events", TimeSpan.FromDays(90), "stripe_events", "received_at < {0} AND applied_at IS NOT NULL"),
        new("webhook events and their deliveries", WebhookEvent.Keep, "webhook_events", "id < {1}"),
        new("the mail ledger", TimeSpan.FromDays(365), "mail_sends", "id < {1} AND state <> 'sending'"),
        new("incidents", TimeSpan.FromDays(365), "incidents", "id < {1} AND state = 'resolved'"),
    ];

    private const int Chunk = 5000;

    /// <returns>How many rows went, without what hung on them.</returns>
    public static async Task<int> PurgeAsync(this ShopDb db, Retention retention, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sql = $"DELETE FROM {retention.Table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {retention.Table} WHERE {retention.Condition} LIMIT {Chunk} FOR UPDATE SKIP LOCKED))";
        object[] bounds = [now - retention.Keep, FirstIdAt(now - retention.Keep)];
        var (all, some) = (0, Chunk);
        while (some == Chunk) all += some = await db.Database.ExecuteSqlAsync(FormattableStringFactory.Create(sql, bounds), cancellationToken);
        return all;
    }

    /// <summary>No id of version 7 made then or later is smaller: 48 bits of milliseconds, the rest zero.</summary>
    private static Guid FirstIdAt(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(moment).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6..].Clear();
        return new Guid(bytes, bigEndian: true);
    }
}
