using Commerce.Taxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Shipping;

/// <summary>A group of countries with the same rates. Its code is what staff and rates call it.</summary>
public sealed class ShippingZone
{
    public required string Code { get; init; }
    public required string Title { get; set; }
    public List<ShippingZoneCountry> Countries { get; init; } = [];
    public List<ShippingRate> Rates { get; init; } = [];
}

/// <summary>Which zone a country (ISO 3166-1 alpha-2) belongs to; a country in none is not served.</summary>
public sealed class ShippingZoneCountry
{
    public required string CountryCode { get; init; }
    public required string Zone { get; set; }
}

/// <summary>
/// What one method of sending costs within a zone, in one currency, for baskets of some weight and value. A method with several bands has
/// several rates with the same code, of which at most one fits a basket. Amounts contain tax exactly if catalogue prices do.
/// </summary>
public sealed class ShippingRate
{
    public const string Standard = "standard";

    public required string Zone { get; init; }

    /// <summary>The method, such as <c>standard</c> or <c>express</c>: what an order chooses.</summary>
    public required string Code { get; init; }

    public required string Currency { get; init; }

    /// <summary>Order of the rates in a zone: of the methods when shown, and of the bands of one method when tried.</summary>
    public required int Position { get; init; }

    public required string Title { get; set; }
    public required long PriceMinor { get; set; }

    /// <summary>Value of the lines from which sending is free; null: never.</summary>
    public long? FreeFromMinor { get; set; }

    public int MinWeightGrams { get; set; }

    /// <summary>Inclusive; null: any weight.</summary>
    public int? MaxWeightGrams { get; set; }

    public long MinSubtotalMinor { get; set; }

    /// <summary>Inclusive; null: any value.</summary>
    public long? MaxSubtotalMinor { get; set; }

    public bool Fits(long subtotalMinor, long weightGrams) =>
        weightGrams >= MinWeightGrams && weightGrams <= (MaxWeightGrams ?? long.MaxValue)
        && subtotalMinor >= MinSubtotalMinor && subtotalMinor <= (MaxSubtotalMinor ?? long.MaxValue);

    public long PriceFor(long subtotalMinor) => subtotalMinor >= FreeFromMinor ? 0 : PriceMinor;
}

internal sealed class ShippingMapping : IEntityTypeConfiguration<ShippingZone>, IEntityTypeConfiguration<ShippingRate>, IEntityTypeConfiguration<ShippingZoneCountry>
{
    private const int Heavy = 31_500;
    private static readonly string[] World = ["CH", "GB", "NO", "US", "CA", "AU", "NZ", "JP"];

    public void Configure(EntityTypeBuilder<ShippingZone> builder)
    {
        builder.ToTable("shipping_zones");
        builder.HasKey(z => z.Code);
        builder.Property(z => z.Code).HasMaxLength(40);
        builder.Property(z => z.Title).HasMaxLength(120);
        builder.HasMany(z => z.Countries).WithOne().HasForeignKey(c => c.Zone);
        builder.HasMany(z => z.Rates).WithOne().HasForeignKey(r => r.Zone);
        builder.HasData(
            new ShippingZone { Code = "domestic", Title = "Germany" },
            new ShippingZone { Code = "eu", Title = "European Union" },
            new ShippingZone { Code = "world", Title = "Rest of the world" });
    }

    public void Configure(EntityTypeBuilder<ShippingRate> builder)
    {
        builder.ToTable("shipping_rates", t =>
        {
            t.HasCheckConstraint("ck_shipping_rates_price", "price_minor >= 0 AND free_from_minor >= 0");
            t.HasCheckConstraint("ck_shipping_rates_weight", "min_weight_grams >= 0 AND max_weight_grams >= min_weight_grams");
            t.HasCheckConstraint("ck_shipping_rates_subtotal", "min_subtotal_minor >= 0 AND max_subtotal_minor >= min_subtotal_minor");
        });
        builder.HasKey(r => new { r.Zone, r.Currency, r.Position });
        builder.Property(r => r.Zone).HasMaxLength(40);
        builder.Property(r => r.Code).HasMaxLength(40);
        builder.Property(r => r.Currency).HasMaxLength(3);
        builder.Property(r => r.Title).HasMaxLength(120);
        builder.HasData(
            Rate("domestic", 1, ShippingRate.Standard, "Standard delivery", 490, freeFrom: 7500, maxWeight: 10_000),
            Rate("domestic", 2, ShippingRate.Standard, "Standard delivery, heavy parcel", 990, freeFrom: 7500, minWeight: 10_001, maxWeight: Heavy),
            Rate("domestic", 3, "express", "Express delivery, next working day", 1290, maxWeight: Heavy),
            Rate("domestic", 4, "freight", "Freight on a pallet", 7900, minWeight: Heavy + 1),
            Rate("eu", 1, ShippingRate.Standard, "Standard delivery, European Union", 990, freeFrom: 15000, maxWeight: 10_000),
            Rate("eu", 2, ShippingRate.Standard, "Standard delivery, European Union, heavy parcel", 1990, freeFrom: 15000, minWeight: 10_001, maxWeight: Heavy),
            Rate("eu", 3, "express", "Express delivery, European Union", 2490, maxWeight: Heavy),
            Rate("eu", 4, "freight", "Freight on a pallet", 14900, minWeight: Heavy + 1),
            Rate("world", 1, ShippingRate.Standard, "International delivery", 1990, maxWeight: 10_000),
            Rate("world", 2, ShippingRate.Standard, "International delivery, heavy parcel", 4990, minWeight: 10_001, maxWeight: Heavy),
            Rate("world", 3, "freight", "International freight", 29900, minWeight: Heavy + 1));
    }

    public void Configure(EntityTypeBuilder<ShippingZoneCountry> builder)
    {
        builder.ToTable("shipping_countries");
        builder.HasKey(c => c.CountryCode);
        builder.Property(c => c.CountryCode).HasMaxLength(2);
        builder.Property(c => c.Zone).HasMaxLength(40);
        builder.HasData(EuropeanVat.Standard.Keys
            .Select(country => new ShippingZoneCountry { CountryCode = country, Zone = country == "DE" ? "domestic" : "eu" })
            .Concat(World.Select(c => new ShippingZoneCountry { CountryCode = c, Zone = "world" })));
    }

    private static ShippingRate Rate(string zone, int position, string code, string title, long price, long? freeFrom = null, int minWeight = 0, int? maxWeight = null) => new()
    {
        Zone = zone,
        Code = code,
        Currency = Money.ShopCurrency,
        Position = position,
        Title = title,
        PriceMinor = price,
        FreeFromMinor = freeFrom,
        MinWeightGrams = minWeight,
        MaxWeightGrams = maxWeight,
    };
}
