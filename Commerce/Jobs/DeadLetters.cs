using System.Runtime.CompilerServices;
using Commerce.Audit;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Jobs;

/// <summary>Which dead letters: those that match every given part, and at least one must be given.</summary>
/// <param name="Id">One of them.</param>
/// <param name="Kind">Of one kind.</param>
/// <param name="Reason">That failed for this reason last.</param>
/// <param name="All">Said explicitly, because it is easily said by mistake.</param>
public sealed record DeadLetterChoice(Guid? Id = null, string? Kind = null, string? Reason = null, bool All = false);

/// <summary>How many dead letters a verb has moved.</summary>
public sealed record DeadLettersMoved(int Count);

/// <summary>What a person may do with a dead letter. Both verbs are audited, in their own transaction.</summary>
public static class DeadLetters
{
    /// <summary>Of one statement; who replays more calls again.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>dead -> pending: they run again at once, with all their tries before them. Attempts go on counting, so no earlier run can settle them.</summary>
    public static Task<Outcome<DeadLettersMoved>> ReplayAsync(this ShopDb db, DeadLetterChoice choice, Actor actor, string? reason, CancellationToken cancellationToken) => db.MoveAsync(
        "UPDATE outbox SET state = 'pending', failures = 0, settled_at = NULL, run_after = now()", "jobs.replayed", choice, actor, reason, cancellationToken);

    /// <summary>dead -> discarded: they never run. Purged like done ones.</summary>
    public static Task<Outcome<DeadLettersMoved>> DiscardAsync(this ShopDb db, DeadLetterChoice choice, Actor actor, string reason, CancellationToken cancellationToken) => db.MoveAsync(
        "UPDATE outbox SET state = 'discarded', settled_at = now()", "jobs.discarded", choice, actor, reason, cancellationToken);

    private static async Task<Outcome<DeadLettersMoved>> MoveAsync(
        this ShopDb db, string update, string action, DeadLetterChoice choice, Actor actor, string? reason, CancellationToken cancellationToken)
    {
        if (choice is { Id: null, Kind: null, Reason: null, All: false })
            return new Refusal(JobRefusals.ChoiceMissing, "Say which dead letters: an id, a kind, a reason, or all.");
        var moved = await db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            var count = await db.Database.ExecuteSqlAsync(FormattableStringFactory.Create(
                $$"""
                WITH chosen AS MATERIALIZED (
                    SELECT id FROM outbox WHERE state = 'dead' AND ({0} = '' OR id::text = {0}) AND ({1} = '' OR kind = {1}) AND ({2} = '' OR failure_reason = {2})
                    ORDER BY settled_at, id LIMIT {3} FOR UPDATE)
                {{update}} FROM chosen WHERE outbox.id = chosen.id
                """, [choice.Id?.ToString() ?? "", choice.Kind ?? "", choice.Reason ?? "", MostAtOnce]), token);
            if (count > 0)
            {
                var subject = choice.Id is { } id ? $"job:{id}" : $"jobs:{choice.Kind ?? "all"}";
                db.Audit(actor, action, subject, reason, new { choice.Kind, choice.Reason, count });
                await db.SaveChangesAsync(token);
            }
            await transaction.CommitAsync(token);
            return count;
        }, cancellationToken);
        return moved > 0 || choice.Id is not { } one ? new DeadLettersMoved(moved)
            : await db.Set<OutboxRow>().AnyAsync(row => row.Id == one, cancellationToken) ? new Refusal(JobRefusals.NotDead, "This job is no dead letter.")
            : new Refusal(JobRefusals.NotFound, "There is no such job.");
    }
}
