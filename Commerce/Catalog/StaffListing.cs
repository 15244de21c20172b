using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>What a product is to shoppers: <c>draft</c>, <c>scheduled</c>, <c>on-sale</c> or <c>archived</c>.</summary>
public enum ProductState
{
    Draft,
    Scheduled,
    OnSale,
    Archived,
}

/// <summary>A product in the list of staff. Available adds up what can be had of its variants; prices are those of the shop's currency.</summary>
public sealed record StaffProductLine(
    Guid Id, string Slug, string Title, string Vendor, string ProductType, ProductState State, DateTimeOffset? PublishedAt, ImageView? Image,
    int VariantCount, Money? PriceFrom, long Available, DateTimeOffset UpdatedAt, int Version);

/// <summary>A page of the list of staff, newest products first.</summary>
public sealed record StaffProductPage(IReadOnlyList<StaffProductLine> Items, string? NextCursor);

/// <summary>A collection in the list of staff.</summary>
public sealed record StaffCollectionLine(Guid Id, string Slug, string Title, int Position, bool IsByRule, int ProductCount, int Version);

/// <summary>A page of collections, newest first.</summary>
public sealed record StaffCollectionPage(IReadOnlyList<StaffCollectionLine> Items, string? NextCursor);

/// <summary>Finds products and collections for staff, whatever their state. One statement a page.</summary>
public static class StaffListing
{
    private const string Escape = "\\";

    /// <summary>By a part of the title, the slug or a SKU, without regard to case; trigram indexes answer it.</summary>
    public static async Task<Outcome<StaffProductPage>> ListEveryProductAsync(
        this ShopDb db, string? search, ProductState? state, int limit, string? cursor, DateTimeOffset now, CancellationToken cancellation)
    {
        var products = db.Products.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(search))
        {
            var pattern = $"%{search.Trim().Replace(Escape, Escape + Escape).Replace("%", Escape + "%").Replace("_", Escape + "_")}%";
            var found = db.Products.Where(p => EF.Functions.ILike(p.Title, pattern, Escape) || EF.Functions.ILike(p.Slug, pattern, Escape)).Select(p => p.Id)
                .Union(db.Variants.Where(v => EF.Functions.ILike(v.Sku!, pattern, Escape)).Select(v => v.ProductId));
            products = products.Where(p => found.Contains(p.Id));
        }
        products = state switch
        {
            ProductState.Draft => products.Where(p => p.PublishedAt == null && p.ArchivedAt == null),
            ProductState.Scheduled => products.Where(p => p.PublishedAt > now),
            ProductState.OnSale => products.Where(p => p.PublishedAt <= now),
            ProductState.Archived => products.Where(p => p.ArchivedAt != null),
            _ => products,
        };
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return BadCursor();
            products = products.Where(p => p.Id < before);
        }
        var rows = await products.OrderByDescending(p => p.Id).Take(limit + 1).Select(p => new
        {
            p.Id,
            p.Slug,
            p.Title,
            p.Vendor,
            p.ProductType,
            p.PublishedAt,
            p.ArchivedAt,
            p.UpdatedAt,
            p.Version,
            Images = p.Images.OrderBy(i => i.Position).Select(i => new ImageView(i.Hash, i.Alt, i.Width, i.Height)).ToList(), // all, for the reason in ProductListing
            Variants = p.Variants.Count,
            FromMinor = p.ListPrices.Where(l => l.Currency == Money.ShopCurrency).Select(l => (long?)l.FromMinor).FirstOrDefault(),
            Available = p.Variants.Sum(v => (long)v.Availability!.Available),
        }).ToListAsync(cancellation);
        return new StaffProductPage(
            [.. rows.Take(limit).Select(p => new StaffProductLine(p.Id, p.Slug, p.Title, p.Vendor, p.ProductType, StateOf(p.PublishedAt, p.ArchivedAt, now), p.PublishedAt, p.Images.FirstOrDefault(),
                p.Variants, p.FromMinor is { } minor ? new Money(minor, Money.ShopCurrency) : null, p.Available, p.UpdatedAt, p.Version))],
            rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    /// <summary>All collections, by hand and by rule.</summary>
    public static async Task<Outcome<StaffCollectionPage>> ListEveryCollectionAsync(this ShopDb db, int limit, string? cursor, CancellationToken cancellation)
    {
        var collections = db.Collections.AsNoTracking();
        if (cursor is not null)
        {
            if (IdCursor.Read(cursor) is not { } before) return BadCursor();
            collections = collections.Where(c => c.Id < before);
        }
        var rows = await collections.OrderByDescending(c => c.Id).Take(limit + 1)
            .Select(c => new StaffCollectionLine(c.Id, c.Slug, c.Title, c.Position, c.Rules.Count > 0, c.Products.Count, c.Version)).ToListAsync(cancellation);
        return new StaffCollectionPage([.. rows.Take(limit)], rows.Count > limit ? IdCursor.Write(rows[limit - 1].Id) : null);
    }

    private static ProductState StateOf(DateTimeOffset? published, DateTimeOffset? archived, DateTimeOffset now) =>
        archived is not null ? ProductState.Archived : published is null ? ProductState.Draft : published > now ? ProductState.Scheduled : ProductState.OnSale;

    private static Refusal BadCursor() => new(CatalogRefusals.StaffCursorInvalid, "The cursor is not one this list has given out.");
}
