using Commerce.Pricing;
using Commerce.Shipping;
using Commerce.Taxes;

namespace Commerce.Orders;

/// <summary>A way to have a basket sent, and what the order comes to with it.</summary>
internal sealed record ShippingOffer(ShippingRate Method, OrderTotals Totals, string Currency)
{
    public Money Total => new(Totals.TotalMinor, Currency);

    /// <summary>Why no card can be charged the total; null when one can.</summary>
    public Refusal? Obstacle => OrderRefusals.NotChargeable(Total);

    public static ShippingOffer Of(ShippingRate method, IReadOnlyList<PricedLine> lines, Delivery delivery, bool pricesIncludeTax, string currency) =>
        new(method, OrderTotals.Of(lines, method.PriceFor(lines.Sum(l => l.AmountMinor)), delivery.VatPercent(VatRate.StandardClass), pricesIncludeTax, currency), currency);
}
