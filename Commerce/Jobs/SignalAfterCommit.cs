using System.Data.Common;
using System.Runtime.CompilerServices;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Commerce.Jobs;

/// <summary>
/// Raises the relay's signal once a unit of work with outbox rows has committed. No NOTIFY inside the transaction: it would make
/// PostgreSQL serialise the commits. Only a hint: a lost signal costs one polling interval, and so does a synchronous SaveChanges.
/// </summary>
internal sealed class SignalAfterCommit(RelaySignal signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private static readonly object Marker = new();
    private static readonly ConditionalWeakTable<DbContext, object> WithNewRows = [];

    /// <summary>For rows that are written past the change tracker.</summary>
    public static void Expect(DbContext context) => WithNewRows.AddOrUpdate(context, Marker);

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } context && context.ChangeTracker.Entries<OutboxRow>().Any(entry => entry.State == EntityState.Added)) Expect(context);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null) Raise(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context);
        return Task.CompletedTask;
    }

    private void Raise(DbContext? context)
    {
        if (context is not null && WithNewRows.Remove(context)) signal.Raise();
    }
}
