using System.Globalization;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>What is left of a row that names components until the end of the file: whether its variant is a bundle already, and whether it is to be sold on backorder once it is.</summary>
internal readonly record struct BundleRow(Guid ProductId, Guid VariantId, bool IsBundle, bool Waits, long Line, string Components);

/// <summary>
/// Makes bundles of what rows name, <c>2 x sku:T-1; 1 x sku:M-1</c>, once every variant of the file is there. A product that goes on sale with bundles does so when
/// all of them are made: until then they would be ordinary articles.
/// </summary>
internal sealed class BundleIntake(ShopDb db, ImportOrigin origin, ImportReport report)
{
    private readonly List<BundleRow> _landed = [];
    private readonly List<BundleRow> _batch = [];
    private readonly Dictionary<Guid, DateTimeOffset> _heldLanded = [];
    private readonly Dictionary<Guid, DateTimeOffset> _heldInBatch = [];

    public void Note(BundleRow row) => _batch.Add(row);

    /// <summary>Whether a variant of the product is to become a bundle and is none yet.</summary>
    public bool Awaits(Guid productId) => _batch.Exists(n => n.ProductId == productId && !n.IsBundle);

    /// <summary>The product goes on sale from that moment if its bundles can be made.</summary>
    public void Hold(Guid productId, DateTimeOffset publishedAt) => _heldInBatch[productId] = publishedAt;

    /// <summary>The batch did not land.</summary>
    public void Forget()
    {
        _batch.Clear();
        _heldInBatch.Clear();
    }

    public void Keep()
    {
        _landed.AddRange(_batch);
        foreach (var (productId, publishedAt) in _heldInBatch) _heldLanded[productId] = publishedAt;
        Forget();
    }

    public async Task ApplyAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var failed = new HashSet<Guid>();
        foreach (var noted in _landed)
        {
            var (parts, reason) = await ReadAsync(noted.Components, cancellation);
            reason ??= (await SetAsync(noted.VariantId, parts, cancellation))?.Detail;
            if (reason is null)
            {
                if (noted.Waits) await db.Variants.Where(v => v.Id == noted.VariantId).ExecuteUpdateAsync(v => v.SetProperty(x => x.AllowsBackorder, true), cancellation);
                continue;
            }
            report.Add(noted.Line, ShopColumns.Components, _heldLanded.ContainsKey(noted.ProductId) ? $"{reason} The product is not on sale: it stays a draft, or archived." : reason);
            if (!noted.IsBundle) failed.Add(noted.ProductId);
        }
        foreach (var (productId, publishedAt) in _heldLanded.Where(h => !failed.Contains(h.Key))) await PublishAsync(productId, publishedAt, now, cancellation);
    }

    public static string Write(IEnumerable<(int Quantity, string Reference)> components) =>
        CsvCell.Join(components.OrderBy(c => c.Reference, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Quantity} x {c.Reference}")), ';');

    /// <summary>The components, or the reason why one is none.</summary>
    private async Task<(List<BundlePart> Parts, string? Reason)> ReadAsync(string components, CancellationToken cancellation)
    {
        var parts = new List<BundlePart>();
        foreach (var component in CsvCell.Split(components, ';'))
        {
            var at = component.IndexOf(" x ", StringComparison.Ordinal);
            if (at < 0 || !int.TryParse(component.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) || quantity is < 1 or > BundleComponent.MaxQuantity)
                return ([], $"'{component}' is no component such as 2 x sku:T-1, at most {BundleComponent.MaxQuantity} of each.");
            if (await VariantReference.FindAsync(db, component[(at + 3)..], cancellation) is not { } id) return ([], $"There is no variant '{component[(at + 3)..]}'.");
            parts.Add(new BundlePart(id, quantity));
        }
        return (parts, parts.Count <= BundleComponent.MaxComponents ? null : $"A bundle has at most {BundleComponent.MaxComponents} components.");
    }

    private Task PublishAsync(Guid productId, DateTimeOffset publishedAt, DateTimeOffset now, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await db.LockMembershipAsync(changesRules: false, cancellation);
            await db.Database.ExecuteSqlAsync($"SELECT FROM products WHERE id = {productId} FOR UPDATE", cancellation);
            if (await db.Products.FirstOrDefaultAsync(p => p.Id == productId, cancellation) is not { PublishedAt: null } product) return;
            product.Publish(publishedAt);
            product.Touch(now);
            db.AuditImport(product, db.ReadCatalogChanges(), origin);
            await db.SaveChangesAsync(cancellation);
            await db.RefreshMembershipAsync([productId], cancellation);
            await transaction.CommitAsync(cancellation);
        });

    private async Task<Refusal?> SetAsync(Guid variantId, List<BundlePart> parts, CancellationToken cancellation)
    {
        var seen = await db.FindBundleAsync(variantId, cancellation);
        if (seen.Refusal is { } gone) return gone;
        if (new BundleView(variantId, parts).Version == seen.Value.Version) return null;
        return (await db.SetBundleAsync(variantId, seen.Value.Version, parts, origin.Actor, origin.Reason, cancellation)).Refusal;
    }
}
