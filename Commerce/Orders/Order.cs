using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Orders;

public enum OrderStatus
{
    AwaitingPayment,
    Paid,
    Cancelled,
    Expired,
}

/// <summary>Where an order goes. The country is ISO 3166-1 alpha-2.</summary>
public sealed record Address
{
    public required string Name { get; init; }
    public required string Line1 { get; init; }
    public string? Line2 { get; init; }
    public required string PostalCode { get; init; }
    public required string City { get; init; }

    /// <summary>State, province or prefecture by its code, where mail there needs one.</summary>
    public string? Region { get; init; }
    public required string CountryCode { get; init; }
}

/// <summary>
/// What a shopper bought, with prices frozen when it was placed. Amounts are minor units of its currency, as they were shown:
/// with VAT inside exactly if <see cref="PricesIncludeTax"/>. The total always contains the tax.
/// The status only changes through the verbs here, under a lock on the row.
/// </summary>
public sealed class Order
{
    public required Guid Id { get; init; }

    /// <summary>What people read and say; see <see cref="OrderNumber"/>.</summary>
    public required string Number { get; init; }

    /// <summary>128 random bits: knowing number and key is the right to see the order.</summary>
    public required string Key { get; init; }

    public required string BasketId { get; init; }

    /// <summary>The customer whose basket it was; null for a guest's.</summary>
    public Guid? CustomerId { get; init; }

    public OrderStatus Status { get; private set; }
    public required string Email { get; init; }
    public required Address ShippingAddress { get; init; }
    public required string ShippingCode { get; init; }
    public string ShippingTitle { get; init; } = "";
    public required string Currency { get; init; }
    public required long SubtotalMinor { get; init; }
    public required long ShippingMinor { get; init; }
    public bool PricesIncludeTax { get; init; } = true;
    public decimal ShippingVatPercent { get; init; }
    public long ShippingTaxMinor { get; init; }

    /// <summary>All the VAT in the total: that of the lines and that of shipping.</summary>
    public required long TaxIncludedMinor { get; init; }
    public required long TotalMinor { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When the payment session is ended and the stock given back, unless Stripe says it was paid.</summary>
    public required DateTimeOffset ReservedUntil { get; init; }

    public DateTimeOffset? PaidAt { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>W3C trace context of the request that placed it; payment, jobs and mails resume it.</summary>
    public string? TraceParent { get; init; }

    public List<OrderLine> Lines { get; init; } = [];
    public Payment? Payment { get; init; }

    /// <summary>Money has arrived. Also from expired or cancelled, where stock could be taken again for a late payment.</summary>
    public void MarkPaid(DateTimeOffset now)
    {
        if (Status == OrderStatus.Paid) throw new InvalidOperationException($"Order {Number} is paid already.");
        Status = OrderStatus.Paid;
        PaidAt = now;
        ClosedAt = null;
    }

    /// <summary>Nobody paid in time.</summary>
    public void Expire(DateTimeOffset now)
    {
        if (Status != OrderStatus.AwaitingPayment) throw new InvalidOperationException($"Order {Number} is {Status}, so it cannot expire.");
        Status = OrderStatus.Expired;
        ClosedAt = now;
    }
}

/// <summary>A line as it was bought; it stays what it is when the catalogue changes.</summary>
public sealed class OrderLine
{
    public required Guid OrderId { get; init; }
    public required int Position { get; init; }
    public required Guid VariantId { get; init; }
    public required string? Sku { get; init; }
    public required string ProductSlug { get; init; }
    public required string Title { get; init; }
    public required string VariantTitle { get; init; }
    public required int Quantity { get; init; }
    public required long UnitPriceMinor { get; init; }
    public required decimal VatPercent { get; init; }

    /// <summary>The whole line without tax, its tax, and both: exact shares of what the order comes to.</summary>
    public long NetMinor { get; init; }
    public long TaxMinor { get; init; }
    public long GrossMinor { get; init; }
    public string? ImageHash { get; init; }
    public string? ImageAlt { get; init; }
    public int? ImageWidth { get; init; }
    public int? ImageHeight { get; init; }

    public long LineTotalMinor => UnitPriceMinor * Quantity;
}

internal sealed class OrderMapping : IEntityTypeConfiguration<Order>, IEntityTypeConfiguration<OrderLine>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable("orders", t => t.HasCheckConstraint("ck_orders_total",
            "total_minor = subtotal_minor + shipping_minor + CASE WHEN prices_include_tax THEN 0 ELSE tax_included_minor END AND subtotal_minor >= 0"));
        builder.Property(o => o.Id).ValueGeneratedNever();
        builder.Property(o => o.Number).HasMaxLength(16);
        builder.Property(o => o.Key).HasMaxLength(32);
        builder.Property(o => o.BasketId).HasMaxLength(32);
        builder.Property(o => o.Email).HasMaxLength(254);
        builder.Property(o => o.Currency).HasMaxLength(3);
        builder.Property(o => o.Status).HasConversion<string>().HasMaxLength(20);
        builder.HasIndex(o => o.Number).IsUnique();
        builder.HasIndex(o => o.BasketId).IsUnique();
        builder.HasIndex(o => new { o.CustomerId, o.PlacedAt });
        builder.Property(o => o.ShippingVatPercent).HasPrecision(5, 2);
        builder.HasIndex(o => new { o.Status, o.ReservedUntil });
        builder.ComplexProperty(o => o.ShippingAddress);
        builder.HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OrderId);
        builder.HasOne(o => o.Payment).WithOne().HasForeignKey<Payment>(p => p.OrderId);
    }

    public void Configure(EntityTypeBuilder<OrderLine> builder)
    {
        builder.ToTable("order_lines", t =>
        {
            t.HasCheckConstraint("ck_order_lines_quantity", "quantity > 0");
            t.HasCheckConstraint("ck_order_lines_tax", "gross_minor = net_minor + tax_minor");
        });
        builder.HasKey(l => new { l.OrderId, l.Position });
        builder.Ignore(l => l.LineTotalMinor);
    }
}
