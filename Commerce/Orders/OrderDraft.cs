using System.Security.Cryptography;
using Commerce.Baskets;
using Commerce.Pricing;
using Commerce.Shipping;
using Commerce.Taxes;

namespace Commerce.Orders;

/// <summary>A basket as it is under its lock, with everything its price depends on.</summary>
internal sealed record BasketReading(string Id, string Currency, Guid? CustomerId, bool IsOrdered, IReadOnlyList<LineReading> Lines);

/// <summary>Prices a wish: pure, and the only place where a basket becomes an order.</summary>
internal static class OrderDraft
{
    /// <summary>The order as it will be written, or why the shop refuses it for a reason other than stock.</summary>
    public static Outcome<Order> Price(Placing placing, BasketReading? basket, Delivery? delivery, bool pricesIncludeTax, TimeSpan holdTime, DateTimeOffset now)
    {
        var wish = placing.Wish;
        if (basket is null) return OrderRefusals.NoBasket();
        if (basket.Lines.Count == 0) return new Refusal(OrderRefusals.BasketEmpty, "The basket has nothing in it that can be ordered.");
        if (basket.Lines.Where(l => l.Obstacle is not null).ToList() is { Count: > 0 } unsold) return OrderRefusals.NotForSale(unsold);
        if (wish.ExpectedTotal is { } wanted && wanted.Currency != basket.Currency) return OrderRefusals.OtherCurrency(wanted.Currency, basket.Currency);
        if (basket.Lines.Where(l => !l.Rule.Allows(l.Quantity)).ToList() is { Count: > 0 } against) return OrderRefusals.AgainstRules(against);
        if (delivery is null) return OrderRefusals.NotServed(wish.ShippingAddress.CountryCode);

        var priced = basket.Lines.Select(l => new PricedLine(l.UnitPriceMinor, l.Quantity, delivery.VatPercent(l.TaxClass))).ToList();
        var methods = delivery.Methods(priced.Sum(l => l.AmountMinor), basket.Lines.Sum(l => (long)l.WeightGrams * l.Quantity));
        var offers = methods.Where(m => wish.ShippingCode is null || m.Code == wish.ShippingCode).Select(m => ShippingOffer.Of(m, priced, delivery, pricesIncludeTax, basket.Currency));
        // Without a wish the first that a card can be charged, as the quote offers them.
        if ((offers.FirstOrDefault(o => o.Obstacle is null) ?? offers.FirstOrDefault()) is not { } offer) return OrderRefusals.NoShipping(wish.ShippingCode, methods);

        if (wish.ExpectedTotal is { } expected && expected != offer.Total) return OrderRefusals.Changed(expected, offer.Total);
        if (offer.Obstacle is { } notChargeable) return notChargeable;
        return Write(placing, basket, offer, priced, delivery.VatPercent(VatRate.StandardClass), pricesIncludeTax, now, holdTime);
    }

    private static Order Write(Placing placing, BasketReading basket, ShippingOffer offer, List<PricedLine> priced, decimal shippingVat,
        bool pricesIncludeTax, DateTimeOffset now, TimeSpan holdTime)
    {
        var (method, totals) = (offer.Method, offer.Totals);
        var orderId = Guid.CreateVersion7(now);
        return new Order
        {
            Id = orderId,
            Number = OrderNumber.New(),
            Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            BasketId = basket.Id,
            CustomerId = basket.CustomerId,
            Email = placing.Wish.Email,
            ShippingAddress = placing.Wish.ShippingAddress,
            ShippingCode = method.Code,
            ShippingTitle = method.Title,
            Currency = basket.Currency,
            PricesIncludeTax = pricesIncludeTax,
            SubtotalMinor = totals.SubtotalMinor,
            ShippingMinor = totals.ShippingMinor,
            ShippingVatPercent = shippingVat,
            ShippingTaxMinor = totals.Shipping.TaxMinor,
            TaxIncludedMinor = totals.TaxMinor,
            TotalMinor = totals.TotalMinor,
            PlacedAt = now,
            ReservedUntil = now + holdTime,
            TraceParent = placing.TraceParent,
            Lines = [.. basket.Lines.Select((l, i) => Line(orderId, i, l, priced[i], totals.Lines[i]))],
            Payment = Payments.Payment.For(orderId, totals.TotalMinor, basket.Currency, now),
        };
    }

    private static OrderLine Line(Guid orderId, int index, LineReading line, PricedLine priced, Taxed taxed) => new()
    {
        OrderId = orderId,
        Position = index + 1,
        VariantId = line.VariantId,
        Sku = line.Sku,
        ProductSlug = line.ProductSlug,
        Title = line.Title,
        VariantTitle = line.VariantTitle,
        Quantity = line.Quantity,
        UnitPriceMinor = line.UnitPriceMinor,
        VatPercent = priced.VatPercent,
        NetMinor = taxed.NetMinor,
        TaxMinor = taxed.TaxMinor,
        GrossMinor = taxed.GrossMinor,
        ImageHash = line.Image?.Hash,
        ImageAlt = line.Image?.Alt,
        ImageWidth = line.Image?.Width,
        ImageHeight = line.Image?.Height,
    };
}
