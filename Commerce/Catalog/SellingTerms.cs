using System.Data;
using Commerce.Audit;
using Commerce.Stock;
using Commerce.Taxes;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Catalog;

/// <summary>
/// How a variant is sold: in which quantities, with which tax, at how many available units it counts as low (null: the shop's number), and
/// whether beyond what there is.
/// </summary>
public sealed record SellingTerms(int MinQuantity, int? MaxQuantity, int QuantityStep, int? LowStockThreshold, bool AllowsBackorder, string TaxClass)
{
    /// <summary>Units; a shelf that is low with more than these is a slip of the keyboard.</summary>
    public const int MaxLowStock = 1_000_000;

    internal static SellingTerms Of(Variant v) => new(v.MinQuantity, v.MaxQuantity, v.QuantityStep, v.LowStockThreshold, v.AllowsBackorder, v.TaxClass);

    internal void Apply(Variant v) =>
        (v.MinQuantity, v.MaxQuantity, v.QuantityStep, v.LowStockThreshold, v.AllowsBackorder, v.TaxClass) = (MinQuantity, MaxQuantity, QuantityStep, LowStockThreshold, AllowsBackorder, TaxClass);
}

/// <summary>How staff change the terms of a variant.</summary>
public static class SellingTermsVerbs
{
    /// <summary>
    /// One transaction under the lock of the variant's stock: with another threshold it is judged anew whether the variant is low. Baskets are
    /// asked to follow the new terms when they are ordered; orders stay as they are.
    /// </summary>
    /// <param name="seen">The product's version the actor was looking at.</param>
    /// <exception cref="DbUpdateConcurrencyException">Somebody has changed the product since.</exception>
    public static async Task<Outcome<Product>> SetTermsAsync(this ShopDb db, Guid productId, int seen, Guid variantId, SellingTerms terms, Actor actor, string? reason,
        DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await db.Database.CreateExecutionStrategy().ExecuteAsync<Outcome<Product>>(async () =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
                await StockShelf.LockAsync(db, [variantId], cancellation);
                var product = await db.LoadProductAsync(productId, cancellation);
                if (product?.Variants.Find(v => v.Id == variantId) is not { } variant) return new Refusal(CatalogRefusals.ProductNotFound, "The product has no such variant.");
                if (!await db.KnowsTaxClassAsync(terms.TaxClass, cancellation)) return new Refusal(CatalogRefusals.TaxClassUnknown, $"No country has a VAT rate for '{terms.TaxClass}'.");
                db.Entry(product).Property(p => p.Version).OriginalValue = seen;
                terms.Apply(variant);
                product.Touch(now);
                db.Audit(actor, "catalogue.terms-set", $"product:{product.Slug}", reason, new { product.Id, product.Version, variantId }, db.ReadCatalogChanges());
                if (terms.AllowsBackorder) await db.EnsureItemsAsync([(variantId, await db.FirstLocationAsync(cancellation))], cancellation);
                await db.SaveChangesAsync(cancellation);
                await db.JudgeStockAsync([variantId], cancellation);
                await db.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return product;
            });
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.CheckViolation, TableName: "stock_items" })
        {
            return new Refusal(StockRefusals.UnitsPromised, "More units have been promised than there are: backorders can only be ended once they are there.");
        }
    }

    private static async Task<bool> KnowsTaxClassAsync(this ShopDb db, string taxClass, CancellationToken cancellation) =>
        taxClass == VatRate.StandardClass || await db.VatRates.AnyAsync(r => r.TaxClass == taxClass, cancellation);

    /// <summary>Where units are owed that lie nowhere.</summary>
    private static Task<Guid> FirstLocationAsync(this ShopDb db, CancellationToken cancellation) =>
        db.Locations.OrderBy(l => l.Priority).ThenBy(l => l.Id).Select(l => l.Id).FirstAsync(cancellation);
}
