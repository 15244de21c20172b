using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>Takes variants out of their rows, with prices and stock. Stock that exists is only noted, for <see cref="CountAsync"/>.</summary>
internal sealed class VariantIntake(ShopDb db, ImportReport report)
{
    private readonly List<(StockCount Count, ShopifyRow Row)> _counts = [];

    /// <summary>Variants whose stock will be another.</summary>
    public IEnumerable<Guid> Recounted => _counts.Select(c => c.Count.VariantId);

    public void Forget() => _counts.Clear();

    /// <summary>Stock that exists is counted under its lock, because orders change it meanwhile.</summary>
    public async Task CountAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var (count, reserved) in await db.CountAllAsync([.. _counts.Select(c => c.Count)], "import", now, cancellation))
            _counts.First(c => c.Count == count).Row.Refuse("Variant Inventory Qty", $"{reserved} units are promised to orders, so the stock cannot become {count.OnHand}.");
        _counts.Clear();
    }

    public void Take(Product product, ShopifyRow row, Dictionary<string, Guid> skuOwners, DateTimeOffset now)
    {
        if (!ProductRowReader.TryReadVariant(row, product, out var read)) return;
        if (read.Sku is not null && skuOwners.TryGetValue(read.Sku, out var owner) && owner != product.Id)
        {
            row.Refuse("Variant SKU", $"SKU '{read.Sku}' belongs to another product already.");
            return;
        }
        var variant = product.Variants.Find(v => read.Sku is not null && v.Sku == read.Sku)
            ?? product.Variants.Find(v => v.Options.SequenceEqual(read.Options) && (v.Sku is null || read.Sku is null));
        var twin = product.Variants.Find(v => v != variant && v.Options.SequenceEqual(read.Options));
        if (twin is not null || (variant is not null && db.Entry(variant).State is EntityState.Added or EntityState.Detached))
        {
            row.Refuse(twin is not null ? "Option1 Value" : "Variant SKU", "Another row of this product has the same options or SKU already.");
            return;
        }
        if (variant is null)
        {
            variant = new Variant { Id = Guid.CreateVersion7(now), ProductId = product.Id, Position = product.Variants.Count + 1 };
            product.Variants.Add(variant);
        }
        (variant.Sku, variant.Options) = (read.Sku ?? variant.Sku, read.Options);
        if (row.Speaks("Variant Barcode")) variant.Barcode = read.Barcode;
        if (row.Has("Variant Inventory Policy")) SetPolicy(variant, row);
        if (read.Grams is { } grams) variant.WeightGrams = grams;
        variant.SetPrice(read.PriceMinor, read.CompareAtMinor);
        foreach (var (currency, minor, compareAt) in read.Foreign) variant.SetPrice(minor, compareAt, currency);
        if (variant.Sku is not null) skuOwners[variant.Sku] = product.Id;
        if (read.Quantity is { } quantity) Stock(variant, quantity, row, now);
        else if (variant.AllowsBackorder && variant.Stock.Count == 0) Stock(variant, 0, row, now); // what is owed must be owed somewhere
        report.Variants++;
    }

    private static void SetPolicy(Variant variant, ShopifyRow row)
    {
        var allows = row["Variant Inventory Policy"].Equals("continue", StringComparison.OrdinalIgnoreCase);
        if (!allows && variant.Stock.Exists(s => s.OnHand < s.Reserved))
            row.Refuse("Variant Inventory Policy", "More units are promised to orders than there are, so backorders cannot be ended.");
        else
            variant.AllowsBackorder = allows;
    }

    private void Stock(Variant variant, int quantity, ShopifyRow row, DateTimeOffset now)
    {
        if (variant.Stock.Find(s => s.LocationId == Location.MainId) is { } known)
        {
            if (known.OnHand != quantity) _counts.Add((new StockCount(variant.Id, Location.MainId, quantity), row));
            return;
        }
        var item = new StockItem { Id = Guid.CreateVersion7(now), VariantId = variant.Id, LocationId = Location.MainId };
        variant.Stock.Add(item);
        db.StockItems.Add(item);
        db.Count(item, quantity, "import", now);
    }
}
