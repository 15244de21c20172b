using Commerce.Outbox;

namespace Commerce.Jobs;

/// <summary>The right to run one attempt of a job, or of a batch of jobs with one key, valid while the rows still carry the same attempts.</summary>
public sealed class JobClaim(Guid[] ids, int[] attempts)
{
    /// <summary>How long a claim lasts unless it is renewed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How often it is renewed: two renewals may get lost.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(8);

    public JobClaim(Guid id, int attempt) : this([id], [attempt])
    {
    }

    /// <param name="rows">As they were claimed; the first one names the claim.</param>
    public JobClaim(IReadOnlyList<OutboxRow> rows) : this([.. rows.Select(row => row.Id)], [.. rows.Select(row => row.Attempt)])
    {
    }

    public Guid Id => Ids[0];
    public int Attempt => Attempts[0];
    internal Guid[] Ids { get; } = ids;
    internal int[] Attempts { get; } = attempts;

    /// <summary>Marks the job done. Part of the caller's transaction: when this throws, the effect's own writes must roll back.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed a row since.</exception>
    public Task SettleAsync(ShopDb db, CancellationToken cancellationToken) => UpdateAsync(db, JobRows.Settled, cancellationToken);

    /// <summary>Marks the job done though it did nothing, and keeps why.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed a row since.</exception>
    public Task IgnoreAsync(ShopDb db, string reason, string detail, CancellationToken cancellationToken) => UpdateAsync(
        db, JobRows.Settled + ", failure_reason = {2}, failure_detail = {3}", cancellationToken, reason, detail.CutTo(OutboxRow.MaxFailureDetail));

    /// <summary>Checks the claim and renews it, in the caller's transaction, for writes that must come before an outside effect.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed a row since.</exception>
    public Task RenewAsync(ShopDb db, CancellationToken cancellationToken) => UpdateAsync(db, JobRows.Renewed, cancellationToken, Lease);

    /// <summary>Counts a failure; the job runs again after <paramref name="delay"/>, or never when it is null (a dead letter).</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed a row since.</exception>
    public Task FailAsync(ShopDb db, string reason, string detail, TimeSpan? delay, CancellationToken cancellationToken)
    {
        const string Failed = "lease_until = NULL, failures = o.failures + 1, failure_reason = {2}, failure_detail = {3}";
        var text = detail.CutTo(OutboxRow.MaxFailureDetail);
        return delay is { } wait
            ? UpdateAsync(db, $"{Failed}, state = 'pending', run_after = now() + {{4}}", cancellationToken, reason, text, wait)
            : UpdateAsync(db, $"{Failed}, state = 'dead', settled_at = now()", cancellationToken, reason, text);
    }

    /// <summary>Gives the job back unfinished and uncounted, for another worker to run at once.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed a row since.</exception>
    public Task HandBackAsync(ShopDb db, CancellationToken cancellationToken) =>
        UpdateAsync(db, "state = 'pending', lease_until = NULL", cancellationToken);

    private async Task UpdateAsync(ShopDb db, string set, CancellationToken cancellationToken, params object[] parameters)
    {
        if ((await db.UpdateHeldAsync(this, set, cancellationToken, parameters)).Count != Ids.Length) throw new LeaseLostException(this);
    }
}

/// <summary>The row was claimed by somebody else or settled: whatever this attempt wrote must not commit.</summary>
public sealed class LeaseLostException(JobClaim claim) : Exception($"Attempt {claim.Attempt} of job {claim.Id} no longer holds its row.");
