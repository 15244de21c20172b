using System.Globalization;
using System.Runtime.CompilerServices;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Jobs;

/// <summary>The statements that move many outbox rows at once. Each is one atomic statement; SKIP LOCKED lets any number of processes run them.</summary>
public static class JobRows
{
    /// <summary>An id offered to Redis so long ago and still not claimed is offered again: Redis, or the worker that took the id, may be gone.</summary>
    public static readonly TimeSpan OfferAgainAfter = TimeSpan.FromSeconds(15);

    /// <summary>Rows of one batch at most.</summary>
    public const int MaxBatch = 1000;

    // A prepared plan outlives the moment it was made in. Idle workers make theirs while nothing waits: one that scans the table, or a bitmap of what is in
    // an index, then goes on doing so while a rush fills it, a second for every statement at ten thousand rows, until PostgreSQL analyses the table. A bitmap also
    // leaves dead entries in the index, which a scan in its order marks and is spared the next time. So these statements never plan either, and find what they
    // change by = ANY(ARRAY(...)), because a join could still walk a whole index; and they are planned once, not for every array anew. The settings end with
    // their transaction.
    private const string ByIndex = """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    private const string Row = """
        o.id, o.kind, o.version, o.arguments, o.dedupe_key, o.batch_key, o.trace_parent, o.priority, o.created_at, o.run_after, o.state, o.dispatched_at,
        o.attempt, o.failures, o.lease_until, o.worker, o.settled_at, o.failure_reason, o.failure_detail
        """;

    internal const string Settled = "state = 'done', lease_until = NULL, settled_at = now()";
    internal const string Renewed = "lease_until = now() + {2}";

    /// <summary>pending -> dispatched, for what is due and has no batch key.</summary>
    /// <remarks>Does not wait for the disk: a server that crashes right after forgets the offer, and the row is offered once more. A claim must
    /// wait, because a forgotten claim would give its attempt to a second worker.</remarks>
    public static Task<List<OutboxRow>> DispatchDueAsync(this ShopDb db, int limit, CancellationToken cancellationToken) => db.RowsAsync(
        $"""
        WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
        due AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'pending' AND batch_key IS NULL AND run_after <= now()
            ORDER BY priority, run_after LIMIT {limit} FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET state = 'dispatched', dispatched_at = now() FROM quick WHERE o.id = ANY(ARRAY(SELECT id FROM due))
        """, cancellationToken);

    /// <summary>dispatched too long ago -> dispatched just now, to be offered again.</summary>
    public static Task<List<OutboxRow>> DispatchAgainAsync(this ShopDb db, int limit, CancellationToken cancellationToken) => db.RowsAsync(
        $"""
        WITH stuck AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'dispatched' AND dispatched_at < now() - {OfferAgainAfter}
            ORDER BY dispatched_at LIMIT {limit} FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET dispatched_at = now() WHERE o.id = ANY(ARRAY(SELECT id FROM stuck))
        """, cancellationToken);

    /// <summary>dispatched -> pending, when Redis did not take the offer: workers then find the rows in PostgreSQL.</summary>
    public static Task<int> TakeBackAsync(this ShopDb db, Guid[] ids, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"UPDATE outbox SET state = 'pending' WHERE id = ANY({ids}) AND state = 'dispatched'", cancellationToken);

    /// <summary>-> running, for ids that came from Redis. Ids that somebody else runs or has settled are left out.</summary>
    public static Task<List<OutboxRow>> ClaimAsync(this ShopDb db, Guid[] ids, string worker, CancellationToken cancellationToken) => db.RunAsync(
        "SELECT id FROM outbox WHERE id = ANY({2}) AND state IN ('pending', 'dispatched') AND batch_key IS NULL AND run_after <= now()",
        worker, cancellationToken, ids);

    /// <summary>pending -> running without Redis, for rows due for at least <paramref name="grace"/>, higher priorities first.</summary>
    public static Task<List<OutboxRow>> ClaimDueAsync(this ShopDb db, JobRoom room, TimeSpan grace, string worker, CancellationToken cancellationToken) => db.RunAsync(
        $$"""
        WITH high AS MATERIALIZED ({{DueOf(JobPriority.High)}} LIMIT {3} FOR UPDATE SKIP LOCKED),
        normal AS MATERIALIZED ({{DueOf(JobPriority.Normal)}} LIMIT least({3} - (SELECT count(*) FROM high), {4}) FOR UPDATE SKIP LOCKED),
        low AS MATERIALIZED ({{DueOf(JobPriority.Low)}}
            LIMIT least({3} - (SELECT count(*) FROM high) - (SELECT count(*) FROM normal), {4} - (SELECT count(*) FROM normal), {5}) FOR UPDATE SKIP LOCKED)
        SELECT id FROM outbox WHERE id = ANY(ARRAY(SELECT id FROM high UNION ALL SELECT id FROM normal UNION ALL SELECT id FROM low))
        """, worker, cancellationToken, grace, room.All, room.BelowHigh, room.Low);

    private static string DueOf(JobPriority priority) =>
        $$"""SELECT id FROM outbox WHERE state = 'pending' AND batch_key IS NULL AND run_after <= now() - {2} AND priority = {{(int)priority}} ORDER BY run_after""";

    /// <summary>
    /// pending -> running, for a kind with a limit or with batches, oldest key first: up to <paramref name="mostKeys"/> keys that nobody runs, and all
    /// due rows of each. The kind's lock makes the count of what runs true on all workers together.
    /// </summary>
    /// <param name="mostKeys">Runs that have room here.</param>
    public static Task<List<OutboxRow>> ClaimKeysAsync(this ShopDb db, JobKind kind, int mostKeys, string worker, CancellationToken cancellationToken) =>
        db.RunAloneAsync(kind,
            """
            WITH taken AS (SELECT DISTINCT batch_key FROM outbox WHERE state = 'running' AND batch_key IS NOT NULL AND kind = {2}),
            oldest AS (
                SELECT batch_key, run_after FROM outbox
                WHERE state = 'pending' AND kind = {2} AND run_after <= now() AND batch_key IS NOT NULL AND batch_key NOT IN (SELECT batch_key FROM taken)
                ORDER BY run_after LIMIT 500),
            free AS (
                SELECT batch_key FROM oldest GROUP BY batch_key ORDER BY min(run_after)
                LIMIT greatest(0, least({3}, {4} - (SELECT count(*) FROM taken))))
            SELECT id FROM outbox WHERE state = 'pending' AND kind = {2} AND run_after <= now() AND batch_key IN (SELECT batch_key FROM free) LIMIT {5}
            """, worker, cancellationToken, mostKeys, kind.MostRunning ?? int.MaxValue, MaxBatch);

    /// <summary>
    /// pending -> running, row by row, for a kind that limits its keys: of each key its oldest due rows, as far as its limit leaves room beside what runs of it
    /// on all workers. Keys with fewer runs come first, and by lot among equals: the longest wait would always be that of a key with much to do and slow runs.
    /// </summary>
    /// <param name="mostRows">Runs that have room here.</param>
    /// <remarks>Steps from key to key in the index: what waits of one key costs the others nothing, however much it is.</remarks>
    public static Task<List<OutboxRow>> ClaimTurnsAsync(this ShopDb db, JobKind kind, int mostRows, string worker, CancellationToken cancellationToken) =>
        db.RunAloneAsync(kind,
            """
            WITH RECURSIVE keys AS (
                (SELECT batch_key FROM outbox WHERE state = 'pending' AND batch_key IS NOT NULL AND kind = {2} ORDER BY kind, batch_key LIMIT 1)
                UNION ALL
                SELECT (SELECT batch_key FROM outbox WHERE state = 'pending' AND kind = {2} AND batch_key > keys.batch_key ORDER BY kind, batch_key LIMIT 1)
                FROM keys WHERE batch_key IS NOT NULL),
            taken AS MATERIALIZED (SELECT batch_key, count(*) AS runs FROM outbox WHERE state = 'running' AND batch_key IS NOT NULL AND kind = {2} GROUP BY batch_key),
            open AS (SELECT batch_key, coalesce(runs, 0) AS runs FROM keys LEFT JOIN taken USING (batch_key) WHERE batch_key IS NOT NULL),
            turns AS (
                SELECT due.id, open.runs + row_number() OVER (PARTITION BY open.batch_key ORDER BY due.run_after) AS turn
                FROM open CROSS JOIN LATERAL (
                    SELECT id, run_after FROM outbox WHERE state = 'pending' AND kind = {2} AND batch_key = open.batch_key AND run_after <= now()
                    ORDER BY kind, batch_key, run_after LIMIT greatest(0, {4} - open.runs)) AS due)
            SELECT id FROM outbox WHERE state = 'pending' AND id = ANY(ARRAY(SELECT id FROM turns ORDER BY turn, random() LIMIT {3}))
            """, worker, cancellationToken, mostRows, kind.MostPerKey!.Value);

    /// <summary>Which of these kinds have due rows with a batch key.</summary>
    public static Task<List<string>> GatedDueAsync(this ShopDb db, string[] kinds, CancellationToken cancellationToken) => db.ByIndexAsync(
        $"""
        SELECT kind FROM unnest({kinds}) AS kind WHERE EXISTS (
            SELECT FROM outbox o WHERE o.state = 'pending' AND o.batch_key IS NOT NULL AND o.kind = kind.kind AND o.run_after <= now())
        """, row => row.GetString(0), cancellationToken);

    /// <summary>Renews many claims at once and returns the ids that are still held.</summary>
    public static Task<List<Guid>> RenewAsync(this ShopDb db, IReadOnlyCollection<JobClaim> claims, CancellationToken cancellationToken) =>
        db.UpdateHeldAsync(Together(claims), Renewed, cancellationToken, JobClaim.Lease);

    /// <summary>Settles many claims in one statement and returns the ids that were held.</summary>
    public static Task<List<Guid>> SettleAsync(this ShopDb db, IReadOnlyCollection<JobClaim> claims, CancellationToken cancellationToken) =>
        db.UpdateHeldAsync(Together(claims), Settled, cancellationToken);

    /// <summary>Changes the rows of a claim that still carry its attempts. Locks in order of ids, because a worker renews while it settles.</summary>
    /// <remarks>What runs has a lease and nothing else has (<c>ck_outbox_lease</c>). Not asked by its state: by that PostgreSQL would walk the index of all that runs, on all
    /// workers, whenever it has planned while little ran.</remarks>
    /// <param name="set">Assignments; parameters start at {2}.</param>
    /// <returns>The ids that were held.</returns>
    internal static Task<List<Guid>> UpdateHeldAsync(this ShopDb db, JobClaim claim, string set, CancellationToken cancellationToken, params object[] parameters) =>
        db.ByIndexAsync(FormattableStringFactory.Create(
            $$"""
            WITH mine AS MATERIALIZED (
                SELECT o.id FROM outbox o JOIN unnest({0}, {1}) AS held(id, attempt) ON o.id = held.id AND o.attempt = held.attempt
                WHERE o.id = ANY({0}) AND o.lease_until IS NOT NULL ORDER BY o.id FOR UPDATE OF o)
            UPDATE outbox o SET {{set}} WHERE o.id = ANY(ARRAY(SELECT id FROM mine)) RETURNING o.id
            """, [claim.Ids, claim.Attempts, .. parameters]), row => row.GetGuid(0), cancellationToken);

    private static JobClaim Together(IReadOnlyCollection<JobClaim> claims) =>
        new([.. claims.SelectMany(claim => claim.Ids)], [.. claims.SelectMany(claim => claim.Attempts)]);

    /// <summary>running with an expired lease -> pending, counted as a failure: at once the first time, then later and later, because a job that kills its worker must
    /// neither run for ever nor kill them all.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> SweepAsync(this ShopDb db, CancellationToken cancellationToken) => (await db.ByIndexAsync(
        $"""
        WITH lost AS MATERIALIZED (
            SELECT id FROM outbox WHERE state = 'running' AND lease_until < now() LIMIT 1000 FOR UPDATE SKIP LOCKED)
        UPDATE outbox o SET state = 'pending', lease_until = NULL, failures = failures + 1, failure_reason = 'lease-lost',
            run_after = now() + least({Backoff.Longest}, interval '1 s' * (power(2, least(failures, 20)) - 1)),
            failure_detail = 'The lease of attempt ' || attempt || ' ran out on ' || coalesce(worker, '?') || '.'
        WHERE o.id = ANY(ARRAY(SELECT id FROM lost)) RETURNING o.id
        """, row => row.GetGuid(0), cancellationToken)).Count;

    /// <summary>-> running, for what <paramref name="mine"/> selects: the one way into that state.</summary>
    /// <param name="mine">Of ids; parameters start at {2}.</param>
    private static Task<List<OutboxRow>> RunAsync(this ShopDb db, string mine, string worker, CancellationToken cancellationToken, params object[] parameters) =>
        db.RowsAsync(FormattableStringFactory.Create(
            $$"""
            WITH mine AS MATERIALIZED ({{mine}} FOR UPDATE SKIP LOCKED)
            UPDATE outbox o SET state = 'running', attempt = attempt + 1, lease_until = now() + {0}, worker = {1}
            WHERE o.id = ANY(ARRAY(SELECT id FROM mine))
            """, [JobClaim.Lease, worker, .. parameters]), cancellationToken);

    /// <param name="sql">An UPDATE of <c>outbox o</c>: the rows it has changed are answered.</param>
    private static Task<List<OutboxRow>> RowsAsync(this ShopDb db, FormattableString sql, CancellationToken cancellationToken) =>
        db.ByIndexAsync(FormattableStringFactory.Create($"{sql.Format} RETURNING {Row}", sql.GetArguments()), Read, cancellationToken);

    private static OutboxRow Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Kind = row.GetString(1),
        Version = row.GetInt32(2),
        Arguments = row.GetString(3),
        DedupeKey = row.Text(4),
        BatchKey = row.Text(5),
        TraceParent = row.Text(6),
        Priority = (JobPriority)row.GetInt16(7),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(8),
        RunAfter = row.GetFieldValue<DateTimeOffset>(9),
        State = Enum.Parse<JobState>(row.GetString(10), ignoreCase: true),
        DispatchedAt = row.Value<DateTimeOffset>(11),
        Attempt = row.GetInt32(12),
        Failures = row.GetInt32(13),
        LeaseUntil = row.Value<DateTimeOffset>(14),
        Worker = row.Text(15),
        SettledAt = row.Value<DateTimeOffset>(16),
        FailureReason = row.Text(17),
        FailureDetail = row.Text(18),
    };

    /// <summary>-> running under the kind's lock, so that a count of what runs is true on all workers together; nothing while another worker has it, which
    /// nobody waits for: one that froze with it must not keep the others from their other jobs.</summary>
    /// <param name="mine">Of ids; {2} is the kind, further parameters start at {3}.</param>
    private static Task<List<OutboxRow>> RunAloneAsync(
        this ShopDb db, JobKind kind, string mine, string worker, CancellationToken cancellationToken, params object[] parameters) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            // A statement of its own: the next one must see what the last holder of the lock has committed.
            var isAlone = await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock(hashtextextended('jobs:' || {kind.Name}, 0)) AS \"Value\"").ToListAsync(token);
            if (!isAlone[0]) return [];
            var rows = await db.RunAsync(mine, worker, token, [kind.Name, .. parameters]);
            await transaction.CommitAsync(token);
            return rows;
        }, cancellationToken);

    /// <summary>A statement in one round trip with its settings: in the context's transaction, or in one of its own, begun anew when PostgreSQL breaks off.</summary>
    private static Task<List<T>> ByIndexAsync<T>(this ShopDb db, FormattableString sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        db.Database.CurrentTransaction is null
            ? db.ConnectedAsync(() => db.AskAsync(sql, read, cancellationToken), cancellationToken)
            : db.AskAsync(sql, read, cancellationToken);

    private static async Task<List<T>> AskAsync<T>(this ShopDb db, FormattableString sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = db.Batch();
        batch.Add(ByIndex);
        var command = batch.Add(string.Format(CultureInfo.InvariantCulture, sql.Format, [.. Enumerable.Range(1, sql.ArgumentCount).Select(i => $"${i}")]));
        foreach (var argument in sql.GetArguments()) command.Parameters.Add(new NpgsqlParameter { Value = argument });
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ToListAsync(read, cancellationToken);
    }
}
