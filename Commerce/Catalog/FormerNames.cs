using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>What the audit trail called a product or collection before it was renamed.</summary>
/// <param name="Id">Of what has the name now. Others may have had a former name too, earlier or later: a line under it says in its details whose it is.</param>
/// <param name="Subjects">Former ones, such as <c>product:tide</c>.</param>
internal sealed record FormerNames(Guid Id, string[] Subjects);

internal static class FormerNamesReads
{
    private const string Product = "product:";
    private const string Collection = "collection:";

    /// <summary>At most two statements; null for a thing that was never renamed, or never can be.</summary>
    public static async Task<FormerNames?> FindFormerNamesAsync(this ShopDb db, string subject, CancellationToken cancellation)
    {
        var (owner, kind) = subject.StartsWith(Product, StringComparison.Ordinal) ? (SlugOwner.Product, Product) : (SlugOwner.Collection, Collection);
        if (!subject.StartsWith(kind, StringComparison.Ordinal)) return null;
        var slug = subject[kind.Length..];
        var found = owner == SlugOwner.Product
            ? await db.Products.Where(p => p.Slug == slug).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancellation)
            : await db.Collections.Where(c => c.Slug == slug).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation);
        if (found is not { } id) return null;
        // A redirect goes when something else is renamed to its slug. The lines of the renaming stay, and each names the slug from before.
        var former = await db.Database.SqlQuery<string>($"""
            WITH RECURSIVE names AS (
                SELECT {slug}::text AS slug
                UNION SELECT r.slug::text FROM slug_redirects r WHERE r.target_id = {id} AND r.owner = {owner.ToString()}
                UNION SELECT a.details->'changes'->'slug'->>'from' FROM names n JOIN audit_entries a ON a.subject = {kind} || n.slug
                    WHERE a.details->>'id' = {id.ToString()} AND a.details->'changes'->'slug'->>'from' IS NOT NULL)
            SELECT slug AS "Value" FROM names WHERE slug <> {slug}
            """).ToListAsync(cancellation);
        return former.Count == 0 ? null : new FormerNames(id, [.. former.Select(f => kind + f)]);
    }
}
