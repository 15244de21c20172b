using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>The right to run one attempt of a job, valid while the row still carries the same attempt.</summary>
public sealed record JobClaim(Guid Id, int Attempt)
{
    /// <summary>How long a claim lasts unless it is renewed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How often it is renewed: two renewals may get lost.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(8);

    /// <summary>Marks the job done. Part of the caller's transaction: when this throws, the effect's own writes must roll back.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed the row since.</exception>
    public Task SettleAsync(ShopDb db, CancellationToken cancellationToken) => HeldAsync(db.Database.ExecuteSqlAsync(
        $"""
        UPDATE outbox SET state = 'done', lease_until = NULL, settled_at = now()
        WHERE id = {Id} AND attempt = {Attempt} AND state = 'running'
        """, cancellationToken));

    /// <summary>Checks the claim and renews it, in the caller's transaction, for writes that must come before an outside effect.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed the row since.</exception>
    public Task RenewAsync(ShopDb db, CancellationToken cancellationToken) => HeldAsync(db.Database.ExecuteSqlAsync(
        $"""
        UPDATE outbox SET lease_until = now() + {Lease}
        WHERE id = {Id} AND attempt = {Attempt} AND state = 'running'
        """, cancellationToken));

    /// <summary>Counts a failure; the job runs again after <paramref name="delay"/>, or never when it is null (a dead letter).</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed the row since.</exception>
    public Task FailAsync(ShopDb db, string reason, string detail, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var cut = detail.Length <= OutboxRow.MaxFailureDetail ? detail : detail[..OutboxRow.MaxFailureDetail];
        var state = delay is null ? "dead" : "pending";
        return HeldAsync(db.Database.ExecuteSqlAsync(
            $"""
            UPDATE outbox SET state = {state}, lease_until = NULL, failures = failures + 1, failure_reason = {reason}, failure_detail = {cut},
                run_after = now() + {delay ?? TimeSpan.Zero}, settled_at = CASE WHEN {state} = 'dead' THEN now() END
            WHERE id = {Id} AND attempt = {Attempt} AND state = 'running'
            """, cancellationToken));
    }

    /// <summary>Gives the job back unfinished and uncounted, for another worker to run at once.</summary>
    /// <exception cref="LeaseLostException">Somebody else has claimed the row since.</exception>
    public Task HandBackAsync(ShopDb db, CancellationToken cancellationToken) => HeldAsync(db.Database.ExecuteSqlAsync(
        $"""
        UPDATE outbox SET state = 'pending', lease_until = NULL
        WHERE id = {Id} AND attempt = {Attempt} AND state = 'running'
        """, cancellationToken));

    private async Task HeldAsync(Task<int> update)
    {
        if (await update == 0) throw new LeaseLostException(this);
    }
}

/// <summary>The row was claimed by somebody else or settled: whatever this attempt wrote must not commit.</summary>
public sealed class LeaseLostException(JobClaim claim) : Exception($"Attempt {claim.Attempt} of job {claim.Id} no longer holds its row.");
