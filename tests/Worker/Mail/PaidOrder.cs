using Commerce.Orders;
using Commerce.Payments;

namespace Tests.Worker.Mail;

/// <summary>An order as it is when its receipt is due.</summary>
internal static class PaidOrder
{
    public const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// <param name="email">Of the buyer.</param>
    /// <param name="isPaid">Else it still waits for its payment.</param>
    /// <param name="index">From 1; another one is another order.</param>
    /// <param name="address">Where it goes; null: to Ixelles.</param>
    /// <param name="taxMinor">In its total.</param>
    /// <param name="taxOnTop">Its prices have no tax in them, so that it comes on top.</param>
    /// <param name="paidMinor">What was taken; null: all of it.</param>
    public static Order Example(string email = "mira@example.com", bool isPaid = true, int index = 1, Address? address = null, long taxMinor = 22_283, bool taxOnTop = false, long? paidMinor = null)
    {
        var total = 128_390 + (taxOnTop ? taxMinor : 0);
        var id = Guid.Parse($"0192d3a4-0000-7000-8000-{index:d12}");
        var order = new Order
        {
            Id = id,
            Number = index == 1 ? "OG-7K3M-9QXT" : $"OG-TEST-{index:d4}",
            Key = $"k3y{index - 1:d28}",
            BasketId = $"b{index}",
            Email = email,
            ShippingAddress = address ?? new Address
            {
                Name = "Mira <b>O'Shea</b>",
                Line1 = "Rue de l'Église 4",
                Line2 = "2nd floor",
                PostalCode = "1050",
                City = "Ixelles",
                CountryCode = "BE",
            },
            ShippingCode = "standard",
            Currency = "EUR",
            SubtotalMinor = 127_800,
            ShippingMinor = 590,
            PricesIncludeTax = !taxOnTop,
            TaxIncludedMinor = taxMinor,
            TotalMinor = total,
            PlacedAt = new DateTimeOffset(2026, 11, 22, 23, 40, 0, TimeSpan.Zero),
            ReservedUntil = new DateTimeOffset(2026, 11, 23, 0, 10, 0, TimeSpan.Zero),
            TraceParent = TraceParent,
            Payment = isPaid ? Paid(id, total, paidMinor ?? total) : null,
            Lines =
            [
                Line(id, 1, "Tidal Field No. 12", "50 x 70 cm / Oak frame", 2, 61_450, "a3"),
                Line(id, 2, "Notebook \"Moss & Slate\"", "Default Title", 1, 4_900, null),
            ],
        };
        if (isPaid) order.MarkPaid(new DateTimeOffset(2026, 11, 22, 23, 41, 0, TimeSpan.Zero));
        return order;
    }

    private static Payment Paid(Guid orderId, long minor, long capturedMinor)
    {
        var payment = Payment.For(orderId, minor, "EUR", new DateTimeOffset(2026, 11, 22, 23, 41, 0, TimeSpan.Zero));
        (payment.Status, payment.CapturedMinor) = (PaymentStatus.Paid, capturedMinor);
        return payment;
    }

    private static OrderLine Line(Guid orderId, int position, string title, string variant, int quantity, long priceMinor, string? image) => new()
    {
        OrderId = orderId,
        Position = position,
        VariantId = Guid.Parse($"0192d3a4-0000-7000-8000-00000000010{position}"),
        Sku = $"SKU-{position}",
        ProductSlug = $"product-{position}",
        Title = title,
        VariantTitle = variant,
        Quantity = quantity,
        UnitPriceMinor = priceMinor,
        VatPercent = 21,
        ImageHash = image is null ? null : new string('a', 62) + image,
        ImageAlt = image is null ? null : "Waves of thin blue lines",
        ImageWidth = image is null ? null : 1600,
        ImageHeight = image is null ? null : 2000,
    };
}
