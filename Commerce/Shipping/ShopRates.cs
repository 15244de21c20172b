using System.Text.Json.Serialization;
using Commerce.Audit;
using Commerce.Pricing;
using Commerce.Taxes;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Shipping;

/// <summary>A zone with its countries and rates, the rates in the order in which they are tried.</summary>
public sealed record ZoneSheet(string Code, string Title, IReadOnlyList<string> Countries, IReadOnlyList<RateSheet> Rates);

/// <summary>A rate: one band of one method in one currency. Minor units; weights in grams; upper bounds inclusive, null is no bound.</summary>
public sealed record RateSheet(
    string Code, string Currency, string Title, long PriceMinor, long? FreeFromMinor = null,
    int MinWeightGrams = 0, int? MaxWeightGrams = null, long MinSubtotalMinor = 0, long? MaxSubtotalMinor = null)
{
    /// <summary>The baskets that both bands take, as people read it; null when there are none.</summary>
    internal string? OverlapWith(RateSheet other)
    {
        var (light, heavy) = (Math.Max(MinWeightGrams, other.MinWeightGrams), Math.Min(MaxWeightGrams ?? int.MaxValue, other.MaxWeightGrams ?? int.MaxValue));
        var (low, high) = (Math.Max(MinSubtotalMinor, other.MinSubtotalMinor), Math.Min(MaxSubtotalMinor ?? long.MaxValue, other.MaxSubtotalMinor ?? long.MaxValue));
        if (light > heavy || low > high) return null;
        return $"of {Band(light, heavy, int.MaxValue)} g and a value of {Band(low, high, long.MaxValue)} in {Currency}'s smallest unit";

        static string Band(long from, long to, long unbounded) => to == unbounded ? $"{from} or more" : $"{from} to {to}";
    }
}

/// <summary>The VAT of a country for goods of one tax class.</summary>
public sealed record VatSheet(string CountryCode, string TaxClass, decimal Percent);

/// <summary>All shipping zones. Untaxed are the countries in them that have no VAT rate: the shop sells there at 0 %.</summary>
public sealed record ZoneList(IReadOnlyList<ZoneSheet> Items, IReadOnlyList<string> Untaxed)
{
    /// <summary><see cref="ShopPolicy.Version"/>, read before the zones.</summary>
    [JsonIgnore]
    public int Version { get; init; }
}

/// <summary>All VAT rates.</summary>
public sealed record VatList(IReadOnlyList<VatSheet> Items)
{
    /// <summary><see cref="ShopPolicy.Version"/>, read before the rates.</summary>
    [JsonIgnore]
    public int Version { get; init; }
}

/// <summary>How staff read and replace what orders are charged beside the goods. Orders already placed stay as they were charged.</summary>
public static class ShopRates
{
    public static async Task<ZoneList> ListZonesAsync(this ShopDb db, CancellationToken cancellation)
    {
        var version = await db.FindSettingsVersionAsync(cancellation);
        var untaxed = await db.ShippingCountries.Where(c => !db.VatRates.Any(v => v.CountryCode == c.CountryCode)).Select(c => c.CountryCode).Order().ToListAsync(cancellation);
        return new([.. (await db.ShippingZones.AsNoTracking().AsSplitQuery().Include(z => z.Countries).Include(z => z.Rates).OrderBy(z => z.Code).ToListAsync(cancellation)).Select(z => new ZoneSheet(
            z.Code, z.Title, [.. z.Countries.Select(c => c.CountryCode).Order(StringComparer.Ordinal)],
            [.. z.Rates.OrderBy(r => r.Currency).ThenBy(r => r.Position).Select(r => new RateSheet(r.Code, r.Currency, r.Title, r.PriceMinor, r.FreeFromMinor,
                r.MinWeightGrams, r.MaxWeightGrams, r.MinSubtotalMinor, r.MaxSubtotalMinor))]))], untaxed)
        { Version = version };
    }

    /// <summary>Replaces all zones, or refuses and changes nothing.</summary>
    /// <param name="seen">The version the actor was looking at.</param>
    /// <param name="untaxed">Countries without VAT that a zone shall take in: said, because a country whose rates were forgotten looks the same.</param>
    public static async Task<Outcome<ZoneList>> ReplaceZonesAsync(
        this ShopDb db, int seen, IReadOnlyList<ZoneSheet> zones, IReadOnlyList<string> untaxed, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (await db.RefuseAsync(zones, untaxed, cancellation) is { } refusal) return refusal;
        var changed = await db.ChangeSettingsAsync(seen, async _ =>
        {
            await db.ShippingZones.ExecuteDeleteAsync(cancellation); // takes countries and rates with it
            foreach (var zone in zones)
            {
                db.ShippingZones.Add(new ShippingZone { Code = zone.Code, Title = zone.Title });
                db.ShippingCountries.AddRange(zone.Countries.Select(c => new ShippingZoneCountry { CountryCode = c, Zone = zone.Code }));
                foreach (var currency in zone.Rates.GroupBy(r => r.Currency)) db.ShippingRates.AddRange(currency.Select((r, i) => RateOf(zone.Code, r, i + 1)));
            }
            db.Audit(actor, "shipping.zones-replaced", "shop:shipping", reason, new { zones, untaxed });
        }, cancellation);
        return changed is null ? await db.ListZonesAsync(cancellation) : changed;
    }

    public static async Task<VatList> ListVatAsync(this ShopDb db, CancellationToken cancellation)
    {
        var version = await db.FindSettingsVersionAsync(cancellation);
        return new(await db.VatRates.AsNoTracking().OrderBy(r => r.CountryCode).ThenBy(r => r.TaxClass).Select(r => new VatSheet(r.CountryCode, r.TaxClass, r.Percent)).ToListAsync(cancellation)) { Version = version };
    }

    /// <summary>Replaces all VAT rates, or refuses and changes nothing.</summary>
    /// <param name="seen">The version the actor was looking at.</param>
    /// <param name="untaxed">Countries that shall lose their last rate: said, because forgetting one looks the same.</param>
    public static async Task<Outcome<VatList>> ReplaceVatAsync(this ShopDb db, int seen, IReadOnlyList<VatSheet> rates, IReadOnlyList<string> untaxed, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (rates.GroupBy(r => (r.CountryCode, r.TaxClass)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return new Refusal(ShippingRefusals.RateTwice, $"{twice.Key.CountryCode} has two rates for '{twice.Key.TaxClass}'.");
        if (Countries.Refuses(rates.Select(r => r.CountryCode).Concat(untaxed)) is { } unknown) return unknown;
        if (rates.FirstOrDefault(r => r.Percent != Math.Round(r.Percent, VatRate.Decimals)) is { } fine)
            return new Refusal(ShippingRefusals.PercentTooFine, $"{fine.Percent} has more than {VatRate.Decimals} decimals.") { Facts = new Dictionary<string, object?> { ["countryCode"] = fine.CountryCode, ["decimals"] = VatRate.Decimals } };
        if (await db.RefuseForgottenAsync([.. rates.Select(r => r.CountryCode), .. untaxed], cancellation) is { } forgotten) return forgotten;
        string[] classes = [.. rates.Select(r => r.TaxClass).Append(VatRate.StandardClass).Distinct()];
        if (rates.Count > 0 && await db.Variants.Where(v => !classes.Contains(v.TaxClass)).OrderBy(v => v.TaxClass).Select(v => v.TaxClass).FirstOrDefaultAsync(cancellation) is { } used)
            return new Refusal(ShippingRefusals.TaxClassInUse, $"Variants are of the tax class '{used}', which would have no rate anywhere.");
        var changed = await db.ChangeSettingsAsync(seen, async _ =>
        {
            await db.VatRates.ExecuteDeleteAsync(cancellation);
            db.VatRates.AddRange(rates.Select(r => new VatRate { CountryCode = r.CountryCode, TaxClass = r.TaxClass, Percent = r.Percent }));
            db.Audit(actor, "shop.vat-rates-replaced", "shop:vat", reason, new { rates, untaxed });
        }, cancellation);
        return changed is null ? await db.ListVatAsync(cancellation) : changed;
    }

    /// <summary>A country that has VAT now would be sold to without any: at once, or when a zone takes it in again.</summary>
    private static async Task<Refusal?> RefuseForgottenAsync(this ShopDb db, string[] named, CancellationToken cancellation) =>
        RefuseWithoutVat(await db.VatRates.Where(r => !named.Contains(r.CountryCode)).Select(r => r.CountryCode).Distinct().Order().ToListAsync(cancellation), "would have no VAT any more. Name");

    /// <summary>A country that a zone takes in and that has no VAT rate would be sold to without any.</summary>
    private static async Task<Refusal?> RefuseUntaxedAsync(this ShopDb db, string[] unnamed, CancellationToken cancellation)
    {
        var known = await db.ShippingCountries.Where(c => unnamed.Contains(c.CountryCode)).Select(c => c.CountryCode)
            .Union(db.VatRates.Where(r => unnamed.Contains(r.CountryCode)).Select(r => r.CountryCode)).ToListAsync(cancellation);
        return RefuseWithoutVat([.. unnamed.Except(known).Order(StringComparer.Ordinal)], "would be sold to without VAT. Give them rates first, or name");
    }

    private static Refusal? RefuseWithoutVat(List<string> countries, string what) => countries.Count == 0
        ? null
        : new Refusal(ShippingRefusals.VatMissing, $"{string.Join(", ", countries)} {what} them in untaxed if that is meant.") { Facts = new Dictionary<string, object?> { ["countries"] = countries } };

    private static async Task<Refusal?> RefuseAsync(this ShopDb db, IReadOnlyList<ZoneSheet> zones, IReadOnlyList<string> untaxed, CancellationToken cancellation)
    {
        if (zones.GroupBy(z => z.Code).Any(g => g.Count() > 1)) return new Refusal(ShippingRefusals.ZoneTwice, "Two zones have the same code.");
        if (zones.SelectMany(z => z.Countries).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } country)
            return new Refusal(ShippingRefusals.CountryTwice, $"{country.Key} is in two zones.");
        if (Countries.Refuses(zones.SelectMany(z => z.Countries).Concat(untaxed)) is { } unknown) return unknown;
        if (await db.RefuseUntaxedAsync([.. zones.SelectMany(z => z.Countries).Except(untaxed)], cancellation) is { } forgotten) return forgotten;
        // Also those it has given up: baskets that were filled in them can still be ordered.
        var known = await db.Currencies.Select(c => c.Code).ToListAsync(cancellation);
        if (zones.SelectMany(z => z.Rates).Select(r => r.Currency).Except(known).FirstOrDefault() is { } other) return new Refusal(ShippingRefusals.CurrencyUnknown, $"The shop has never sold in {other}.");
        if (zones.Select(RefuseOverlap).FirstOrDefault(r => r is not null) is { } overlap) return overlap;
        return zones.SelectMany(z => z.Rates).Select(r => SellableCurrencies.Refuses(new Money(r.PriceMinor, r.Currency))).FirstOrDefault(r => r is not null);
    }

    /// <summary>Of two bands of one method that take the same basket, shoppers would only ever see the first.</summary>
    private static Refusal? RefuseOverlap(ZoneSheet zone)
    {
        foreach (var bands in zone.Rates.GroupBy(r => (r.Code, r.Currency)).Select(g => g.ToList()))
            for (var i = 1; i < bands.Count; i++)
                if (bands.Take(i).Select(bands[i].OverlapWith).FirstOrDefault(o => o is not null) is { } overlap)
                    return new Refusal(ShippingRefusals.BandsOverlap, $"Two rates of '{bands[i].Code}' in the zone '{zone.Code}' are for the same baskets: {overlap}.")
                    {
                        Facts = new Dictionary<string, object?> { ["zone"] = zone.Code, ["method"] = bands[i].Code, ["currency"] = bands[i].Currency },
                    };
        return null;
    }

    private static ShippingRate RateOf(string zone, RateSheet rate, int position) => new()
    {
        Zone = zone,
        Code = rate.Code,
        Currency = rate.Currency,
        Position = position,
        Title = rate.Title,
        PriceMinor = rate.PriceMinor,
        FreeFromMinor = rate.FreeFromMinor,
        MinWeightGrams = rate.MinWeightGrams,
        MaxWeightGrams = rate.MaxWeightGrams,
        MinSubtotalMinor = rate.MinSubtotalMinor,
        MaxSubtotalMinor = rate.MaxSubtotalMinor,
    };
}
