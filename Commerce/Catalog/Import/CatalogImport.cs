using Commerce.Media;
using Commerce.Stock;
using Ganss.Xss;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Catalog.Import;

/// <summary>
/// Takes a Shopify product CSV into the shop: products by handle, variants by SKU (or by their options), so that a second run of the same
/// file changes nothing. Bad rows are reported and skipped; the others land. Streams, and commits every <see cref="BatchSize"/> products.
/// </summary>
public sealed class CatalogImport(ShopDb db, MediaStore media, PublicHttp http, TimeProvider clock)
{
    public const int BatchSize = 50;

    private readonly HtmlSanitizer _sanitizer = new();
    private readonly List<(StockCount Count, ShopifyRow Row)> _counts = [];

    /// <exception cref="ImportFileException">The file as a whole cannot be read.</exception>
    public async Task<ImportReport> RunAsync(string csvPath, string imagesFolder, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var report = new ImportReport();
        using var file = new ShopifyFile(csvPath, report);
        var images = new ImageSource(imagesFolder, media, http);
        var products = 0;
        foreach (var batch in file.Products().Chunk(BatchSize))
        {
            await LandAsync(batch, images, report, cancellation);
            products += batch.Length;
            progress?.Report(new ImportProgress(file.Share, products, report.ProblemCount));
        }
        progress?.Report(new ImportProgress(1, products, report.ProblemCount));
        return report;
    }

    /// <summary>What the database does not take as a batch is tried product by product, so that one costs no other.</summary>
    private async Task LandAsync(ProductRows[] batch, ImageSource images, ImportReport report, CancellationToken cancellation)
    {
        var mark = report.Mark();
        try
        {
            await ImportBatchAsync(batch, images, report, cancellation);
            return;
        }
        catch (Exception error) when (WhyNotTaken(error) is not null)
        {
            _counts.Clear();
            report.ReturnTo(mark);
            if (batch is [var only])
            {
                only.Rows[0].Refuse(ShopifyRow.Handle, $"'{only.Handle}' could not be kept: {WhyNotTaken(error)}");
                return;
            }
        }
        foreach (var product in batch) await LandAsync([product], images, report, cancellation);
    }

    /// <summary>Why the database did not take the data; null when it was something else, such as a database that is away.</summary>
    private static string? WhyNotTaken(Exception error) => error switch
    {
        DbUpdateConcurrencyException => "somebody changed it at the same time; import it again.",
        DbUpdateException { InnerException: PostgresException inner } => WhyNotTaken(inner),
        // Classes of SQLSTATE: data, integrity, program limits (a value too large for its index).
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } refused => $"{refused.MessageText} ({refused.SqlState})",
        _ => null,
    };

    private async Task ImportBatchAsync(ProductRows[] batch, ImageSource images, ImportReport report, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        string[] slugs = [.. batch.Select(b => b.Handle).Distinct()];
        var known = await db.Products.AsSplitQuery().Where(p => slugs.Contains(p.Slug))
            .Include(p => p.Variants).ThenInclude(v => v.Prices)
            .Include(p => p.Variants).ThenInclude(v => v.Stock)
            .Include(p => p.Images).Include(p => p.Collections).Include(p => p.Attributes).Include(p => p.ListPrices)
            .ToDictionaryAsync(p => p.Slug, cancellation);
        var collections = await CollectionsOfAsync(batch, cancellation);
        var attributes = await AttributesOfAsync(batch[0].Rows[0].Header, cancellation);
        var touched = new List<Product>();
        string[] skus = [.. batch.SelectMany(b => b.Rows).Select(r => r["Variant SKU"]).Where(s => s != "").Distinct()];
        var skuOwners = await db.Variants.Where(v => skus.Contains(v.Sku!)).ToDictionaryAsync(v => v.Sku!, v => v.ProductId, cancellation);
        var rank = await db.Products.MaxAsync(p => (int?)p.FeaturedRank, cancellation) ?? 0;

        foreach (var rows in batch)
        {
            var isNew = !known.TryGetValue(rows.Handle, out var product);
            var first = rows.Rows[0];
            if (isNew && !first.Has(ShopifyRow.Title))
            {
                first.Refuse(ShopifyRow.Title, $"The first row of a new product needs a title; '{rows.Handle}' was not imported.");
                continue;
            }
            var now = clock.GetUtcNow();
            product ??= new Product { Id = Guid.CreateVersion7(now), Slug = rows.Handle, Title = first[ShopifyRow.Title], FeaturedRank = rank + 1, CreatedAt = now };
            ProductRowReader.Describe(product, first, _sanitizer, now);
            ProductRowReader.DescribeAttributes(product, first, attributes);
            foreach (var row in rows.Rows.Where(r => r.IsVariant)) TakeVariant(product, row, skuOwners, report, now);
            if (product.Variants.Count == 0)
            {
                first.Refuse(ShopifyRow.Handle, $"No variant of '{rows.Handle}' could be imported, so the product was not.");
                continue;
            }
            await TakeImagesAsync(product, rows.Rows, images, report, cancellation);
            foreach (var slug in rows.Rows.Select(r => Slug.From(r["Collection"])).Where(s => s != "").Distinct())
                if (!product.Collections.Exists(c => c.CollectionId == collections[slug].Id))
                    product.Collections.Add(new CollectionProduct { CollectionId = collections[slug].Id, ProductId = product.Id });
            product.Reprice();
            touched.Add(product);
            if (isNew)
            {
                db.Products.Add(product);
                known.Add(product.Slug, product);
                rank++;
                report.Created++;
            }
            else report.Updated++;
        }
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await db.SaveChangesAsync(acceptAllChangesOnSuccess: false, cancellation);
            await db.RefreshMembershipAsync([.. touched.Select(p => p.Id)], cancellation);
            await transaction.CommitAsync(cancellation);
        });
        db.ChangeTracker.AcceptAllChanges();
        await CountAsync(cancellation);
    }

    private async Task<Dictionary<string, AttributeDefinition>> AttributesOfAsync(ShopifyHeader header, CancellationToken cancellation)
    {
        string[] keys = [.. header.Attributes.Select(a => a.Key)];
        var known = await db.Set<AttributeDefinition>().Where(d => keys.Contains(d.Key)).ToDictionaryAsync(d => d.Key, cancellation);
        foreach (var column in header.Attributes.Where(c => !known.ContainsKey(c.Key)))
        {
            known[column.Key] = new AttributeDefinition { Key = column.Key, Label = column.Label == "" ? column.Key : column.Label };
            db.Add(known[column.Key]);
        }
        return known;
    }

    /// <summary>Stock that exists is counted under its lock, because orders change it meanwhile.</summary>
    private async Task CountAsync(CancellationToken cancellation)
    {
        foreach (var (count, reserved) in await db.CountAllAsync([.. _counts.Select(c => c.Count)], "import", clock.GetUtcNow(), cancellation))
            _counts.First(c => c.Count == count).Row.Refuse("Variant Inventory Qty", $"{reserved} units are promised to orders, so the stock cannot become {count.OnHand}.");
        _counts.Clear();
    }

    private void TakeVariant(Product product, ShopifyRow row, Dictionary<string, Guid> skuOwners, ImportReport report, DateTimeOffset now)
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

    private async Task TakeImagesAsync(Product product, IReadOnlyList<ShopifyRow> rows, ImageSource images, ImportReport report, CancellationToken cancellation)
    {
        // The gallery first, in its order: a variant's picture is usually one of it.
        foreach (var row in rows.Where(r => r.Has("Image Src")))
            await TakeImageAsync(product, row, "Image Src", row["Image Alt Text"], images, report, cancellation);
        foreach (var row in rows.Where(r => r.Has("Variant Image")))
        {
            var image = await TakeImageAsync(product, row, "Variant Image", "", images, report, cancellation);
            var variant = product.Variants.Find(v => row.Has("Variant SKU") ? v.Sku == row["Variant SKU"] : v.Options.SequenceEqual(row.Options));
            if (image is not null && variant is not null) (variant.ImageId, variant.Image) = (image.Id, image);
        }
    }

    /// <summary>A picture known by an address is not fetched again; one from the folder is compared by its hash.</summary>
    private async Task<ProductImage?> TakeImageAsync(Product product, ShopifyRow row, string column, string alt, ImageSource images, ImportReport report,
        CancellationToken cancellation)
    {
        var source = row[column];
        var image = product.Images.Find(i => i.Source == source || source.StartsWith(i.Hash, StringComparison.Ordinal));
        if (image is null || (images.MayHaveChanged(source) && db.Entry(image).State == EntityState.Unchanged))
        {
            var (stored, reason) = await images.FetchAsync(source, cancellation);
            if (stored is null)
            {
                row.Refuse(column, reason!);
                return image;
            }
            image ??= product.Images.Find(i => i.Hash == stored.Hash);
            if (image?.Hash != stored.Hash)
            {
                var position = image?.Position ?? product.Images.Count + 1;
                if (image is not null) product.Images.Remove(image);
                image = new ProductImage
                {
                    Id = Guid.CreateVersion7(),
                    ProductId = product.Id,
                    Position = position,
                    Hash = stored.Hash,
                    Alt = alt == "" ? product.Title : alt,
                    Width = stored.Width,
                    Height = stored.Height,
                    Source = source,
                };
                product.Images.Add(image);
                if (db.Entry(product).State != EntityState.Detached) db.Add(image);
                report.Images++;
            }
        }
        if (alt != "") image.Alt = alt;
        return image;
    }

    private async Task<Dictionary<string, Collection>> CollectionsOfAsync(ProductRows[] batch, CancellationToken cancellation)
    {
        var titles = batch.SelectMany(b => b.Rows).Select(r => r["Collection"]).Where(t => t != "").DistinctBy(Slug.From).ToDictionary(Slug.From);
        string[] slugs = [.. titles.Keys];
        var known = await db.Collections.Where(c => slugs.Contains(c.Slug)).ToDictionaryAsync(c => c.Slug, cancellation);
        var position = await db.Collections.MaxAsync(c => (int?)c.Position, cancellation) ?? 0;
        foreach (var (slug, title) in titles.Where(t => !known.ContainsKey(t.Key)))
        {
            known[slug] = new Collection { Id = Guid.CreateVersion7(), Slug = slug, Title = title, Position = ++position };
            db.Collections.Add(known[slug]);
        }
        return known;
    }
}
