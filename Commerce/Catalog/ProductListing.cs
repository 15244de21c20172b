using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
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
public sealed record ProductQuery(int Limit, string? Cursor = null, ProductSort Sort = ProductSort.Featured)
{
    public ProductFilter Filter { get; init; } = new();
}

/// <summary>Lists published products by keyset: a page costs the same wherever it lies, and stays right while products come and go.</summary>
public static class ProductListing
{
    /// <summary>Characters of the longest cursor: sorting and id, and a title with three bytes of UTF-8 for each of its characters, in base64.</summary>
    public const int MaxCursorLength = ((CatalogLimits.Title * 3) + 60) / 3 * 4;

    /// <summary>One statement, whatever the number of products; one more when a collection is asked for, or an option with several colons.</summary>
    public static async Task<Outcome<ProductPage>> ListProductsAsync(this ShopDb db, ProductQuery query, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!TryReadCursor(query.Cursor, query.Sort, out var after))
            return new Refusal(CatalogRefusals.CursorInvalid, "The cursor is not one this list has given out for this sorting.");
        var filter = await db.FollowAsync(query.Filter, cancellation);
        if (filter.Refusal is { } refusal) return refusal;
        var currency = filter.Value.Currency;
        var sql = FilterSql.Of(filter.Value, now);
        if (query.Sort == ProductSort.Featured && after is not null) sql.StartAfter(after.Id);
        var products = sql.Products(db)
            .Join(db.Set<ListPrice>().Where(l => l.Currency == currency), p => p.Id, l => l.ProductId, (p, l) => new Listed { Product = p, Price = l });
        // Two things PostgreSQL would do for the whole shop before it picks the page: number the pictures of every product (Take inside), and hash what can
        // be ordered (Any). Both are kept to the page's own rows.
        var rows = await Page(products, query.Sort, after).Take(query.Limit + 1).Select(l => new
        {
            l.Product.Id,
            l.Product.Slug,
            l.Product.Title,
            l.Product.ProductType,
            l.Product.PublishedAt,
            l.Price.FromMinor,
            l.Price.ToMinor,
            l.Price.CompareAtFromMinor,
            Images = l.Product.Images.OrderBy(i => i.Position).Select(i => new ImageView(i.Hash, i.Alt, i.Width, i.Height)).ToList(),
            Available = l.Product.Variants.Max(v => (int?)(v.Availability!.Orderable - v.MinQuantity)) >= 0,
        }).ToListAsync(cancellation);

        var items = rows.Take(query.Limit).Select(p => new ProductCard(
            p.Slug, p.Title, p.ProductType, p.Images.ElementAtOrDefault(0), p.Images.ElementAtOrDefault(1),
            new Money(p.FromMinor, currency), p.FromMinor != p.ToMinor, p.CompareAtFromMinor is { } was ? new Money(was, currency) : null, p.Available)).ToList();
        if (rows.Count == 0 && query.Sort == ProductSort.Featured && after is not null && !await db.Products.AnyAsync(p => p.Id == after.Id, cancellation))
            return new Refusal(CatalogRefusals.CursorInvalid, "The product at which the page before ended is gone; read the list from its start.");
        if (rows.Count <= query.Limit) return new ProductPage(items, null);

        var last = rows[query.Limit - 1];
        return new ProductPage(items, WriteCursor(query.Sort, last.Id, query.Sort switch
        {
            ProductSort.Featured => "",
            ProductSort.Title => last.Title,
            ProductSort.Newest => last.PublishedAt!.Value.UtcTicks.ToString(CultureInfo.InvariantCulture),
            _ => last.FromMinor.ToString(CultureInfo.InvariantCulture),
        }));
    }

    /// <summary>The filter with its collection's slug of today, and the names of all its options; refused where there is no such collection.</summary>
    internal static async Task<Outcome<ProductFilter>> FollowAsync(this ShopDb db, ProductFilter filter, CancellationToken cancellation)
    {
        if (filter.OptionTexts.Count > 0) filter = await db.NameOptionsAsync(filter, cancellation);
        if (filter.Collection is not { } slug || await db.Collections.AnyAsync(c => c.Slug == slug, cancellation)) return filter;
        return await db.CollectionMovedToAsync(slug, cancellation) is { } movedTo ? filter with { Collection = movedTo } : CatalogRefusals.NoCollection(slug);
    }

    /// <summary>Of each text, where a variant has it, the name and the value; where several could be meant, the longest name. What no variant has is split at its first colon.</summary>
    private static async Task<ProductFilter> NameOptionsAsync(this ShopDb db, ProductFilter filter, CancellationToken cancellation)
    {
        var splits = filter.OptionTexts.SelectMany(text => ProductFilter.Splits(text).Select(split => (Text: text, split.Name, split.Value))).ToList();
        var (names, values) = (splits.Select(s => s.Name).ToArray(), splits.Select(s => s.Value).ToArray());
        var known = await db.Database.SqlQuery<NamedOption>($"""
            SELECT DISTINCT asked.name, asked.value
            FROM products p JOIN variants v ON v.product_id = p.id AND v.withdrawn_at IS NULL, unnest(p.option_names) WITH ORDINALITY AS names(name, i), unnest({names}, {values}) AS asked(name, value)
            WHERE p.option_names && {names} AND asked.name = names.name AND asked.value = v.options[names.i]
            """).ToListAsync(cancellation);
        var meant = splits.GroupBy(s => s.Text).Select(g => g.Where(s => known.Exists(k => k.Name == s.Name && k.Value == s.Value)).OrderByDescending(s => s.Name.Length).FirstOrDefault() is { Name: not null } it ? it : g.First())
            .Select(s => (s.Name, s.Value)).Concat(filter.Options.SelectMany(o => o.Value.Select(value => (Name: o.Key, Value: value))));
        return filter with { OptionTexts = [], Options = meant.GroupBy(o => o.Name).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(o => o.Value).Distinct()]) };
    }

    private static IQueryable<Listed> Page(IQueryable<Listed> products, ProductSort sort, Position? after)
    {
        var id = after?.Id ?? Guid.Empty;
        var number = after?.Number ?? 0;
        var text = after?.Key ?? "";
        switch (sort)
        {
            case ProductSort.Featured:
                return products.OrderBy(p => p.Product.FeaturedRank).ThenBy(p => p.Product.Id);
            case ProductSort.Price:
                if (after is not null) products = products.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.Price.FromMinor, p.Product.Id), ValueTuple.Create(number, id)));
                return products.OrderBy(p => p.Price.FromMinor).ThenBy(p => p.Product.Id);
            case ProductSort.PriceDescending:
                if (after is not null) products = products.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.Price.FromMinor, p.Product.Id), ValueTuple.Create(number, id)));
                return products.OrderByDescending(p => p.Price.FromMinor).ThenByDescending(p => p.Product.Id);
            case ProductSort.Title:
                if (after is not null) products = products.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(EF.Functions.Collate(p.Product.Title, Product.TitleOrder), p.Product.Id), ValueTuple.Create(text, id)));
                return products.OrderBy(p => EF.Functions.Collate(p.Product.Title, Product.TitleOrder)).ThenBy(p => p.Product.Id);
            case ProductSort.Newest:
                var published = new DateTimeOffset(Math.Clamp(number, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
                if (after is not null) products = products.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.Product.PublishedAt!.Value, p.Product.Id), ValueTuple.Create(published, id)));
                return products.OrderByDescending(p => p.Product.PublishedAt).ThenByDescending(p => p.Product.Id);
            default:
                throw new ArgumentOutOfRangeException(nameof(sort), sort, null);
        }
    }

    // A cursor is base64url of "<sort>|<id>|<key of the last item>", such as "Price|0199…|4900". Everybody can read it: the rank of the shop's own order, which
    // counts what was ever imported, is not in it but looked up by the id.
    private static string WriteCursor(ProductSort sort, Guid id, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{sort}|{id:N}|{key}"));

    private static bool TryReadCursor(string? cursor, ProductSort sort, out Position? position)
    {
        position = null;
        if (cursor is null) return true;
        if (!Base64Url.IsValid(cursor)) return false;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (!Utf8.IsValid(bytes)) return false;
        var parts = Encoding.UTF8.GetString(bytes).Split('|', 3);
        if (parts.Length != 3 || parts[0] != sort.ToString() || !Guid.TryParseExact(parts[1], "N", out var id) || parts[2].Contains('\0')) return false;
        var isNumber = long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!isNumber && sort is not (ProductSort.Title or ProductSort.Featured)) return false;
        position = new Position(id, parts[2], number);
        return true;
    }

    private sealed class NamedOption
    {
        public required string Name { get; init; }
        public required string Value { get; init; }
    }

    private sealed class Listed
    {
        public required Product Product { get; init; }
        public required ListPrice Price { get; init; }
    }

    private sealed record Position(Guid Id, string Key, long Number);
}
