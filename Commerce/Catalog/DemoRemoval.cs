using System.Text.Json;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>
/// Takes the demo out of a shop that will be a real one. What was ever in stock has lines in an append-only ledger, and may stand in orders;
/// so the demo's products are archived, and give up their addresses, SKUs and collections, instead of being deleted. Its collections and attributes go
/// where nothing else is in them.
/// </summary>
public static class DemoRemoval
{
    /// <summary>The setting that names what is the demo's, written when an empty shop was filled.</summary>
    internal const string Setting = "demo";

    /// <summary>The setting that names the products which were the demo's.</summary>
    private const string Removed = "demo-removed";

    /// <returns>How many products were taken out; 0 when there is no demo.</returns>
    public static Task<int> RemoveDemoAsync(this ShopDb db, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellation) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.LockMembershipAsync(changesRules: true, cancellation);
        var setting = await db.Set<Setting>().FirstOrDefaultAsync(s => s.Key == Setting, cancellation);
        if (setting is null) return 0;
        var (ids, collectionIds, keys) = JsonSerializer.Deserialize<Contents>(setting.Value)!;
        var collections = await db.Collections.Where(c => collectionIds.Contains(c.Id) && !c.Rules.Any() && c.Products.Any() && c.Products.All(p => ids.Contains(p.ProductId))).ToListAsync(cancellation);
        var attributes = await db.Set<AttributeDefinition>().Where(d => keys.Contains(d.Key) && !db.Set<ProductAttribute>().Any(a => a.Key == d.Key && !ids.Contains(a.ProductId))).ToListAsync(cancellation);
        var products = await db.Products.Include(p => p.Variants).Include(p => p.Collections).AsSplitQuery().Where(p => ids.Contains(p.Id)).ToListAsync(cancellation);
        foreach (var product in products)
        {
            product.Archive(now);
            product.Slug = $"{product.Slug[..Math.Min(product.Slug.Length, 200)]}-demo-{product.Id:N}";
            foreach (var variant in product.Variants) variant.Sku = null;
            product.Collections.Clear();
            product.Touch(now);
        }
        db.Remove(setting);
        db.Add(new Setting { Key = Removed, Value = JsonSerializer.Serialize(ids) });
        db.Audit(actor, "catalogue.demo-removed", "shop", reason, new { products = products.Count, collections = collections.Count, attributes = attributes.Count });
        foreach (var collection in collections) db.Audit(actor, "catalogue.collection-removed", $"collection:{collection.Slug}", "It was the demo's.", new { collection.Id, collection.Version });
        foreach (var attribute in attributes) db.Audit(actor, "catalogue.attribute-removed", $"attribute:{attribute.Key}", "It was the demo's.", new { attribute.Label, attribute.Type, attribute.Filterable });
        await db.SaveChangesAsync(cancellation);
        Guid[] emptied = [.. collections.Select(c => c.Id)];
        string[] unused = [.. attributes.Select(a => a.Key)];
        await db.Set<SlugRedirect>().Where(r => r.Owner == SlugOwner.Collection && emptied.Contains(r.TargetId)).ExecuteDeleteAsync(cancellation);
        await db.Collections.Where(c => emptied.Contains(c.Id) && !c.Products.Any()).ExecuteDeleteAsync(cancellation);
        await db.Set<AttributeDefinition>().Where(d => unused.Contains(d.Key)).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return products.Count;
    });

    /// <summary>
    /// All products but those of a demo that was taken out, unless they were put on sale again or bundles are made of them. Which ones these are is found once: as a
    /// condition of every statement that reads a batch, PostgreSQL reads the variants of the whole shop for it each time.
    /// </summary>
    internal static async Task<IQueryable<Product>> WithoutRemovedDemoAsync(this ShopDb db, CancellationToken cancellation)
    {
        var removed = await db.Set<Setting>().Where(s => s.Key == Removed).Select(s => s.Value).FirstOrDefaultAsync(cancellation);
        if (removed is null) return db.Products;
        Guid[] ids = JsonSerializer.Deserialize<Guid[]>(removed)!;
        var kept = db.Products.Where(p => p.ArchivedAt == null || !ids.Contains(p.Id));
        var components = db.BundleComponents.Where(c => kept.Any(p => p.Variants.Any(v => v.Id == c.BundleId))).Select(c => c.ComponentId);
        var left = await db.Products.Where(p => p.ArchivedAt != null && ids.Contains(p.Id) && !p.Variants.Any(v => components.Contains(v.Id))).Select(p => p.Id).ToListAsync(cancellation);
        return db.Products.Where(p => !left.Contains(p.Id));
    }

    /// <summary>Remembers that what is in the shop now is the demo.</summary>
    internal static async Task RememberDemoAsync(this ShopDb db, CancellationToken cancellation)
    {
        var demo = new Contents(
            await db.Products.Select(p => p.Id).ToArrayAsync(cancellation), await db.Collections.Select(c => c.Id).ToArrayAsync(cancellation),
            await db.Set<AttributeDefinition>().Select(d => d.Key).ToArrayAsync(cancellation));
        db.Add(new Setting { Key = Setting, Value = JsonSerializer.Serialize(demo) });
        await db.SaveChangesAsync(cancellation);
    }

    private sealed record Contents(Guid[] Products, Guid[] Collections, string[] Attributes);
}
