using Commerce.Taxes;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Shipping;

/// <summary>What sending to one country in one currency means: the rates of its zone, and the VAT there.</summary>
public sealed record Delivery(IReadOnlyList<ShippingRate> Rates, IReadOnlyDictionary<string, decimal> VatPercents)
{
    /// <summary>The class's own; where the country has none for it, its standard rate, and without one its highest. Only a country without any rate is an export.</summary>
    public decimal VatPercent(string taxClass) =>
        VatPercents.TryGetValue(taxClass, out var own) ? own
        : VatPercents.TryGetValue(VatRate.StandardClass, out var standard) ? standard
        : VatPercents.Values.DefaultIfEmpty().Max();

    /// <summary>The methods for lines of this value and weight, one rate each, in the shop's order.</summary>
    public IReadOnlyList<ShippingRate> Methods(long subtotalMinor, long weightGrams) =>
        [.. Rates.Where(r => r.Fits(subtotalMinor, weightGrams)).OrderBy(r => r.Position).DistinctBy(r => r.Code)];
}

/// <summary>A country the shop delivers to.</summary>
/// <param name="CountryCode">ISO 3166-1 alpha-2.</param>
/// <param name="PostalCodeExample">An address there needs a postal code like this one; null: it may have one.</param>
/// <param name="PostalCodePattern">What its postal codes match, upper case and with single spaces: a regular expression as ECMAScript has them. Null where the example is.</param>
/// <param name="Regions">An address there needs one of these states or provinces; empty: it needs none.</param>
public sealed record ShippingCountry(string CountryCode, string? PostalCodeExample, string? PostalCodePattern, IReadOnlyList<string> Regions);

public sealed record ShippingCountryList(IReadOnlyList<ShippingCountry> Items);

/// <summary>Reads rates and VAT, always as they are now.</summary>
public static class Deliveries
{
    /// <summary>Where the shop delivers to, by code, and what an address there needs.</summary>
    public static async Task<ShippingCountryList> ListShippingCountriesAsync(this ShopDb db, CancellationToken cancellation)
    {
        var codes = await db.ShippingCountries.AsNoTracking().Select(c => c.CountryCode).ToListAsync(cancellation);
        return new ShippingCountryList([.. codes.Order(StringComparer.Ordinal).Select(code => AddressRule.Of(code) is { } rule
            ? new ShippingCountry(code, rule.PostalCodeExample, rule.PostalCodePattern, rule.Regions)
            : new ShippingCountry(code, null, null, []))]);
    }

    /// <summary>Null when the shop does not deliver to the country (ISO 3166-1 alpha-2, upper case). One statement.</summary>
    public static async Task<Delivery?> DeliveryToAsync(this ShopDb db, string countryCode, string currency, CancellationToken cancellation)
    {
        var found = await db.ShippingCountries.AsNoTracking().Where(c => c.CountryCode == countryCode)
            .Select(c => new
            {
                Rates = db.ShippingRates.Where(r => r.Zone == c.Zone && r.Currency == currency).ToList(),
                Vat = db.VatRates.Where(v => v.CountryCode == countryCode).ToList(),
            })
            .AsSingleQuery().FirstOrDefaultAsync(cancellation);
        return found is null ? null : new Delivery(found.Rates, found.Vat.ToDictionary(v => v.TaxClass, v => v.Percent));
    }
}
