using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>The statements that move many outbox rows at once. Each is one atomic statement; SKIP LOCKED lets any number of processes run them.</summary>
public static class JobRows
{
    /// <summary>An id offered to Redis so long ago and still not claimed is offered again: Redis, or the worker that took the id, may be gone.</summary>
    public static readonly TimeSpan OfferAgainAfter = TimeSpan.FromSeconds(15);

    /// <summary>Settled rows are kept so long, for people and for their dedupe keys. Dead letters stay.</summary>
    public static readonly TimeSpan KeepDone = TimeSpan.FromDays(7);

    /// <summary>pending -> dispatched, for what is due.</summary>
    public static Task<List<OutboxRow>> DispatchDueAsync(this ShopDb db, int limit, CancellationToken cancellationToken) => db.RowsAsync(
        $"""
        WITH due AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'pending' AND run_after <= now()
            ORDER BY priority, run_after LIMIT {limit} FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET state = 'dispatched', dispatched_at = now() FROM due WHERE o.id = due.id RETURNING o.*
        """, cancellationToken);

    /// <summary>dispatched too long ago -> dispatched just now, to be offered again.</summary>
    public static Task<List<OutboxRow>> DispatchAgainAsync(this ShopDb db, int limit, CancellationToken cancellationToken) => db.RowsAsync(
        $"""
        WITH stuck AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'dispatched' AND dispatched_at < now() - {OfferAgainAfter}
            ORDER BY dispatched_at LIMIT {limit} FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET dispatched_at = now() FROM stuck WHERE o.id = stuck.id RETURNING o.*
        """, cancellationToken);

    /// <summary>dispatched -> pending, when Redis did not take the offer: workers then find the rows in PostgreSQL.</summary>
    public static Task TakeBackAsync(this ShopDb db, Guid[] ids, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"UPDATE outbox SET state = 'pending' WHERE id = ANY({ids}) AND state = 'dispatched'", cancellationToken);

    /// <summary>-> running, for ids that came from Redis. Ids that somebody else runs or has settled are left out.</summary>
    public static Task<List<OutboxRow>> ClaimAsync(this ShopDb db, Guid[] ids, string worker, CancellationToken cancellationToken) => db.RowsAsync(
        $"""
        WITH mine AS MATERIALIZED (
            SELECT id FROM outbox WHERE id = ANY({ids}) AND state IN ('pending', 'dispatched') AND run_after <= now()
            FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET state = 'running', attempt = attempt + 1, lease_until = now() + {JobClaim.Lease}, worker = {worker}
        FROM mine WHERE o.id = mine.id RETURNING o.*
        """, cancellationToken);

    /// <summary>pending -> running without Redis, for rows due for at least <paramref name="grace"/>.</summary>
    public static Task<List<OutboxRow>> ClaimDueAsync(
        this ShopDb db, int limit, TimeSpan grace, JobPriority lowest, string worker, CancellationToken cancellationToken) => db.RowsAsync(
        $"""
        WITH mine AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'pending' AND run_after <= now() - {grace} AND priority <= {(short)lowest}
            ORDER BY priority, run_after LIMIT {limit} FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET state = 'running', attempt = attempt + 1, lease_until = now() + {JobClaim.Lease}, worker = {worker}
        FROM mine WHERE o.id = mine.id RETURNING o.*
        """, cancellationToken);

    /// <summary>Renews many claims at once and returns the ids that are still held.</summary>
    public static Task<List<Guid>> RenewAsync(this ShopDb db, IReadOnlyCollection<JobClaim> claims, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. claims.Select(claim => claim.Id)];
        int[] attempts = [.. claims.Select(claim => claim.Attempt)];
        return db.Database.SqlQuery<Guid>(
            $"""
            UPDATE outbox o SET lease_until = now() + {JobClaim.Lease} FROM unnest({ids}, {attempts}) AS held(id, attempt)
            WHERE o.id = held.id AND o.attempt = held.attempt AND o.state = 'running' RETURNING o.id AS "Value"
            """).ToListAsync(cancellationToken);
    }

    /// <summary>running with an expired lease -> pending, counted as a failure: a job that kills its worker must not run for ever.</summary>
    /// <returns>How many.</returns>
    public static Task<int> SweepAsync(this ShopDb db, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        WITH lost AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'running' AND lease_until < now() LIMIT 1000 FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET state = 'pending', lease_until = NULL, failures = failures + 1, failure_reason = 'lease-lost',
            failure_detail = 'The lease of attempt ' || attempt || ' ran out on ' || coalesce(worker, '?') || '.'
        FROM lost WHERE o.id = lost.id
        """, cancellationToken);

    /// <summary>Deletes rows that were done long ago.</summary>
    public static Task<int> PurgeAsync(this ShopDb db, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        DELETE FROM outbox WHERE id IN (
            SELECT id FROM outbox WHERE state = 'done' AND settled_at < now() - {KeepDone} LIMIT 5000 FOR UPDATE SKIP LOCKED)
        """, cancellationToken);

    /// <summary>How the queue stands, one row per kind that has anything to show.</summary>
    public static Task<List<Backlog>> BacklogAsync(this ShopDb db, CancellationToken cancellationToken) => db.Database.SqlQuery<Backlog>(
        $"""
        SELECT kind,
            count(*) FILTER (WHERE state IN ('pending', 'dispatched') AND run_after <= now()) AS due,
            count(*) FILTER (WHERE state = 'running') AS running,
            count(*) FILTER (WHERE state = 'dead') AS dead,
            coalesce(extract(epoch FROM now() - min(run_after) FILTER (WHERE state IN ('pending', 'dispatched') AND run_after <= now())), 0)::float8
                AS oldest_seconds
        FROM outbox WHERE state <> 'done' GROUP BY kind
        """).ToListAsync(cancellationToken);

    // Unclosed by any LINQ operator: PostgreSQL does not allow UPDATE in a subquery.
    private static Task<List<OutboxRow>> RowsAsync(this ShopDb db, FormattableString sql, CancellationToken cancellationToken) =>
        db.Set<OutboxRow>().FromSql(sql).AsNoTracking().ToListAsync(cancellationToken);
}

/// <summary>How one kind of job stands.</summary>
/// <param name="Kind">One of <see cref="JobKinds"/>.</param>
/// <param name="Due">Its time has come and nobody runs it.</param>
/// <param name="Running">Now.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestSeconds">How long the oldest of <paramref name="Due"/> has been due.</param>
public sealed record Backlog(string Kind, long Due, long Running, long Dead, double OldestSeconds);
