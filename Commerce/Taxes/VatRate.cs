using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Taxes;

/// <summary>
/// The VAT of a country (ISO 3166-1 alpha-2) for goods of one tax class. A class without a row is taxed at the country's standard rate; a country
/// without any row is an export: no VAT.
/// </summary>
public sealed class VatRate
{
    /// <summary>The tax class of goods that say nothing else, and of shipping.</summary>
    public const string StandardClass = "standard";

    /// <summary>Of a percentage.</summary>
    public const int Decimals = 2;

    public required string CountryCode { get; init; }
    public required string TaxClass { get; init; }
    public required decimal Percent { get; set; }
}

internal sealed class VatRateMapping : IEntityTypeConfiguration<VatRate>
{
    public void Configure(EntityTypeBuilder<VatRate> builder)
    {
        builder.ToTable("vat_rates", t => t.HasCheckConstraint("ck_vat_rates_percent", "percent >= 0 AND percent <= 100"));
        builder.HasKey(r => new { r.CountryCode, r.TaxClass });
        builder.Property(r => r.CountryCode).HasMaxLength(2);
        builder.Property(r => r.TaxClass).HasMaxLength(40);
        builder.Property(r => r.Percent).HasPrecision(5, VatRate.Decimals);
        builder.HasData(EuropeanVat.Standard.Select(r => new VatRate { CountryCode = r.Key, TaxClass = VatRate.StandardClass, Percent = r.Value }));
    }
}
