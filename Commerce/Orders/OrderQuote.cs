using Commerce.Baskets;
using Commerce.Pricing;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>The ways to have a basket sent to a country, and what the order would come to with each.</summary>
public sealed record OrderQuote(string CountryCode, string Currency, bool PricesIncludeTax, IReadOnlyList<ShippingQuote> Items);

/// <summary>A method of sending. Price is as the shop shows prices; total is what would be paid, taxIncluded the VAT in it.</summary>
public sealed record ShippingQuote(string Code, string Title, Money Price, Money TaxIncluded, Money Total);

/// <summary>What the shop would answer to an order that is not placed yet.</summary>
public static class OrderQuotes
{
    /// <summary>
    /// Priced like the order itself, at this moment; an order that expects another total is refused. A way of sending with which no card could be charged the total is
    /// not offered, and where that leaves none, the quote is refused as the order would be.
    /// </summary>
    public static Task<Outcome<OrderQuote>> QuoteOrderAsync(this ShopDb db, string basketId, string countryCode, DateTimeOffset now, CancellationToken cancellation,
        Shopper shopper = default) =>
        db.ConnectedAsync(async () => Quote(await PlacingReading.PeekAsync(db, basketId, countryCode, now, cancellation), basketId, countryCode, shopper), cancellation);

    private static Outcome<OrderQuote> Quote(PlacingReading reading, string basketId, string countryCode, Shopper shopper)
    {
        if (reading.BasketOf(basketId) is not { } basket || !shopper.MayUse(basket.CustomerId) || basket.IsOrdered) return BasketRefusals.Unknown();
        if (reading.DeliveryTo(countryCode, basket.Currency) is not { } delivery) return OrderRefusals.NotServed(countryCode);
        var sold = basket.Lines.Where(l => l.Obstacle is null).ToList();
        var lines = sold.Select(l => new PricedLine(l.UnitPriceMinor, l.Quantity, delivery.VatPercent(l.TaxClass))).ToList();
        var offers = delivery.Methods(lines.Sum(l => l.AmountMinor), sold.Sum(l => (long)l.WeightGrams * l.Quantity))
            .Select(method => ShippingOffer.Of(method, lines, delivery, reading.PricesIncludeTax, basket.Currency)).ToList();
        var payable = offers.FindAll(o => o.Obstacle is null);
        if (payable.Count == 0 && offers.Count > 0) return offers[0].Obstacle!;
        return new OrderQuote(countryCode, basket.Currency, reading.PricesIncludeTax,
            [.. payable.Select(o => new ShippingQuote(o.Method.Code, o.Method.Title, In(o.Totals.ShippingMinor), In(o.Totals.TaxMinor), o.Total))]);

        Money In(long amountMinor) => new(amountMinor, basket.Currency);
    }
}
