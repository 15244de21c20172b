using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>Which products a list shows. Within a group any value will do, between groups all must hold.</summary>
public sealed record ProductFilter
{
    /// <summary>Most values one filter may name, over all groups.</summary>
    public const int MaxValues = 50;

    public string Currency { get; init; } = Money.ShopCurrency;
    public string? Collection { get; init; }
    public IReadOnlyList<string> Types { get; init; } = [];
    public IReadOnlyList<string> Vendors { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Values by the name of the option.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Options { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Options as name:value where more than one colon leaves open where the name ends: what the shop's options are called says it.</summary>
    public IReadOnlyList<string> OptionTexts { get; init; } = [];

    /// <summary>Values by the key of the attribute; <c>10..20</c> is a range of numbers, either end may be left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Bounds of the lowest price, in minor units, inclusive.</summary>
    public long? PriceMin { get; init; }

    public long? PriceMax { get; init; }
    public bool? Available { get; init; }

    /// <summary>The filter as text: the same for the same products, whatever the order in which they were asked for. No other filter has the name, not one that is refused either.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture,
        $"{Currency}|{List(Collection is null ? [] : [Collection])}|{List(Types)}|{List(Vendors)}|{List(Tags)}|{Map(Options)}|{List(OptionTexts)}|{Map(Attributes)}|{PriceMin}|{PriceMax}|{Available}");

    /// <summary>What name:value may mean: <c>Size: EU:42</c> is the value " EU:42" of "Size" or "42" of "Size: EU". Names of options may hold colons, keys of attributes may not.</summary>
    public static IEnumerable<(string Name, string Value)> Splits(string text)
    {
        for (var at = text.Length < 2 ? -1 : text.IndexOf(':', 1); at > 0 && at < text.Length - 1; at = text.IndexOf(':', at + 1)) yield return (text[..at], text[(at + 1)..]);
    }

    // Lengths first, so that no value can pretend to be two.
    private static string List(IEnumerable<string> values) => string.Concat(values.Order(StringComparer.Ordinal).Select(v => $"{v.Length}:{v},"));

    private static string Map(IReadOnlyDictionary<string, IReadOnlyList<string>> groups) =>
        string.Concat(groups.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key.Length}:{g.Key}={List(g.Value)};"));
}

/// <summary>
/// A filter as SQL over <c>products p</c>, once for lists and facets alike: what always holds, and one condition per group that was chosen.
/// Values are parameters, <c>{0}</c> and so on; no text of a caller becomes SQL.
/// </summary>
internal sealed class FilterSql
{
    /// <summary>
    /// Whether any variant can be had in the least that is sold of it. For counting all products: PostgreSQL hashes it, which reads the stock of the whole shop once, or where that
    /// is more than its memory stops at the first variant of each product that lies anywhere. What is no bundle and sold singly can be ordered if it lies anywhere, because
    /// no location owes units but of what takes backorders (<c>ck_stock_items_reserved</c>); of what is sold from more the locations are added up, and bundles, which are few,
    /// are asked one by one.
    /// </summary>
    public const string IsAvailable = $"""
        (EXISTS (SELECT FROM variants v LEFT JOIN stock_items s ON s.variant_id = v.id AND s.on_hand > s.reserved
            WHERE v.product_id = p.id AND v.withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM bundle_components c WHERE c.bundle_id = v.id) AND (v.allows_backorder OR s.id IS NOT NULL
                AND (v.min_quantity = 1 OR v.min_quantity <= (SELECT sum(o.on_hand - o.reserved) FROM stock_items o WHERE o.variant_id = v.id))))
        OR EXISTS (SELECT {OrderableVariants} AND a.orderable >= v.min_quantity AND v.id IN (SELECT bundle_id FROM bundle_components)))
        """;

    /// <summary>The same for a page, by <c>variant_availability</c>: it is looked up product by product, and the page is full after a few.</summary>
    private const string IsAvailableAlone = $"(SELECT COALESCE(bool_or(a.orderable >= v.min_quantity), false) {OrderableVariants})";

    private const string OrderableVariants = "FROM variants v JOIN variant_availability a ON a.variant_id = v.id WHERE v.product_id = p.id AND v.withdrawn_at IS NULL";

    private readonly List<object> _parameters = [];
    private readonly List<Group> _groups = [];

    private FilterSql(ProductFilter filter, DateTimeOffset now)
    {
        Always = $"p.published_at <= {Parameter(now)}";
        if (filter.Collection is not null)
            Always += $" AND p.id IN (SELECT cp.product_id FROM collection_products cp JOIN collections c ON c.id = cp.collection_id WHERE c.slug = {Parameter(filter.Collection)})";
        if (filter.Types.Count > 0) Add("type", "", $"p.product_type = ANY({Array(filter.Types)})");
        if (filter.Vendors.Count > 0) Add("vendor", "", $"p.vendor = ANY({Array(filter.Vendors)})");
        if (filter.Tags.Count > 0) Add("tag", "", $"p.tags && {Array(filter.Tags)}");
        foreach (var (name, values) in filter.Options)
            Add("option", name, $"EXISTS (SELECT FROM variants v WHERE v.product_id = p.id AND v.withdrawn_at IS NULL AND v.options[array_position(p.option_names, {Parameter(name)})] = ANY({Array(values)}))");
        foreach (var (key, values) in filter.Attributes)
            Add("attribute", key, $"EXISTS (SELECT FROM product_attributes a WHERE a.product_id = p.id AND a.key = {Parameter(key)} AND ({string.Join(" OR ", values.Select(ValueIs))}))");
        if (filter.PriceMin is not null || filter.PriceMax is not null)
            Add("price", "", $"EXISTS (SELECT FROM list_prices l WHERE l.product_id = p.id AND l.currency = {Parameter(filter.Currency)} AND l.from_minor BETWEEN {Parameter(filter.PriceMin ?? 0)} AND {Parameter(filter.PriceMax ?? long.MaxValue)})");
        if (filter.Available is { } available)
        {
            var wanted = Parameter(available);
            Add("availability", "", $"{IsAvailable} = {wanted}", $"{IsAvailableAlone} = {wanted}");
        }
    }

    public string Always { get; private set; }

    public IReadOnlyList<Group> Groups => _groups;

    public object[] Parameters => [.. _parameters];

    public static FilterSql Of(ProductFilter filter, DateTimeOffset now) => new(filter, now);

    /// <summary>The products that match; goes on as a LINQ query.</summary>
    public IQueryable<Product> Products(ShopDb db)
    {
        var sql = $"SELECT p.* FROM products p WHERE {string.Join(" AND ", _groups.Select(g => g.OfAPage ?? g.Condition).Prepend(Always))}";
        return db.Products.FromSqlRaw(sql, Parameters).AsNoTracking();
    }

    /// <summary>Only what comes after the product in the shop's own order.</summary>
    public void StartAfter(Guid product)
    {
        var id = Parameter(product);
        Always += $" AND (p.featured_rank, p.id) > ((SELECT featured_rank FROM products WHERE id = {id}), {id})";
    }

    /// <summary>Names a value in the SQL that comes.</summary>
    public string Parameter(object value)
    {
        _parameters.Add(value);
        return $"{{{_parameters.Count - 1}}}";
    }

    private string Array(IReadOnlyList<string> values) => Parameter(values.ToArray());

    private void Add(string kind, string name, string condition, string? ofAPage = null) => _groups.Add(new Group(kind, name, condition, ofAPage));

    private string ValueIs(string value) => TryReadRange(value, out var from, out var to)
        ? $"(a.value = {Parameter(value)} OR a.number BETWEEN {Parameter(from)} AND {Parameter(to)})"
        : $"a.value = {Parameter(value)}";

    // 10..20   10..   ..20
    private static bool TryReadRange(string value, out decimal from, out decimal to)
    {
        (from, to) = (decimal.MinValue, decimal.MaxValue);
        var at = value.IndexOf("..", StringComparison.Ordinal);
        if (at < 0 || value.Length == 2) return false;
        return (at == 0 || decimal.TryParse(value.AsSpan(0, at), NumberStyles.Number, CultureInfo.InvariantCulture, out from))
            && (at + 2 == value.Length || decimal.TryParse(value.AsSpan(at + 2), NumberStyles.Number, CultureInfo.InvariantCulture, out to));
    }

    /// <summary>A facet in which something was chosen.</summary>
    /// <param name="OfAPage">The condition where few products are wanted; null: no other.</param>
    public sealed record Group(string Kind, string Name, string Condition, string? OfAPage);
}
