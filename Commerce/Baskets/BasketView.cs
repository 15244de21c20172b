using Commerce.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Baskets;

/// <summary>A basket with the prices and the stock of this moment.</summary>
public sealed record BasketView(string Id, IReadOnlyList<BasketLineView> Lines, int ItemCount, Money Subtotal, string Currency);

/// <summary>A line; available says whether the quantity can be had now, maxQuantity how many one may ask for.</summary>
public sealed record BasketLineView(
    Guid VariantId, string? Sku, string ProductSlug, string Title, string VariantTitle, ImageView? Image, int Quantity,
    Money UnitPrice, Money LineTotal, bool Available, int MaxQuantity);

public static class BasketReads
{
    public static async Task<Outcome<BasketView>> FindBasketAsync(this ShopDb db, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        var lines = await db.Baskets.AsNoTracking().Where(b => b.Id == id && b.OrderId == null)
            .Select(b => b.Lines.OrderBy(l => l.AddedAt).ThenBy(l => l.VariantId).Join(db.Variants, l => l.VariantId, v => v.Id, (l, v) => new
            {
                l.VariantId,
                l.Quantity,
                v.Sku,
                v.Options,
                v.Product.Slug,
                v.Product.Title,
                v.Product.PublishedAt,
                Image = v.Image ?? v.Product.Images.OrderBy(i => i.Position).FirstOrDefault(),
                Price = v.Prices.Where(p => p.Currency == Money.ShopCurrency).Select(p => (long?)p.AmountMinor).FirstOrDefault(),
                Stock = v.Stock.Sum(s => s.OnHand - s.Reserved),
            }).ToList())
            .AsSplitQuery().FirstOrDefaultAsync(cancellation);
        if (lines is null) return BasketRefusals.Unknown();

        var views = lines.Where(l => l.Price is not null && l.PublishedAt <= now).Select(l => new BasketLineView(
            l.VariantId, l.Sku, l.Slug, l.Title, CatalogReads.VariantTitle(l.Options),
            l.Image is null ? null : new ImageView(l.Image.Hash, l.Image.Alt, l.Image.Width, l.Image.Height), l.Quantity,
            Money.Of(l.Price!.Value), Money.Of(l.Price.Value * l.Quantity), l.Stock >= l.Quantity, Math.Clamp(l.Stock, 0, Basket.MaxQuantity))).ToList();
        return new BasketView(id, views, views.Sum(l => l.Quantity), Money.Of(views.Sum(l => l.LineTotal.AmountMinor)), Money.ShopCurrency);
    }
}
