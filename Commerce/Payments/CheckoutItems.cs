using Commerce.Orders;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>An order as Stripe's payment page lists it. The items always come to the order's total.</summary>
internal static class CheckoutItems
{
    /// <summary>Most line items of a Checkout Session in payment mode (docs.stripe.com/api/checkout/sessions/create).</summary>
    private const int Most = 100;

    /// <summary>Characters of a name at Stripe.</summary>
    private const int MaxName = 250;

    /// <summary>Line by line, with what is sent and taxed besides; an order of more items than a page lists is one item.</summary>
    public static List<SessionLineItemOptions> Of(Order order)
    {
        List<SessionLineItemOptions> items = [.. order.Lines.OrderBy(l => l.Position).Select(l => Item(l.Title, l.VariantTitle, l.UnitPriceMinor, l.Quantity, order.Currency))];
        if (order.ShippingMinor > 0) items.Add(Item("Shipping", order.ShippingTitle, order.ShippingMinor, 1, order.Currency));
        if (!order.PricesIncludeTax && order.TaxIncludedMinor > 0) items.Add(Item("VAT", "", order.TaxIncludedMinor, 1, order.Currency));
        return items.Count <= Most ? items : [Item($"Order {order.Number} ({order.Lines.Count} items)", "", order.TotalMinor, 1, order.Currency)];
    }

    private static SessionLineItemOptions Item(string name, string description, long unitMinor, int quantity, string currency) => new()
    {
        Quantity = quantity,
        PriceData = new SessionLineItemPriceDataOptions
        {
            Currency = currency.ToLowerInvariant(),
            UnitAmount = StripeAmount.Of(unitMinor, currency),
            ProductData = new SessionLineItemPriceDataProductDataOptions { Name = Shortened(name), Description = description == "" ? null : description },
        },
    };

    private static string Shortened(string name) =>
        name.Length <= MaxName ? name : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[MaxName - 2]) ? MaxName - 2 : MaxName - 1), "…");
}
