using System.Text.Json;
using Commerce.Accounts;
using Commerce.Mail;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Orders;

/// <summary>Where an order is between being placed and being settled. How much of it was sent is <see cref="FulfilmentStatus"/>'s matter.</summary>
public enum OrderStatus
{
    AwaitingPayment,

    /// <summary>The bank promised the money (manual capture); the shop has not taken it yet.</summary>
    Authorised,
    Paid,

    /// <summary>Somebody said so.</summary>
    Cancelled,

    /// <summary>Nobody paid in time.</summary>
    Expired,
}

/// <summary>How much of what has to be sent was sent.</summary>
public enum FulfilmentStatus
{
    Unfulfilled,
    Partial,
    Fulfilled,
}

/// <summary>Where an order goes. The country is ISO 3166-1 alpha-2.</summary>
public sealed record Address
{
    public required string Name { get; init; }
    public required string Line1 { get; init; }
    public string? Line2 { get; init; }

    /// <summary>Empty where an address has none.</summary>
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
    /// <summary>The state machine. A cancelled order stays cancelled: money that still comes goes back.</summary>
    private static readonly Dictionary<OrderStatus, OrderStatus[]> Next = new()
    {
        [OrderStatus.AwaitingPayment] = [OrderStatus.Authorised, OrderStatus.Paid, OrderStatus.Cancelled, OrderStatus.Expired],
        [OrderStatus.Authorised] = [OrderStatus.Paid, OrderStatus.Cancelled],
        [OrderStatus.Paid] = [OrderStatus.Cancelled],
        [OrderStatus.Cancelled] = [],
        // Paid late, and the stock could be taken again.
        [OrderStatus.Expired] = [OrderStatus.Authorised, OrderStatus.Paid],
    };

    public required Guid Id { get; init; }

    /// <summary>What people read and say; see <see cref="OrderNumber"/>.</summary>
    public required string Number { get; init; }

    /// <summary>128 random bits: knowing number and key is the right to see the order.</summary>
    public required string Key { get; init; }

    public required string BasketId { get; init; }

    /// <summary>The customer whose basket it was; null for a guest's.</summary>
    public Guid? CustomerId { get; init; }

    public OrderStatus Status { get; private set; }
    public FulfilmentStatus FulfilmentStatus { get; private set; }
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

    /// <summary>Somebody wants it cancelled and Stripe was not yet asked whether it was paid: should nobody have, it is cancelled, not expired.</summary>
    public DateTimeOffset? CancelRequestedAt { get; private set; }

    /// <summary>W3C trace context of the request that placed it; payment, jobs and mails resume it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Raised by every change, so that a person who looked at an older state is told (<c>If-Match</c>).</summary>
    public int Version { get; private set; } = 1;

    public List<OrderLine> Lines { get; init; } = [];
    public Payment? Payment { get; init; }
    public List<Fulfilment> Fulfilments { get; init; } = [];
    public List<Refund> Refunds { get; init; } = [];
    public List<Dispute> Disputes { get; init; } = [];

    public bool CanBecome(OrderStatus status) => Next[Status].Contains(status);

    /// <summary>The bank has promised the money; it is taken by a capture.</summary>
    public void Authorise() => Become(OrderStatus.Authorised, closedAt: null);

    /// <summary>Money has arrived. Also from expired, where stock could be taken again for a late payment.</summary>
    public void MarkPaid(DateTimeOffset now)
    {
        Become(OrderStatus.Paid, closedAt: null);
        PaidAt = now;
    }

    /// <summary>Nobody paid in time.</summary>
    public void Expire(DateTimeOffset now) => Become(OrderStatus.Expired, now);

    /// <summary>Somebody said so. What was sent cannot be cancelled, only refunded.</summary>
    public void Cancel(DateTimeOffset now)
    {
        if (FulfilmentStatus != FulfilmentStatus.Unfulfilled) throw new InvalidOperationException($"Order {Number} was sent in part or whole.");
        Become(OrderStatus.Cancelled, now);
    }

    /// <summary>Notes that the order shall be cancelled as soon as Stripe says that nobody has paid.</summary>
    public void RequestCancel(DateTimeOffset now)
    {
        if (CancelRequestedAt is not null) return;
        CancelRequestedAt = now;
        Touch();
    }

    /// <summary>Its stock was taken from this shelf; what its bundles are made of there is what comes back should they be returned.</summary>
    internal void TakenFrom(StockShelf shelf)
    {
        foreach (var line in Lines) line.Components = shelf.PartsOf(line.VariantId);
    }

    /// <summary>Units leave for the shopper; the caller has checked that they are there to be sent.</summary>
    public void Send(Fulfilment fulfilment)
    {
        if (Status != OrderStatus.Paid) throw new InvalidOperationException($"Order {Number} is {Status}, so it cannot be sent.");
        foreach (var sent in fulfilment.Lines) Line(sent.Position).Send(sent.Quantity);
        Fulfilments.Add(fulfilment);
        Count();
    }

    /// <summary>The shopper gets money for units, or has it already: those not yet sent never will be, others count as returned.</summary>
    public void TakeBack(int position, int quantity)
    {
        Line(position).TakeBack(quantity);
        Count();
    }

    /// <summary>Something that belongs to the order changed: a refund, a dispute, a tracking number.</summary>
    public void Touch() => Version++;

    private OrderLine Line(int position) => Lines.Single(l => l.Position == position);

    private void Count()
    {
        var sent = Lines.Sum(l => l.FulfilledQuantity);
        FulfilmentStatus = sent == 0 ? FulfilmentStatus.Unfulfilled
            : Lines.Any(l => l.UnsentQuantity > 0) ? FulfilmentStatus.Partial
            : FulfilmentStatus.Fulfilled;
        Touch();
    }

    private void Become(OrderStatus status, DateTimeOffset? closedAt)
    {
        if (!CanBecome(status)) throw new InvalidOperationException($"Order {Number} is {Status} and cannot become {status}.");
        (Status, ClosedAt) = (status, closedAt);
        Touch();
    }
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
        builder.Property(o => o.Email).HasMaxLength(MailAddress.MaxLength);
        builder.Property(o => o.Currency).HasMaxLength(3);
        builder.Property(o => o.Status).HasConversion<string>().HasMaxLength(20);
        builder.Property(o => o.FulfilmentStatus).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(o => o.Number).IsUnique().HasOperators("text_pattern_ops"); // also by how it begins, whatever the database's collation
        builder.HasIndex(o => o.BasketId).IsUnique();
        builder.HasIndex(o => new { o.CustomerId, o.PlacedAt }).HasFilter("customer_id IS NOT NULL");
        builder.HasOne<Account>().WithMany().HasForeignKey(o => o.CustomerId).OnDelete(DeleteBehavior.SetNull);
        builder.Property(o => o.ShippingVatPercent).HasPrecision(5, 2);
        builder.HasIndex(o => new { o.Status, o.ReservedUntil });
        builder.HasIndex(o => o.PaidAt).HasFilter("paid_at IS NOT NULL");
        builder.HasIndex(o => o.FulfilmentStatus).HasFilter("status = 'Paid' AND fulfilment_status <> 'Fulfilled'").HasDatabaseName("ix_orders_unsent");
        builder.ComplexProperty(o => o.ShippingAddress);
        builder.HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OrderId);
        builder.HasOne(o => o.Payment).WithOne().HasForeignKey<Payment>(p => p.OrderId);
        builder.HasMany(o => o.Fulfilments).WithOne().HasForeignKey(f => f.OrderId);
        builder.HasMany(o => o.Refunds).WithOne().HasForeignKey(r => r.OrderId);
        builder.HasMany(o => o.Disputes).WithOne().HasForeignKey(d => d.OrderId);
    }

    public void Configure(EntityTypeBuilder<OrderLine> builder)
    {
        builder.ToTable("order_lines", t =>
        {
            t.HasCheckConstraint("ck_order_lines_quantity", "quantity > 0");
            t.HasCheckConstraint("ck_order_lines_tax", "gross_minor = net_minor + tax_minor");
            t.HasCheckConstraint("ck_order_lines_sent",
                "fulfilled_quantity >= 0 AND cancelled_quantity >= 0 AND fulfilled_quantity + cancelled_quantity <= quantity AND returned_quantity BETWEEN 0 AND fulfilled_quantity");
        });
        builder.HasKey(l => new { l.OrderId, l.Position });
        builder.Property(l => l.Components).HasColumnType("jsonb").HasConversion(
            parts => JsonSerializer.Serialize(parts, JsonSerializerOptions.Web), json => JsonSerializer.Deserialize<List<BundlePart>>(json, JsonSerializerOptions.Web),
            new ValueComparer<IReadOnlyList<BundlePart>>((a, b) => a == null ? b == null : b != null && a.SequenceEqual(b), parts => parts.Count));
        builder.Ignore(l => l.LineTotalMinor).Ignore(l => l.UnsentQuantity).Ignore(l => l.RefundableQuantity);
    }
}
