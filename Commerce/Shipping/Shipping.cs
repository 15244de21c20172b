using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Shipping;

/// <summary>What sending an order to a zone costs: a flat price, free from an order value on. Minor units of the shop's currency, VAT included.</summary>
public sealed class ShippingRate
{
    public const string Standard = "standard";

    public required string Zone { get; init; }
    public required string Code { get; init; }
    public required string Title { get; set; }
    public required long PriceMinor { get; set; }

    /// <summary>Order value from which sending is free; null: never.</summary>
    public long? FreeFromMinor { get; set; }

    public long PriceFor(long subtotalMinor) => subtotalMinor >= FreeFromMinor ? 0 : PriceMinor;
}

/// <summary>Which zone a country (ISO 3166-1 alpha-2) belongs to; a country in none is not served.</summary>
public sealed class ShippingZoneCountry
{
    public required string CountryCode { get; init; }
    public required string Zone { get; set; }
}

/// <summary>VAT included in prices, by destination. A country without a row is an export: no VAT.</summary>
public sealed class VatRate
{
    public required string CountryCode { get; init; }
    public required string TaxClass { get; init; }
    public required decimal Percent { get; set; }

    /// <summary>The VAT inside a gross amount, rounded half away from zero to the minor unit; rounded once per rate and order, not per line.</summary>
    public static long IncludedIn(long grossMinor, decimal percent) =>
        (long)Math.Round(grossMinor * percent / (100m + percent), MidpointRounding.AwayFromZero);
}

internal sealed class ShippingMapping : IEntityTypeConfiguration<ShippingRate>, IEntityTypeConfiguration<ShippingZoneCountry>, IEntityTypeConfiguration<VatRate>
{
    public void Configure(EntityTypeBuilder<ShippingRate> builder)
    {
        builder.ToTable("shipping_rates", t => t.HasCheckConstraint("ck_shipping_rates_price", "price_minor >= 0"));
        builder.HasKey(r => new { r.Zone, r.Code });
        builder.HasData(
            new ShippingRate { Zone = "domestic", Code = ShippingRate.Standard, Title = "Standard delivery", PriceMinor = 490, FreeFromMinor = 7500 },
            new ShippingRate { Zone = "eu", Code = ShippingRate.Standard, Title = "Standard delivery, European Union", PriceMinor = 990, FreeFromMinor = 15000 },
            new ShippingRate { Zone = "world", Code = ShippingRate.Standard, Title = "International delivery", PriceMinor = 1990, FreeFromMinor = null });
    }

    public void Configure(EntityTypeBuilder<ShippingZoneCountry> builder)
    {
        builder.ToTable("shipping_countries");
        builder.HasKey(c => c.CountryCode);
        builder.Property(c => c.CountryCode).HasMaxLength(2);
        builder.HasData(EuropeanVat.Standard.Keys
            .Select(country => new ShippingZoneCountry { CountryCode = country, Zone = country == "DE" ? "domestic" : "eu" })
            .Concat(new[] { "CH", "GB", "NO", "US", "CA", "AU", "NZ", "JP" }.Select(c => new ShippingZoneCountry { CountryCode = c, Zone = "world" })));
    }

    public void Configure(EntityTypeBuilder<VatRate> builder)
    {
        builder.ToTable("vat_rates");
        builder.HasKey(r => new { r.CountryCode, r.TaxClass });
        builder.Property(r => r.CountryCode).HasMaxLength(2);
        builder.Property(r => r.Percent).HasPrecision(5, 2);
        builder.HasData(EuropeanVat.Standard.Select(r => new VatRate { CountryCode = r.Key, TaxClass = "standard", Percent = r.Value }));
    }
}
