using Commerce;
using Commerce.Catalog;
using Commerce.Stock;
using Tests.Fixture;

namespace Tests.Api;

internal static class Goods
{
    /// <summary>A product on sale with one variant per name of a value of its only option, or a single one.</summary>
    public static async Task<Guid> AddAsync(ShopDatabase shop, string slug, int stock, long priceMinor, int variants = 1)
    {
        await using var db = shop.Open();
        return await AddAsync(db, slug, stock, priceMinor, variants);
    }

    public static async Task<Guid> AddAsync(ShopDb db, string slug, int stock, long priceMinor, int variants = 1)
    {
        var now = DateTimeOffset.UtcNow;
        var product = new Product { Id = Guid.CreateVersion7(), Slug = slug, Title = slug, ProductType = "Print", PublishedAt = now.AddMinutes(-1), CreatedAt = now, UpdatedAt = now };
        if (variants > 1) product.OptionNames = ["Size"];
        for (var i = 1; i <= variants; i++)
        {
            var variant = new Variant { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = i, Sku = $"{slug}-{i}", Options = variants > 1 ? [$"S{i}"] : [] };
            variant.SetPrice(priceMinor + i - 1, null);
            product.Variants.Add(variant);
            var item = new StockItem { Id = Guid.CreateVersion7(), VariantId = variant.Id, LocationId = Location.MainId };
            variant.Stock.Add(item);
            db.Count(item, stock, "test", now);
        }
        product.Images.Add(new ProductImage { Id = Guid.CreateVersion7(), ProductId = product.Id, Position = 1, Hash = new string('a', 64), Alt = slug, Width = 3, Height = 2, Source = "a.png" });
        product.Reprice();
        db.Add(product);
        await db.SaveChangesAsync();
        return product.Variants[0].Id;
    }
}
