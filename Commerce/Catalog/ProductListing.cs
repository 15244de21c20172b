using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

public enum ProductSort
{
    Featured,
    Price,
    PriceDescending,
    Title,
    Newest,
}

/// <summary>Which products to list, in which order, after which cursor.</summary>
public sealed record ProductQuery(int Limit, string? Cursor = null, string? Collection = null, string? Type = null, ProductSort Sort = ProductSort.Featured);

/// <summary>Lists published products by keyset: a page costs the same wherever it lies, and stays right while products come and go.</summary>
public static class ProductListing
{
    /// <summary>One statement, whatever the number of products.</summary>
    public static async Task<Outcome<ProductPage>> ListProductsAsync(this ShopDb db, ProductQuery query, DateTimeOffset now, CancellationToken cancellation)
    {
        var products = db.Products.AsNoTracking().Where(p => p.PublishedAt <= now);
        if (query.Type is not null) products = products.Where(p => p.ProductType == query.Type);
        if (query.Collection is not null)
        {
            if (!await db.Collections.AnyAsync(c => c.Slug == query.Collection, cancellation))
                return new Refusal(CatalogRefusals.CollectionNotFound, $"There is no collection '{query.Collection}'.");
            products = products.Where(p => p.Collections.Any(c => c.Collection.Slug == query.Collection));
        }

        if (!TryReadCursor(query.Cursor, query.Sort, out var after))
            return new Refusal(CatalogRefusals.CursorInvalid, "The cursor is not one this list has given out for this sorting.");
        var rows = await Page(products, query.Sort, after).Take(query.Limit + 1).Select(p => new
        {
            p.Id,
            p.Slug,
            p.Title,
            p.ProductType,
            p.FeaturedRank,
            p.PublishedAt,
            p.PriceFromMinor,
            p.PriceToMinor,
            p.CompareAtFromMinor,
            Images = p.Images.OrderBy(i => i.Position).Take(2).Select(i => new ImageView(i.Hash, i.Alt, i.Width, i.Height)).ToList(),
            Available = p.Variants.Any(v => v.Availability!.Orderable > 0),
        }).ToListAsync(cancellation);

        var items = rows.Take(query.Limit).Select(p => new ProductCard(
            p.Slug, p.Title, p.ProductType, p.Images.ElementAtOrDefault(0), p.Images.ElementAtOrDefault(1),
            Money.Of(p.PriceFromMinor), p.PriceFromMinor != p.PriceToMinor, p.CompareAtFromMinor is { } was ? Money.Of(was) : null, p.Available)).ToList();
        if (rows.Count <= query.Limit) return new ProductPage(items, null);

        var last = rows[query.Limit - 1];
        return new ProductPage(items, WriteCursor(query.Sort, last.Id, query.Sort switch
        {
            ProductSort.Featured => last.FeaturedRank.ToString(CultureInfo.InvariantCulture),
            ProductSort.Title => last.Title,
            ProductSort.Newest => last.PublishedAt!.Value.UtcTicks.ToString(CultureInfo.InvariantCulture),
            _ => last.PriceFromMinor.ToString(CultureInfo.InvariantCulture),
        }));
    }

    private static IQueryable<Product> Page(IQueryable<Product> products, ProductSort sort, Position? after)
    {
        var id = after?.Id ?? Guid.Empty;
        var number = after?.Number ?? 0;
        var text = after?.Key ?? "";
        var rank = (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        switch (sort)
        {
            case ProductSort.Featured:
                if (after is not null) products = products.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.FeaturedRank, p.Id), ValueTuple.Create(rank, id)));
                return products.OrderBy(p => p.FeaturedRank).ThenBy(p => p.Id);
            case ProductSort.Price:
                if (after is not null) products = products.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.PriceFromMinor, p.Id), ValueTuple.Create(number, id)));
                return products.OrderBy(p => p.PriceFromMinor).ThenBy(p => p.Id);
            case ProductSort.PriceDescending:
                if (after is not null) products = products.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.PriceFromMinor, p.Id), ValueTuple.Create(number, id)));
                return products.OrderByDescending(p => p.PriceFromMinor).ThenByDescending(p => p.Id);
            case ProductSort.Title:
                if (after is not null) products = products.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.Title, p.Id), ValueTuple.Create(text, id)));
                return products.OrderBy(p => p.Title).ThenBy(p => p.Id);
            case ProductSort.Newest:
                var published = new DateTimeOffset(Math.Clamp(number, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
                if (after is not null) products = products.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.PublishedAt!.Value, p.Id), ValueTuple.Create(published, id)));
                return products.OrderByDescending(p => p.PublishedAt).ThenByDescending(p => p.Id);
            default:
                throw new ArgumentOutOfRangeException(nameof(sort), sort, null);
        }
    }

    // A cursor is base64url of "<sort>|<id>|<key of the last item>", such as "Price|0199…|4900".
    private static string WriteCursor(ProductSort sort, Guid id, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{sort}|{id:N}|{key}"));

    private static bool TryReadCursor(string? cursor, ProductSort sort, out Position? position)
    {
        position = null;
        if (cursor is null) return true;
        if (!Base64Url.IsValid(cursor)) return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('|', 3);
        if (parts.Length != 3 || parts[0] != sort.ToString() || !Guid.TryParseExact(parts[1], "N", out var id) || parts[2].Contains('\0')) return false;
        var isNumber = long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!isNumber && sort != ProductSort.Title) return false;
        position = new Position(id, parts[2], number);
        return true;
    }

    private sealed record Position(Guid Id, string Key, long Number);
}
