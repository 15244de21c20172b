using System.Diagnostics;
using System.Security.Cryptography;
using Commerce.Shipping;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Orders;

/// <summary>A wish that has been priced, or refused for a reason that needs no lock. It changes nothing; <see cref="OrderBatch"/> decides.</summary>
internal sealed record OrderDraft(PlaceOrder Wish, int BasketVersion, Order? Order, Refusal? Refusal)
{
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    public static async Task<OrderDraft> PriceAsync(ShopDb db, PlaceOrder wish, TimeSpan holdTime, DateTimeOffset now, CancellationToken cancellation)
    {
        var basket = await db.Baskets.AsNoTracking().Where(b => b.Id == wish.BasketId)
            .Select(b => new
            {
                b.Version,
                Lines = b.Lines.OrderBy(l => l.AddedAt).ThenBy(l => l.VariantId).Join(db.Variants, l => l.VariantId, v => v.Id, (l, v) => new
                {
                    l.Quantity,
                    Variant = v,
                    Amount = v.Prices.Where(p => p.Currency == Money.ShopCurrency).Select(p => (long?)p.AmountMinor).FirstOrDefault(),
                    v.Product.Slug,
                    v.Product.Title,
                    v.Product.PublishedAt,
                    Image = v.Image ?? v.Product.Images.OrderBy(i => i.Position).FirstOrDefault(),
                }).ToList(),
            })
            .AsSplitQuery().FirstOrDefaultAsync(cancellation);
        if (basket is null) return Refused(OrderRefusals.BasketNotFound, "There is no basket with this id.");
        var lines = basket.Lines.Where(l => l.Amount is not null && l.PublishedAt <= now).ToList();
        if (lines.Count == 0) return Refused(OrderRefusals.BasketEmpty, "The basket has nothing in it that can be ordered.");

        var country = wish.ShippingAddress.CountryCode;
        var delivery = await db.DeliveryToAsync(country, cancellation);
        if (delivery is null) return Refused(OrderRefusals.CountryNotServed, $"The shop does not deliver to {country}.");

        var orderId = Guid.CreateVersion7(now);
        var orderLines = lines.Select((l, i) => new OrderLine
        {
            OrderId = orderId,
            Position = i + 1,
            VariantId = l.Variant.Id,
            Sku = l.Variant.Sku,
            ProductSlug = l.Slug,
            Title = l.Title,
            VariantTitle = Catalog.CatalogReads.VariantTitle(l.Variant.Options),
            Quantity = l.Quantity,
            UnitPriceMinor = l.Amount!.Value,
            VatPercent = delivery.VatPercent(l.Variant.TaxClass),
            ImageHash = l.Image?.Hash,
            ImageAlt = l.Image?.Alt,
            ImageWidth = l.Image?.Width,
            ImageHeight = l.Image?.Height,
        }).ToList();
        var subtotal = orderLines.Sum(l => l.LineTotalMinor);
        var shipping = delivery.Rate.PriceFor(subtotal);
        var taxable = orderLines.Select(l => (l.VatPercent, Gross: l.LineTotalMinor)).Append((VatPercent: delivery.VatPercent("standard"), Gross: shipping));
        var order = new Order
        {
            Id = orderId,
            Number = OrderNumber.New(),
            Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            BasketId = wish.BasketId,
            Email = wish.Email,
            ShippingAddress = wish.ShippingAddress,
            ShippingCode = delivery.Rate.Code,
            Currency = Money.ShopCurrency,
            SubtotalMinor = subtotal,
            ShippingMinor = shipping,
            TaxIncludedMinor = taxable.GroupBy(t => t.VatPercent).Sum(g => VatRate.IncludedIn(g.Sum(t => t.Gross), g.Key)),
            TotalMinor = subtotal + shipping,
            PlacedAt = now,
            ReservedUntil = now + holdTime,
            TraceParent = Activity.Current?.Id,
            Lines = orderLines,
            Payment = Payments.Payment.For(orderId, subtotal + shipping, Money.ShopCurrency, now),
        };
        var total = new Money(order.TotalMinor, order.Currency);
        return wish.ExpectedTotal is { } expected && expected != total
            ? new OrderDraft(wish, basket.Version, null, OrderRefusals.Changed(expected, total))
            : new OrderDraft(wish, basket.Version, order, null);

        OrderDraft Refused(string code, string detail) => new(wish, 0, null, new Refusal(code, detail));
    }
}
