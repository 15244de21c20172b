using Commerce.Baskets;
using Commerce.Shipping;
using Npgsql;

namespace Commerce.Orders;

/// <summary>Everything a batch needs to know to price its orders, read in one round trip once the baskets are locked.</summary>
internal sealed class PlacingReading
{
    private readonly Dictionary<string, BasketReading> _baskets = [];
    private readonly Dictionary<string, (string Number, string Key)> _claims = [];
    private readonly List<(string CountryCode, ShippingRate? Rate)> _rates = [];
    private readonly Dictionary<string, Dictionary<string, decimal>> _vat = [];

    public bool PricesIncludeTax { get; private set; }

    public IEnumerable<Guid> VariantIds => _baskets.Values.SelectMany(b => b.Lines).Select(l => l.VariantId);

    public BasketReading? BasketOf(string id) => _baskets.GetValueOrDefault(id);

    /// <summary>The order that the basket has become.</summary>
    public (string Number, string Key)? ClaimOf(string basketId) => _claims.TryGetValue(basketId, out var claim) ? claim : null;

    /// <summary>Null when the shop does not deliver there.</summary>
    public Delivery? DeliveryTo(string countryCode, string currency)
    {
        var zone = _rates.Where(r => r.CountryCode == countryCode).ToList();
        return zone.Count == 0 ? null : new Delivery([.. zone.Select(r => r.Rate).OfType<ShippingRate>().Where(r => r.Currency == currency)], _vat.GetValueOrDefault(countryCode) ?? []);
    }

    /// <summary>Locks the baskets of the wishes in order of id; must run inside a transaction.</summary>
    public static Task<PlacingReading> LockAsync(ShopDb db, IReadOnlyList<PlaceOrder> wishes, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(db, [.. wishes.Select(w => w.BasketId).Distinct()], [.. wishes.Select(w => w.ShippingAddress.CountryCode).Distinct()], "FOR UPDATE", now, cancellation);

    /// <summary>The same without a lock, to show what an order would come to; the connection must be open.</summary>
    public static Task<PlacingReading> PeekAsync(ShopDb db, string basketId, string countryCode, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(db, [basketId], [countryCode], "", now, cancellation);

    private static async Task<PlacingReading> ReadAsync(ShopDb db, string[] baskets, string[] countries, string locking, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = db.Batch();
        batch.Add($"SELECT id, currency, customer_id FROM baskets WHERE id = ANY($1) ORDER BY id {locking}").With(baskets);
        // Statements of their own: the one above may have waited for a rival, and does not see rows newer than its start.
        batch.Add("SELECT basket_id, number, key FROM orders WHERE basket_id = ANY($1)").With(baskets);
        batch.Add(LineReading.Select).With(baskets).With(now);
        batch.Add("""
            SELECT c.country_code, r.zone, r.code, r.currency, r.position, r.title, r.price_minor, r.free_from_minor,
                r.min_weight_grams, r.max_weight_grams, r.min_subtotal_minor, r.max_subtotal_minor
            FROM shipping_countries c LEFT JOIN shipping_rates r ON r.zone = c.zone WHERE c.country_code = ANY($1)
            """).With(countries);
        batch.Add("SELECT country_code, tax_class, percent FROM vat_rates WHERE country_code = ANY($1)").With(countries);
        batch.Add("SELECT prices_include_tax FROM shop_policy");
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var reading = new PlacingReading();
        await reading.TakeAsync(reader, cancellation);
        return reading;
    }

    private async Task TakeAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var heads = await reader.ToListAsync(r => (Id: r.GetString(0), Currency: r.GetString(1), CustomerId: r.Value<Guid>(2)), cancellation);
        await reader.NextResultAsync(cancellation);
        foreach (var (id, number, key) in await reader.ToListAsync(r => (r.GetString(0), r.GetString(1), r.GetString(2)), cancellation)) _claims[id] = (number, key);
        await reader.NextResultAsync(cancellation);
        var lines = (await reader.ToListAsync(r => (BasketId: r.GetString(0), Line: LineReading.Of(r)), cancellation)).ToLookup(l => l.BasketId, l => l.Line);
        foreach (var (id, currency, customerId) in heads) _baskets[id] = new BasketReading(id, currency, customerId, [.. lines[id]]);
        await reader.NextResultAsync(cancellation);
        _rates.AddRange(await reader.ToListAsync(r => (r.GetString(0), RateOf(r)), cancellation));
        await reader.NextResultAsync(cancellation);
        foreach (var country in (await reader.ToListAsync(r => (Country: r.GetString(0), Class: r.GetString(1), Percent: r.GetDecimal(2)), cancellation)).GroupBy(v => v.Country))
            _vat[country.Key] = country.ToDictionary(v => v.Class, v => v.Percent);
        await reader.NextResultAsync(cancellation);
        PricesIncludeTax = (await reader.ToListAsync(r => r.GetBoolean(0), cancellation)).Single();
    }

    private static ShippingRate? RateOf(NpgsqlDataReader row) => row.IsDBNull(1) ? null : new ShippingRate
    {
        Zone = row.GetString(1),
        Code = row.GetString(2),
        Currency = row.GetString(3),
        Position = row.GetInt32(4),
        Title = row.GetString(5),
        PriceMinor = row.GetInt64(6),
        FreeFromMinor = row.Value<long>(7),
        MinWeightGrams = row.GetInt32(8),
        MaxWeightGrams = row.Value<int>(9),
        MinSubtotalMinor = row.GetInt64(10),
        MaxSubtotalMinor = row.Value<long>(11),
    };
}
