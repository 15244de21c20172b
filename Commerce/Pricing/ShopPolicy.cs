using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Pricing;

/// <summary>What the merchant has decided for the whole shop: one row, changed by staff.</summary>
public sealed class ShopPolicy
{
    public const short OnlyId = 1;

    public short Id { get; init; } = OnlyId;

    /// <summary>Whether catalogue prices and shipping rates contain tax. If not, tax is added to what they come to.</summary>
    public bool PricesIncludeTax { get; set; } = true;

    /// <summary>At this many available units a variant counts as low, unless it says another number itself.</summary>
    public int LowStockThreshold { get; set; } = 5;

    /// <summary>A low variant must rise above its threshold by more than this before it can be reported low again.</summary>
    public int LowStockMargin { get; set; } = 2;

    /// <summary>
    /// Raised by every edit of what holds for the whole shop, be it this row, the zones, the VAT rates or the currencies: two people editing at
    /// once notice it (ETag).
    /// </summary>
    public int Version { get; internal set; } = 1;
}

/// <summary>
/// A currency the shop sells in, or did (ISO 4217). A variant without a price in it cannot be bought in it. A row stays for ever, because
/// baskets and orders name it: what the shop gives up is only no longer offered.
/// </summary>
public sealed class Currency
{
    public required string Code { get; init; }

    /// <summary>Whether new baskets may be in it. Those that are, are sold.</summary>
    public bool IsOffered { get; internal set; } = true;
}

internal sealed class PricingMapping : IEntityTypeConfiguration<ShopPolicy>, IEntityTypeConfiguration<Currency>
{
    public void Configure(EntityTypeBuilder<ShopPolicy> builder)
    {
        builder.ToTable("shop_policy", t =>
        {
            t.HasCheckConstraint("ck_shop_policy_one_row", $"id = {ShopPolicy.OnlyId}");
            t.HasCheckConstraint("ck_shop_policy_low_stock", "low_stock_threshold >= 0 AND low_stock_margin >= 0");
        });
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Version).IsConcurrencyToken();
        builder.HasData(new ShopPolicy());
    }

    public void Configure(EntityTypeBuilder<Currency> builder)
    {
        builder.ToTable("currencies", t => t.HasCheckConstraint("ck_currencies_code", "code ~ '^[A-Z]{3}$'"));
        builder.HasKey(c => c.Code);
        builder.Property(c => c.Code).HasMaxLength(3);
        builder.HasData(new Currency { Code = Money.ShopCurrency });
    }
}
