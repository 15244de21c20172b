using Microsoft.EntityFrameworkCore;

namespace Commerce.Shipping;

/// <summary>What sending to one country means: the rate the shop takes and the VAT inside the prices there.</summary>
public sealed record Delivery(ShippingRate Rate, IReadOnlyDictionary<string, decimal> VatPercents)
{
    public decimal VatPercent(string taxClass) => VatPercents.GetValueOrDefault(taxClass);
}

public static class Deliveries
{
    /// <summary>Null when the shop does not deliver to the country (ISO 3166-1 alpha-2, upper case).</summary>
    public static async Task<Delivery?> DeliveryToAsync(this ShopDb db, string countryCode, CancellationToken cancellation)
    {
        var found = await db.ShippingCountries.AsNoTracking().Where(c => c.CountryCode == countryCode)
            .Select(c => new
            {
                Rate = db.ShippingRates.FirstOrDefault(r => r.Zone == c.Zone && r.Code == ShippingRate.Standard),
                Vat = db.VatRates.Where(v => v.CountryCode == countryCode).ToList(),
            })
            .FirstOrDefaultAsync(cancellation);
        return found?.Rate is null ? null : new Delivery(found.Rate, found.Vat.ToDictionary(v => v.TaxClass, v => v.Percent));
    }
}
