using System.Data;
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
    int MinWeightGrams = 0, int? MaxWeightGrams = null, long MinSubtotalMinor = 0, long? MaxSubtotalMinor = null);

/// <summary>The VAT of a country for goods of one tax class.</summary>
public sealed record VatSheet(string CountryCode, string TaxClass, decimal Percent);

/// <summary>All shipping zones.</summary>
public sealed record ZoneList(IReadOnlyList<ZoneSheet> Items);

/// <summary>All VAT rates.</summary>
public sealed record VatList(IReadOnlyList<VatSheet> Items);

/// <summary>How staff read and replace what orders are charged beside the goods. Orders already placed stay as they were charged.</summary>
public static class ShopRates
{
    public static async Task<ZoneList> ListZonesAsync(this ShopDb db, CancellationToken cancellation) =>
        new([.. (await db.ShippingZones.AsNoTracking().AsSplitQuery().Include(z => z.Countries).Include(z => z.Rates).OrderBy(z => z.Code).ToListAsync(cancellation)).Select(z => new ZoneSheet(
            z.Code, z.Title, [.. z.Countries.Select(c => c.CountryCode).Order(StringComparer.Ordinal)],
            [.. z.Rates.OrderBy(r => r.Currency).ThenBy(r => r.Position).Select(r => new RateSheet(r.Code, r.Currency, r.Title, r.PriceMinor, r.FreeFromMinor,
                r.MinWeightGrams, r.MaxWeightGrams, r.MinSubtotalMinor, r.MaxSubtotalMinor))]))]);

    /// <summary>Replaces all zones, or refuses and changes nothing.</summary>
    public static async Task<Outcome<ZoneList>> ReplaceZonesAsync(this ShopDb db, IReadOnlyList<ZoneSheet> zones, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (await db.RefuseAsync(zones, cancellation) is { } refusal) return refusal;
        await db.InTransactionAsync(async () =>
        {
            await db.ShippingZones.ExecuteDeleteAsync(cancellation); // takes countries and rates with it
            foreach (var zone in zones)
            {
                db.ShippingZones.Add(new ShippingZone { Code = zone.Code, Title = zone.Title });
                db.ShippingCountries.AddRange(zone.Countries.Select(c => new ShippingZoneCountry { CountryCode = c, Zone = zone.Code }));
                foreach (var currency in zone.Rates.GroupBy(r => r.Currency)) db.ShippingRates.AddRange(currency.Select((r, i) => RateOf(zone.Code, r, i + 1)));
            }
            db.Audit(actor, "shipping.zones-replaced", "shop:shipping", reason, new { zones });
        }, cancellation);
        return await db.ListZonesAsync(cancellation);
    }

    public static async Task<VatList> ListVatAsync(this ShopDb db, CancellationToken cancellation) =>
        new(await db.VatRates.AsNoTracking().OrderBy(r => r.CountryCode).ThenBy(r => r.TaxClass).Select(r => new VatSheet(r.CountryCode, r.TaxClass, r.Percent)).ToListAsync(cancellation));

    /// <summary>Replaces all VAT rates, or refuses and changes nothing.</summary>
    public static async Task<Outcome<VatList>> ReplaceVatAsync(this ShopDb db, IReadOnlyList<VatSheet> rates, Actor actor, string? reason, CancellationToken cancellation)
    {
        if (rates.GroupBy(r => (r.CountryCode, r.TaxClass)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return new Refusal(ShippingRefusals.RateTwice, $"{twice.Key.CountryCode} has two rates for '{twice.Key.TaxClass}'.");
        await db.InTransactionAsync(async () =>
        {
            await db.VatRates.ExecuteDeleteAsync(cancellation);
            db.VatRates.AddRange(rates.Select(r => new VatRate { CountryCode = r.CountryCode, TaxClass = r.TaxClass, Percent = r.Percent }));
            db.Audit(actor, "shop.vat-rates-replaced", "shop:vat", reason, new { rates });
        }, cancellation);
        return await db.ListVatAsync(cancellation);
    }

    /// <summary>What the merchant has decided for the whole shop.</summary>
    public static Task<ShopPolicy> FindPolicyAsync(this ShopDb db, CancellationToken cancellation) => db.ShopPolicies.AsNoTracking().SingleAsync(cancellation);

    public static async Task<ShopPolicy> SetPolicyAsync(this ShopDb db, bool pricesIncludeTax, int lowStockThreshold, int lowStockMargin, Actor actor, string? reason, CancellationToken cancellation)
    {
        var policy = await db.ShopPolicies.SingleAsync(cancellation);
        (policy.PricesIncludeTax, policy.LowStockThreshold, policy.LowStockMargin) = (pricesIncludeTax, lowStockThreshold, lowStockMargin);
        db.Audit(actor, "shop.policy-set", "shop:policy", reason, new { pricesIncludeTax, lowStockThreshold, lowStockMargin });
        await db.SaveChangesAsync(cancellation);
        return policy;
    }

    private static async Task<Refusal?> RefuseAsync(this ShopDb db, IReadOnlyList<ZoneSheet> zones, CancellationToken cancellation)
    {
        if (zones.GroupBy(z => z.Code).Any(g => g.Count() > 1)) return new Refusal(ShippingRefusals.ZoneTwice, "Two zones have the same code.");
        if (zones.SelectMany(z => z.Countries).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } country)
            return new Refusal(ShippingRefusals.CountryTwice, $"{country.Key} is in two zones.");
        var known = await db.Currencies.Select(c => c.Code).ToListAsync(cancellation);
        return zones.SelectMany(z => z.Rates).Select(r => r.Currency).Except(known).FirstOrDefault() is { } other
            ? new Refusal(ShippingRefusals.CurrencyUnknown, $"The shop does not sell in {other}.")
            : null;
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

    private static Task InTransactionAsync(this ShopDb db, Func<Task> change, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await change();
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        });
}
