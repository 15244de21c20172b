using System.Text.Json;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>
/// Takes the demo out of a shop that will be a real one. What was ever in stock has lines in an append-only ledger, and may stand in orders;
/// so the demo's products are archived, and give up their addresses, SKUs and collections, instead of being deleted.
/// </summary>
public static class DemoRemoval
{
    /// <summary>The setting that names the demo's products, written when an empty shop was filled.</summary>
    internal const string Setting = "demo-products";

    /// <returns>How many products were taken out; 0 when there is no demo.</returns>
    public static Task<int> RemoveDemoAsync(this ShopDb db, Actor actor, DateTimeOffset now, CancellationToken cancellation) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var setting = await db.Set<Setting>().FirstOrDefaultAsync(s => s.Key == Setting, cancellation);
        if (setting is null) return 0;
        Guid[] ids = [.. JsonSerializer.Deserialize<List<Guid>>(setting.Value)!];
        var products = await db.Products.Include(p => p.Variants).Include(p => p.Collections).AsSplitQuery().Where(p => ids.Contains(p.Id) && p.ArchivedAt == null).ToListAsync(cancellation);
        foreach (var product in products)
        {
            product.Archive(now);
            product.Slug = $"{product.Slug[..Math.Min(product.Slug.Length, 200)]}-demo-{product.Id:N}";
            foreach (var variant in product.Variants) variant.Sku = null;
            product.Collections.Clear();
            product.Touch(now);
        }
        db.Remove(setting);
        db.Audit(actor, "catalogue.demo-removed", "shop", null, new { products = products.Count });
        await db.SaveChangesAsync(cancellation);
        await db.Collections.Where(c => !c.Products.Any() && !c.Rules.Any()).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return products.Count;
    });

    /// <summary>Remembers that what is in the shop now is the demo.</summary>
    internal static async Task RememberDemoAsync(this ShopDb db, CancellationToken cancellation)
    {
        var ids = await db.Products.Select(p => p.Id).ToListAsync(cancellation);
        db.Add(new Setting { Key = Setting, Value = JsonSerializer.Serialize(ids) });
        await db.SaveChangesAsync(cancellation);
    }
}
