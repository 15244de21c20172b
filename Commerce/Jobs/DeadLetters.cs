using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>Which dead letters: all that match every given part.</summary>
/// <param name="Id">One of them.</param>
/// <param name="Kind">Of one kind.</param>
/// <param name="Reason">That failed for this reason last.</param>
public sealed record DeadLetterChoice(Guid? Id = null, string? Kind = null, string? Reason = null);

/// <summary>What a person may do with a dead letter. Both verbs are audited, in their own transaction.</summary>
public static class DeadLetters
{
    /// <summary>Of one statement; who replays more calls again.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>dead -> pending: they run again at once, with all their tries before them. Attempts go on counting, so no earlier run can settle them.</summary>
    /// <returns>How many.</returns>
    public static Task<int> ReplayAsync(this ShopDb db, DeadLetterChoice choice, Actor actor, string? reason, CancellationToken cancellationToken) => db.MoveAsync(
        "UPDATE outbox SET state = 'pending', failures = 0, settled_at = NULL, run_after = now()", "jobs.replayed", choice, actor, reason, cancellationToken);

    /// <summary>dead -> discarded: they never run. Purged like done ones.</summary>
    /// <returns>How many.</returns>
    public static Task<int> DiscardAsync(this ShopDb db, DeadLetterChoice choice, Actor actor, string reason, CancellationToken cancellationToken) => db.MoveAsync(
        "UPDATE outbox SET state = 'discarded', settled_at = now()", "jobs.discarded", choice, actor, reason, cancellationToken);

    private static Task<int> MoveAsync(
        this ShopDb db, string update, string action, DeadLetterChoice choice, Actor actor, string? reason, CancellationToken cancellationToken) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            var moved = await db.Database.ExecuteSqlRawAsync(
                $$"""
                WITH chosen AS MATERIALIZED (
                    SELECT id FROM outbox WHERE state = 'dead' AND ({0} = '' OR id::text = {0}) AND ({1} = '' OR kind = {1}) AND ({2} = '' OR failure_reason = {2})
                    ORDER BY settled_at, id LIMIT {3} FOR UPDATE)
                {{update}} FROM chosen WHERE outbox.id = chosen.id
                """, [choice.Id?.ToString() ?? "", choice.Kind ?? "", choice.Reason ?? "", MostAtOnce], token);
            if (moved > 0)
            {
                var subject = choice.Id is { } id ? $"job:{id}" : $"jobs:{choice.Kind ?? "all"}";
                db.Audit(actor, action, subject, reason, new { choice.Kind, choice.Reason, count = moved });
                await db.SaveChangesAsync(token);
            }
            await transaction.CommitAsync(token);
            return moved;
        }, cancellationToken);
}
