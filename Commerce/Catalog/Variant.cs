using Commerce.Baskets;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Catalog;

/// <summary>What is priced, stocked and bought: a product in one choice of its options.</summary>
public sealed class Variant
{
    public required Guid Id { get; init; }
    public Guid ProductId { get; init; }
    public Product Product { get; init; } = null!;
    public required int Position { get; set; }

    /// <summary>Unique in the shop; null where the merchant gives none.</summary>
    public string? Sku { get; set; }

    public string? Barcode { get; set; }
    public int WeightGrams { get; set; }

    /// <summary>One value per option name of the product, in the same order.</summary>
    public List<string> Options { get; set; } = [];

    /// <summary>Which VAT rate of the destination applies.</summary>
    public string TaxClass { get; set; } = "standard";

    /// <summary>Fewest and most units of it in one basket; null: as many as a basket takes.</summary>
    public int MinQuantity { get; set; } = 1;
    public int? MaxQuantity { get; set; }

    /// <summary>Sold in multiples of this, counted from <see cref="MinQuantity"/>.</summary>
    public int QuantityStep { get; set; } = 1;

    /// <summary>Whether it is sold beyond what there is; the CSV's inventory policy "continue".</summary>
    public bool AllowsBackorder { get; set; }

    /// <summary>At this many available units it counts as low; null: the shop's number.</summary>
    public int? LowStockThreshold { get; set; }

    /// <summary>Taken out of its product for good, but kept for the orders and the ledger that name it. Queries leave it out by themselves.</summary>
    public DateTimeOffset? WithdrawnAt { get; private set; }

    public Guid? ImageId { get; set; }
    public ProductImage? Image { get; set; }
    public List<Price> Prices { get; init; } = [];
    public List<StockItem> Stock { get; init; } = [];
    public Availability? Availability { get; init; }

    /// <summary>Gives up its SKU, its picture and its prices: without a price nothing can be put into a basket or ordered.</summary>
    internal void Withdraw(DateTimeOffset now)
    {
        (WithdrawnAt, Sku, ImageId, Image) = (now, null, null, null);
        Prices.Clear();
    }

    public Price? PriceIn(string currency) => Prices.Find(p => p.Currency == currency);

    /// <summary>Sets the price in one currency, the shop's own unless another is named; compare-at is the struck-through one.</summary>
    public void SetPrice(long amountMinor, long? compareAtMinor, string currency = Money.ShopCurrency)
    {
        var price = PriceIn(currency);
        if (price is null)
            Prices.Add(price = new Price { VariantId = Id, Currency = currency });
        price.AmountMinor = amountMinor;
        price.CompareAtMinor = compareAtMinor;
    }
}

/// <summary>The price of a variant in one currency, in minor units, VAT included.</summary>
public sealed class Price
{
    public required Guid VariantId { get; init; }
    public required string Currency { get; init; }
    public long AmountMinor { get; set; }
    public long? CompareAtMinor { get; set; }
}

internal sealed class VariantMapping : IEntityTypeConfiguration<Variant>, IEntityTypeConfiguration<Price>
{
    public void Configure(EntityTypeBuilder<Variant> builder)
    {
        builder.ToTable("variants", t =>
        {
            t.HasCheckConstraint("ck_variants_quantity", $"min_quantity BETWEEN 1 AND {Basket.MaxQuantity} AND quantity_step >= 1 AND max_quantity >= min_quantity");
            t.HasCheckConstraint("ck_variants_low_stock", "low_stock_threshold >= 0");
        });
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Sku).HasMaxLength(CatalogLimits.Sku);
        builder.HasIndex(v => v.Sku).IsUnique();
        builder.Property(v => v.MinQuantity).HasDefaultValue(1);
        builder.Property(v => v.QuantityStep).HasDefaultValue(1);
        builder.HasQueryFilter(v => v.WithdrawnAt == null);
        builder.HasMany(v => v.Prices).WithOne().HasForeignKey(p => p.VariantId);
        builder.HasMany(v => v.Stock).WithOne().HasForeignKey(s => s.VariantId);
        builder.HasOne(v => v.Image).WithMany().HasForeignKey(v => v.ImageId).OnDelete(DeleteBehavior.SetNull);
    }

    public void Configure(EntityTypeBuilder<Price> builder)
    {
        builder.ToTable("prices", t => t.HasCheckConstraint("ck_prices_amount", "amount_minor >= 0"));
        builder.HasKey(p => new { p.VariantId, p.Currency });
        builder.Property(p => p.Currency).HasMaxLength(3);
    }
}
