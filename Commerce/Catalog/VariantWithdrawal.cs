using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>
/// Deletes a variant as far as a shop can: it leaves its product and all open baskets, and its SKU is free again. Its row stays, because orders,
/// reservations and an append-only ledger name it; orders keep their frozen lines, and units of it that come back go on its shelf.
/// </summary>
public static class VariantWithdrawal
{
    /// <summary>Refused while a bundle is made of it.</summary>
    public static async Task<Refusal?> WithdrawAsync(this ShopDb db, Product product, Guid variantId, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellation)
    {
        if (product.Variants.Find(v => v.Id == variantId) is not { } variant) return CatalogRefusals.NoVariant();
        var (sku, options) = (variant.Sku, variant.Options);
        variant.Withdraw(now);
        product.Reprice();
        product.Touch(now);
        db.Audit(actor, "catalogue.variant-withdrawn", $"product:{product.Slug}", reason, new { product.Id, product.Version, variantId, sku, options }, db.ReadCatalogChanges());
        List<string> bundles = [];
        var refusal = await db.SaveAsync(() => db.LockMembershipAsync(changesRules: false, cancellation), async () =>
        {
            // Whoever makes a bundle of it waits for this, and then no longer finds it.
            await db.Database.ExecuteSqlAsync($"LOCK TABLE bundle_components IN SHARE ROW EXCLUSIVE MODE", cancellation);
            bundles = await db.BundleComponents.Where(c => c.ComponentId == variantId)
                .Join(db.Variants, c => c.BundleId, v => v.Id, (_, v) => v.Product.Slug).Distinct().Order().ToListAsync(cancellation);
            if (bundles.Count > 0) return new Refusal(CatalogRefusals.VariantBundled, "Bundles are made of it; change or withdraw them first.") { Facts = new Dictionary<string, object?> { ["bundles"] = bundles } };
            await db.Database.ExecuteSqlAsync($"""
                WITH dropped AS (DELETE FROM basket_lines l USING baskets b WHERE b.id = l.basket_id AND b.order_id IS NULL AND l.variant_id = {variantId} RETURNING b.id)
                UPDATE baskets SET version = version + 1 WHERE id IN (SELECT id FROM dropped)
                """, cancellation);
            await db.RefreshMembershipAsync([product.Id], cancellation);
            return null;
        }, cancellation);
        if (refusal is not null) return refusal;
        db.Entry(variant).State = EntityState.Detached;
        product.Variants.Remove(variant);
        return null;
    }
}
