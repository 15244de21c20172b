using System.Data.Common;
using System.Runtime.CompilerServices;
using Commerce.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Commerce.Catalog.Caching;

/// <summary>
/// Announces edits of the catalogue, and of what the shop's policy says of it, once they have committed. Stock is left to the look at intervals: a hot item changes thousands of times
/// a second, and only few of its changes are shown.
/// </summary>
internal sealed class AnnounceAfterCommit(CatalogChanges changes) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private static readonly object Marker = new();
    private readonly ConditionalWeakTable<DbContext, object> _edited = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } context && context.ChangeTracker.Entries().Any(IsShown)) _edited.AddOrUpdate(context, Marker);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null) Announce(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Announce(eventData.Context);
        return Task.CompletedTask;
    }

    private static bool IsShown(Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry entry) =>
        entry is { State: not EntityState.Unchanged, Entity: Product or Variant or Price or ProductImage or Collection or CollectionProduct or AttributeDefinition or ShopPolicy };

    private void Announce(DbContext? context)
    {
        if (context is not null && _edited.Remove(context)) changes.Announce();
    }
}
