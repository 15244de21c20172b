using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>What a batch of an import would write: products of which anything is other than it was, and variants that get stock for the first time.</summary>
internal sealed record ImportChanges(HashSet<Guid> Products, HashSet<Guid> Stocked)
{
    public static ImportChanges In(ShopDb db)
    {
        db.ChangeTracker.DetectChanges();
        var productOf = db.ChangeTracker.Entries<Variant>().ToDictionary(v => v.Entity.Id, v => v.Entity.ProductId);
        var changes = new ImportChanges([], []);
        foreach (var entry in db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            Guid? product = entry.Entity switch
            {
                Product p => p.Id,
                Variant v => v.ProductId,
                Price p => productOf[p.VariantId],
                ProductImage i => i.ProductId,
                ProductAttribute a => a.ProductId,
                ListPrice l => l.ProductId,
                CollectionProduct c => c.ProductId,
                _ => null,
            };
            if (product is { } id) changes.Products.Add(id);
            if (entry.Entity is StockItem item) changes.Stocked.Add(item.VariantId);
        }
        return changes;
    }
}
