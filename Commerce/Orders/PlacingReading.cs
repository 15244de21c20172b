using Commerce.Baskets;
using Commerce.Shipping;
using Commerce.Stock;
using Npgsql;

namespace Commerce.Orders;

/// <summary>
/// Everything a batch needs to know to decide its orders, read in one round trip that also takes their keys and locks their baskets. One more finds the
/// orders of baskets that are ordered already or gone.
/// </summary>
internal sealed class PlacingReading
{
    private readonly Dictionary<string, BasketReading> _baskets = [];
    private readonly Dictionary<string, (string Number, string Key)> _claims = [];
    private readonly List<(string CountryCode, ShippingRate? Rate)> _rates = [];
    private readonly Dictionary<string, Dictionary<string, decimal>> _vat = [];

    public bool PricesIncludeTax { get; private set; }

    /// <summary>The keys that nobody else is working on.</summary>
    public HashSet<string> Mine { get; private set; } = [];

    /// <summary>What was answered under the keys before.</summary>
    public Dictionary<string, IdempotencyRecord> Records { get; private set; } = [];

    /// <summary>Whether the key is ours and nothing was answered under it yet.</summary>
    public bool IsOpen(string key) => Mine.Contains(key) && !Records.ContainsKey(key);

    /// <summary>The stock of what is in the baskets, not locked.</summary>
    public StockShelf? Shelf { get; private set; }

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

    /// <summary>Takes the keys of the wishes and locks the baskets of those it got, in order of id; must run inside a transaction.</summary>
    public static async Task<PlacingReading> LockAsync(ShopDb db, IReadOnlyList<PlaceOrder> wishes, DateTimeOffset now, CancellationToken cancellation)
    {
        string[] keys = [.. wishes.Select(w => w.IdempotencyKey).Distinct()];
        var locks = keys.ToDictionary(key => key, IdempotencyRecord.LockId);
        string[] baskets = [.. wishes.Select(w => w.BasketId).Distinct()];
        await using var batch = db.Batch();
        batch.Add(Sql.ByKey);
        batch.Add("SELECT pg_try_advisory_xact_lock(k.id) FROM unnest($1) WITH ORDINALITY AS k(id, position) ORDER BY k.position").With(keys.Select(key => locks[key]).ToArray());
        // Read after the lock: what a rival has just committed is seen.
        batch.Add("SELECT key, fingerprint, refused, answer, created_at FROM idempotency_records WHERE key = ANY($1)").With(keys);
        // A key that is held is taken once more; one that is not is not waited for, and neither is its basket.
        batch.Add("""
            SELECT b.id, b.currency, b.customer_id, b.order_id FROM unnest($1, $2) AS w(basket_id, lock_id) JOIN baskets b ON b.id = w.basket_id
            WHERE pg_try_advisory_xact_lock(w.lock_id) ORDER BY b.id FOR UPDATE OF b
            """).With(wishes.Select(w => w.BasketId).ToArray()).With(wishes.Select(w => locks[w.IdempotencyKey]).ToArray());
        AddRest(batch, baskets, [.. wishes.Select(w => w.ShippingAddress.CountryCode).Distinct()], now);
        StockShelf.LookInto(batch, baskets);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var held = await reader.ToListAsync(r => r.GetBoolean(0), cancellation);
        await reader.NextResultAsync(cancellation);
        var records = await reader.ToListAsync(RecordOf, cancellation);
        await reader.NextResultAsync(cancellation);
        var reading = new PlacingReading { Mine = [.. keys.Zip(held).Where(k => k.Second).Select(k => k.First)], Records = records.ToDictionary(r => r.Key) };
        await reading.TakeAsync(reader, cancellation);
        await reader.NextResultAsync(cancellation);
        reading.Shelf = await StockShelf.OfAsync(reader, cancellation);
        await reader.CloseAsync();
        await reading.FindClaimsAsync(db, [.. wishes.Where(w => reading.IsOpen(w.IdempotencyKey)).Select(w => w.BasketId).Distinct()], cancellation);
        return reading;
    }

    /// <summary>Prices and baskets without any lock, to show what an order would come to; the connection must be open.</summary>
    public static async Task<PlacingReading> PeekAsync(ShopDb db, string basketId, string countryCode, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = db.Batch();
        batch.Add(Sql.ByKey);
        batch.Add("SELECT id, currency, customer_id, order_id FROM baskets WHERE id = $1").With(basketId);
        AddRest(batch, [basketId], [countryCode], now);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var reading = new PlacingReading();
        await reading.TakeAsync(reader, cancellation);
        return reading;
    }

    // Statements of their own: the one that locks may have waited for a rival, and does not see rows newer than its start.
    private static void AddRest(NpgsqlBatch batch, string[] baskets, string[] countries, DateTimeOffset now)
    {
        batch.Add(LineReading.SelectOfMany).With(baskets).With(now);
        batch.Add("""
            SELECT c.country_code, r.zone, r.code, r.currency, r.position, r.title, r.price_minor, r.free_from_minor,
                r.min_weight_grams, r.max_weight_grams, r.min_subtotal_minor, r.max_subtotal_minor
            FROM shipping_countries c LEFT JOIN shipping_rates r ON r.zone = c.zone WHERE c.country_code = ANY($1)
            """).With(countries);
        batch.Add("SELECT country_code, tax_class, percent FROM vat_rates WHERE country_code = ANY($1)").With(countries);
        batch.Add("SELECT prices_include_tax FROM shop_policy");
    }

    private async Task TakeAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var heads = await reader.ToListAsync(r => (Id: r.GetString(0), Currency: r.GetString(1), CustomerId: r.Value<Guid>(2), IsOrdered: !r.IsDBNull(3)), cancellation);
        await reader.NextResultAsync(cancellation);
        var lines = (await reader.ToListAsync(LineReading.Many, cancellation)).SelectMany(many => many).ToLookup(l => l.BasketId);
        foreach (var (id, currency, customerId, isOrdered) in heads)
            _baskets[id] = new BasketReading(id, currency, customerId, isOrdered, [.. lines[id].OrderBy(l => l.AddedAt).ThenBy(l => l.Line.VariantId).Select(l => l.Line)]);
        await reader.NextResultAsync(cancellation);
        _rates.AddRange(await reader.ToListAsync(r => (r.GetString(0), RateOf(r)), cancellation));
        await reader.NextResultAsync(cancellation);
        foreach (var country in (await reader.ToListAsync(r => (Country: r.GetString(0), Class: r.GetString(1), Percent: r.GetDecimal(2)), cancellation)).GroupBy(v => v.Country))
            _vat[country.Key] = country.ToDictionary(v => v.Class, v => v.Percent);
        await reader.NextResultAsync(cancellation);
        PricesIncludeTax = (await reader.ToListAsync(r => r.GetBoolean(0), cancellation)).Single();
    }

    /// <summary>The orders that the baskets have become: of those that say so, and of those that are gone. Mostly none, and then nobody is asked.</summary>
    private async Task FindClaimsAsync(ShopDb db, string[] baskets, CancellationToken cancellation)
    {
        string[] claimed = [.. baskets.Where(id => BasketOf(id) is not { IsOrdered: false })];
        if (claimed.Length == 0) return;
        await using var batch = db.Batch();
        batch.Add("SELECT basket_id, number, key FROM orders WHERE basket_id = ANY($1)").With(claimed);
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var (id, number, key) in await reader.ToListAsync(r => (r.GetString(0), r.GetString(1), r.GetString(2)), cancellation)) _claims[id] = (number, key);
    }

    private static IdempotencyRecord RecordOf(NpgsqlDataReader row) => new()
    {
        Key = row.GetString(0),
        Fingerprint = row.GetString(1),
        Refused = row.GetBoolean(2),
        Answer = row.GetString(3),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(4),
    };

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
