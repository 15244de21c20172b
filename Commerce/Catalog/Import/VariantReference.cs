using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>How a cell names a variant: <c>sku:T-1</c>, or where it has no SKU <c>variant:tide/A4/Oak</c> with its product's handle and its options.</summary>
internal static class VariantReference
{
    private const string Sku = "sku:";
    private const string Options = "variant:";

    public static string To(string? sku, string slug, IEnumerable<string> options) =>
        sku is not null ? Sku + sku : Options + string.Join('/', options.Prepend(slug).Select(Uri.EscapeDataString));

    /// <summary>The variant's id; null when there is none of that name.</summary>
    public static async Task<Guid?> FindAsync(ShopDb db, string reference, CancellationToken cancellation)
    {
        if (reference.StartsWith(Sku, StringComparison.Ordinal))
        {
            var sku = reference[Sku.Length..];
            return await db.Variants.Where(v => v.Sku == sku).Select(v => (Guid?)v.Id).SingleOrDefaultAsync(cancellation);
        }
        if (!reference.StartsWith(Options, StringComparison.Ordinal)) return null;
        var parts = reference[Options.Length..].Split('/').Select(Uri.UnescapeDataString).ToList();
        var siblings = await db.Variants.AsNoTracking().Where(v => v.Product.Slug == parts[0]).Select(v => new { v.Id, v.Options }).ToListAsync(cancellation);
        return siblings.Find(v => v.Options.SequenceEqual(parts.Skip(1)))?.Id;
    }
}
