using System.Data.Common;
using System.Runtime.CompilerServices;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Commerce.Jobs;

/// <summary>
/// Raises the relay's signal once a unit of work with outbox rows has committed. No NOTIFY inside the transaction: it would make
/// PostgreSQL serialise the commits. Only a hint: a lost signal costs one polling interval.
/// </summary>
internal sealed class SignalAfterCommit(RelaySignal signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private static readonly object Marker = new();
    private readonly ConditionalWeakTable<DbContext, object> _withNewRows = [];

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Note(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Note(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        RaiseIfCommitted(eventData.Context);
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        RaiseIfCommitted(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Raise(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context);
        return Task.CompletedTask;
    }

    private void Note(DbContext? context)
    {
        if (context is not null && context.ChangeTracker.Entries<OutboxRow>().Any(entry => entry.State == EntityState.Added))
            _withNewRows.AddOrUpdate(context, Marker);
    }

    private void RaiseIfCommitted(DbContext? context)
    {
        if (context?.Database.CurrentTransaction is null) Raise(context);
    }

    private void Raise(DbContext? context)
    {
        if (context is not null && _withNewRows.Remove(context)) signal.Raise();
    }
}
