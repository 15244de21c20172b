using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Commerce.Catalog.Import;

/// <summary>What a batch of an import would write: products of which anything is other than it was, with all that is held of each, and variants that get stock for the first time.</summary>
internal sealed record ImportChanges(Dictionary<Guid, List<EntityEntry>> Products, HashSet<Guid> Stocked)
{
    public static ImportChanges In(ShopDb db)
    {
        List<EntityEntry> entries = [.. db.ChangeTracker.Entries()];
        var productOf = entries.Select(e => e.Entity).OfType<Variant>().ToDictionary(v => v.Id, v => v.ProductId);
        var products = entries.GroupBy(e => e.Entity switch
        {
            Product p => p.Id,
            Variant v => v.ProductId,
            Price p => productOf[p.VariantId],
            ProductImage i => i.ProductId,
            ProductAttribute a => a.ProductId,
            ListPrice l => l.ProductId,
            CollectionProduct c => c.ProductId,
            _ => Guid.Empty,
        }).Where(g => g.Key != Guid.Empty && g.Any(IsWritten)).ToDictionary(g => g.Key, g => g.ToList());
        return new ImportChanges(products, [.. entries.Where(IsWritten).Select(e => e.Entity).OfType<StockItem>().Select(i => i.VariantId)]);
    }

    private static bool IsWritten(EntityEntry entry) => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted;
}
