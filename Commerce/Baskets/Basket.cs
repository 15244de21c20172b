using System.Security.Cryptography;
using Commerce.Accounts;
using Commerce.Catalog;
using Commerce.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Baskets;

/// <summary>What a shopper has put aside to buy. Knowing its id is the right to use it, so the id is 128 random bits.</summary>
public sealed class Basket
{
    /// <summary>Most units of one variant, and most different variants, that one basket takes.</summary>
    public const int MaxQuantity = 99;
    public const int MaxLines = 100;

    public required string Id { get; init; }

    /// <summary>Raised by every change.</summary>
    public int Version { get; internal set; }

    /// <summary>The order this basket became; it takes no more changes then.</summary>
    public Guid? OrderId { get; internal set; }

    /// <summary>Whose it is; null for a guest's. A customer has at most one open basket.</summary>
    public Guid? CustomerId { get; internal set; }

    /// <summary>What it is priced and ordered in (ISO 4217).</summary>
    public string Currency { get; internal set; } = Money.ShopCurrency;

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; internal set; }
    public List<BasketLine> Lines { get; init; } = [];

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

public sealed class BasketLine
{
    public required string BasketId { get; init; }
    public required Guid VariantId { get; init; }
    public required int Quantity { get; set; }
    public required DateTimeOffset AddedAt { get; init; }
}

internal sealed class BasketMapping : IEntityTypeConfiguration<Basket>, IEntityTypeConfiguration<BasketLine>
{
    public void Configure(EntityTypeBuilder<Basket> builder)
    {
        builder.ToTable("baskets");
        builder.Property(b => b.Id).HasMaxLength(32);
        builder.Property(b => b.Currency).HasMaxLength(3);
        builder.HasIndex(b => b.UpdatedAt);
        builder.HasIndex(b => b.CustomerId).IsUnique().HasFilter("order_id IS NULL").HasDatabaseName("ux_baskets_customer");
        builder.HasOne<Account>().WithMany().HasForeignKey(b => b.CustomerId).OnDelete(DeleteBehavior.SetNull);
        builder.HasOne<Currency>().WithMany().HasForeignKey(b => b.Currency).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(b => b.Lines).WithOne().HasForeignKey(l => l.BasketId);
    }

    public void Configure(EntityTypeBuilder<BasketLine> builder)
    {
        builder.ToTable("basket_lines", t => t.HasCheckConstraint("ck_basket_lines_quantity", "quantity > 0"));
        builder.HasKey(l => new { l.BasketId, l.VariantId });
        builder.HasOne<Variant>().WithMany().HasForeignKey(l => l.VariantId);
    }
}
