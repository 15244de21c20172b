using Commerce;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Worker.Jobs;

/// <summary>One kind of job: one side effect. Created in a scope of its own for every run.</summary>
/// <typeparam name="TArguments">The row's arguments.</typeparam>
public interface IJob<in TArguments>
{
    /// <summary>Runs the effect. Its own writes belong into <see cref="JobRun.SettleAsync"/> or
    /// <see cref="JobRun.SettleInsideAsync"/>; a job that returns without it is settled afterwards.</summary>
    /// <exception cref="JobFailedException">To say what kind of failure it was; any other exception is tried again with back-off.</exception>
    Task RunAsync(TArguments arguments, JobRun run, CancellationToken cancellationToken);
}

/// <summary>A batched kind: every due row of one batch key in one run, settled or failed together. No other run has the same key meanwhile.</summary>
/// <typeparam name="TArguments">Of each row, oldest row first.</typeparam>
public interface IBatchJob<in TArguments>
{
    /// <inheritdoc cref="IJob{TArguments}.RunAsync"/>
    Task RunAsync(IReadOnlyList<TArguments> batch, JobRun run, CancellationToken cancellationToken);
}

/// <summary>One attempt at a job, or at a batch of one key, as the job sees it.</summary>
public sealed class JobRun(IReadOnlyList<OutboxRow> rows)
{
    /// <summary>Oldest first.</summary>
    internal IReadOnlyList<OutboxRow> Rows => rows;

    /// <summary>The one that decides how the run ends when it fails.</summary>
    internal OutboxRow MostFailed { get; } = rows.MaxBy(row => row.Failures)!;

    /// <summary>Of the first row.</summary>
    public Guid Id => rows[0].Id;

    /// <summary>Rises with every claim, from 1.</summary>
    public int Attempt => rows[0].Attempt;

    /// <summary>Failures before this attempt; of a batch, those of the row that failed most often.</summary>
    public int Failures => MostFailed.Failures;

    public JobClaim Claim { get; } = new(rows);
    public bool IsSettled { get; private set; }

    /// <summary>Commits the effect's writes and the end of the job in one transaction, or neither.</summary>
    /// <remarks>The context is emptied first: <paramref name="work"/> loads what it changes, so that it can run again after a broken
    /// connection. SaveChanges is called after it.</remarks>
    /// <exception cref="LeaseLostException">The row is no longer ours; everything was rolled back.</exception>
    public async Task SettleAsync(ShopDb db, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await InTransactionAsync(db, work, Claim.SettleAsync, cancellationToken);
        IsSettled = true;
    }

    /// <summary>For verbs that open their own transaction: they get the end of the job to call inside it, before they commit.</summary>
    /// <exception cref="LeaseLostException">The row is no longer ours; the verb rolled back.</exception>
    public async Task SettleInsideAsync(ShopDb db, Func<Func<CancellationToken, Task>, Task> verb)
    {
        var isSettled = false;
        await verb(async token =>
        {
            await Claim.SettleAsync(db, token);
            isSettled = true;
        });
        IsSettled = isSettled;
    }

    /// <summary>Commits writes that must precede an outside effect, if the row is still ours, and renews the claim.</summary>
    /// <exception cref="LeaseLostException">The row is no longer ours; everything was rolled back.</exception>
    public Task CheckpointAsync(ShopDb db, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        InTransactionAsync(db, work, Claim.RenewAsync, cancellationToken);

    private static Task InTransactionAsync(
        ShopDb db, Func<CancellationToken, Task> work, Func<ShopDb, CancellationToken, Task> fence, CancellationToken cancellationToken) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            await work(token);
            await db.SaveChangesAsync(token);
            await fence(db, token);
            await transaction.CommitAsync(token);
        }, cancellationToken);
}
