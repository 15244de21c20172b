using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>What lies of a variant in a location.</summary>
/// <param name="OnHand">Physically there, what is sold and not yet sent included.</param>
/// <param name="Unsent">Of them, sold and not yet sent. An order from several places that was sent in part is taken to be sent from the first of them.</param>
/// <param name="Reserved">Of them, promised to orders that are not paid yet.</param>
/// <param name="Available">The rest. Negative where more was sold than there is.</param>
public sealed record StockLevel(
    Guid VariantId, string? Sku, string ProductSlug, Guid LocationId, string Location, int OnHand, int Unsent, int Reserved, int Available, bool AllowsBackorder, bool IsLow);

/// <summary>A page of stock levels.</summary>
public sealed record StockLevelPage(IReadOnlyList<StockLevel> Items, string? NextCursor);

/// <summary>A line of the ledger, newest first.</summary>
public sealed record LedgerLine(
    DateTimeOffset At, string Kind, Guid VariantId, Guid LocationId, int OnHandChange, int ReservedChange, string? OrderNumber, string? Reason);

/// <summary>A page of the ledger.</summary>
public sealed record LedgerPage(IReadOnlyList<LedgerLine> Items, string? NextCursor);

/// <summary>Reading stock for staff.</summary>
public static class StockReads
{
    /// <summary>Which levels: of one variant, one location, only what is low.</summary>
    public sealed record Filter(Guid? VariantId = null, Guid? LocationId = null, bool OnlyLow = false);

    /// <summary>In order of the stock items' ids.</summary>
    public static async Task<Outcome<StockLevelPage>> ListStockAsync(this ShopDb db, Filter filter, int limit, string? cursor, CancellationToken cancellation)
    {
        // A bundle has no stock and is never low; what one of an earlier time still has can be seen.
        var items = db.StockItems.AsNoTracking().Where(s => (!filter.OnlyLow && (s.OnHand != 0 || s.Reserved != 0)) || !db.BundleComponents.Any(c => c.BundleId == s.VariantId));
        if (filter.VariantId is { } variantId) items = items.Where(s => s.VariantId == variantId);
        if (filter.LocationId is { } locationId) items = items.Where(s => s.LocationId == locationId);
        // Nobody refills what is no longer sold: archived products, and withdrawn variants, which this query of variants leaves out.
        if (filter.OnlyLow) items = items.Where(s => s.IsLow && db.Variants.Any(v => v.Id == s.VariantId && v.Product.ArchivedAt == null));
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } after) return StockRefusals.BadCursor();
            items = items.Where(s => s.Id > after);
        }
        var page = items.OrderBy(s => s.Id).Take(limit + 1);
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            // One moment for all: a payment in between turns reserved units into unsent ones.
            await using var moment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            var ids = await page.Select(s => s.Id).ToListAsync(cancellation);
            var levels = await page.Take(limit).SelectLevels(db).ToListAsync(cancellation);
            return new StockLevelPage(await levels.WithUnsentAsync(db, cancellation), ids.Count > limit ? IdCursor.Write(ids[limit - 1]) : null);
        });
    }

    /// <summary>What happened to a variant's stock, newest first.</summary>
    public static async Task<Outcome<LedgerPage>> ListLedgerAsync(this ShopDb db, Guid variantId, int limit, string? cursor, CancellationToken cancellation)
    {
        var movements = db.StockMovements.AsNoTracking().Where(m => db.StockItems.Any(s => s.Id == m.StockItemId && s.VariantId == variantId));
        if (cursor is not null)
        {
            if (RowCursor.Read(cursor) is not { } before) return StockRefusals.BadCursor();
            movements = movements.Where(m => m.Id < before);
        }
        var rows = await movements.OrderByDescending(m => m.Id).Take(limit + 1).Select(m => new
        {
            m.Id,
            m.At,
            m.Kind,
            m.OnHandChange,
            m.ReservedChange,
            m.Reason,
            LocationId = db.StockItems.Where(s => s.Id == m.StockItemId).Select(s => s.LocationId).First(),
            OrderNumber = db.Orders.Where(o => o.Id == m.OrderId).Select(o => o.Number).FirstOrDefault(),
        }).ToListAsync(cancellation);
        if (rows.Count == 0 && !await db.Variants.IgnoreQueryFilters().AnyAsync(v => v.Id == variantId, cancellation)) return StockRefusals.UnknownVariant();
        return new LedgerPage(
            [.. rows.Take(limit).Select(m => new LedgerLine(m.At, m.Kind.ToString().ToLowerInvariant(), variantId, m.LocationId, m.OnHandChange, m.ReservedChange, m.OrderNumber, m.Reason))],
            rows.Count > limit ? RowCursor.Write(rows[limit - 1].Id) : null);
    }

    /// <summary>Without what is sold and not yet sent: <see cref="UnsentUnits.WithUnsentAsync"/>.</summary>
    internal static IQueryable<StockLevel> SelectLevels(this IQueryable<StockItem> items, ShopDb db) =>
        from item in items
        join variant in db.Variants.IgnoreQueryFilters() on item.VariantId equals variant.Id
        join location in db.Locations on item.LocationId equals location.Id
        orderby item.Id
        select new StockLevel(item.VariantId, variant.Sku, variant.Product.Slug, item.LocationId, location.Name, item.OnHand, 0, item.Reserved, item.OnHand - item.Reserved, item.AllowsBackorder, item.IsLow);
}
