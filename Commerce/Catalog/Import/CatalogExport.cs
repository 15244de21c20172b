using System.Globalization;
using System.Text;
using Commerce.Media;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>
/// Writes the catalogue as Shopify's product CSV, so that importing it again changes nothing. Streams: a bounded number of products is in
/// memory. Pictures that came from an address keep it, the others are named after their master.
/// </summary>
public sealed class CatalogExport(ShopDb db, MediaStore media)
{
    public const int BatchSize = 100;

    private readonly Dictionary<string, string> _labels = [];
    private List<Location> _locations = [];
    private ILookup<Guid, (int Quantity, string Reference)> _components = Array.Empty<(Guid, (int, string))>().ToLookup(c => c.Item1, c => c.Item2);

    /// <param name="withStock">False leaves out the columns about stock: who may not read it is not told by the catalogue, and importing the rest changes none.</param>
    /// <param name="imagesFolder">Where to put a copy of each master; null for none.</param>
    /// <returns>How many products were written.</returns>
    public async Task<int> WriteAsync(Stream target, bool withStock, string? imagesFolder, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        var attributes = await db.Set<AttributeDefinition>().AsNoTracking().OrderBy(d => d.Key).ToListAsync(cancellation);
        foreach (var attribute in attributes) _labels[attribute.Key] = attribute.Label;
        var currencies = await db.Set<ListPrice>().Select(p => p.Currency).Distinct().Where(c => c != Money.ShopCurrency).OrderBy(c => c).ToListAsync(cancellation);
        _locations = await db.Locations.AsNoTracking().Where(l => l.Id != Location.MainId).OrderBy(l => l.Priority).ThenBy(l => l.Name).ToListAsync(cancellation);
        var columns = Columns(attributes, currencies).Where(c => withStock || !ShopifyHeader.IsAboutStock(c)).ToList();
        await WriteAsync(writer, columns);
        var products = await db.WithoutRemovedDemoAsync(cancellation);
        var total = await products.CountAsync(cancellation);
        if (imagesFolder is not null) Directory.CreateDirectory(imagesFolder);
        var (written, rank, id) = (0, int.MinValue, Guid.Empty);
        while (true)
        {
            var batch = await products.AsNoTracking().AsSplitQuery()
                .Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.FeaturedRank, p.Id), ValueTuple.Create(rank, id)))
                .OrderBy(p => p.FeaturedRank).ThenBy(p => p.Id).Take(BatchSize)
                .Include(p => p.Variants).ThenInclude(v => v.Prices).Include(p => p.Variants).ThenInclude(v => v.Stock)
                .Include(p => p.Images).Include(p => p.Attributes).Include(p => p.Collections).ThenInclude(c => c.Collection).ThenInclude(c => c.Rules)
                .ToListAsync(cancellation);
            if (batch.Count == 0) return written;
            await ReadComponentsAsync([.. batch.SelectMany(p => p.Variants).Select(v => v.Id)], cancellation);
            foreach (var product in batch)
            {
                foreach (var row in Rows(product, currencies)) await WriteAsync(writer, columns.Select(c => row.GetValueOrDefault(c, "")));
                if (imagesFolder is not null) CopyMasters(product, imagesFolder);
            }
            await writer.FlushAsync(cancellation);
            (rank, id) = (batch[^1].FeaturedRank, batch[^1].Id);
            written += batch.Count;
            progress?.Report(new ImportProgress(total == 0 ? 1 : Math.Min(1, (double)written / total), written, 0));
        }
    }

    private List<string> Columns(List<AttributeDefinition> attributes, List<string> currencies) =>
    [
        "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
        "Variant SKU", "Variant Grams", "Variant Inventory Tracker", ShopifyRow.Quantity, "Variant Inventory Policy", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable",
        "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Variant Image", "Variant Weight Unit", "Status", "Collection", "Published At",
        .. attributes.Select(a => ShopifyHeader.AttributeName(a.Label, a.Key)),
        .. ShopColumns.All,
        .. attributes.Where(a => a.Type != AttributeType.Text || !a.Filterable).Select(ShopColumns.DefinitionName),
        .. _locations.Select(l => ShopColumns.StockName(l.Name)),
        .. currencies.SelectMany(c => new[] { ShopifyHeader.PriceName(c), ShopifyHeader.CompareAtName(c) }),
    ];

    private async Task ReadComponentsAsync(List<Guid> bundles, CancellationToken cancellation)
    {
        var components = await db.BundleComponents.AsNoTracking().Where(c => bundles.Contains(c.BundleId))
            .Join(db.Variants, c => c.ComponentId, v => v.Id, (c, v) => new { c.BundleId, c.Quantity, v.Sku, v.Product.Slug, v.Options }).ToListAsync(cancellation);
        _components = components.ToLookup(c => c.BundleId, c => (c.Quantity, VariantReference.To(c.Sku, c.Slug, c.Options)));
    }

    /// <summary>One row per variant or picture, whichever are more; the first also describes the product.</summary>
    private IEnumerable<Dictionary<string, string>> Rows(Product product, List<string> currencies)
    {
        var variants = product.Variants.OrderBy(v => v.Position).ToList();
        var images = product.Images.OrderBy(i => i.Position).ToList();
        // Membership by rule comes back by itself.
        var collections = product.Collections.Where(c => c.Collection.Rules.Count == 0).Select(c => c.Collection).OrderBy(c => c.Position).ThenBy(c => c.Slug).ToList();
        for (var i = 0; i < Math.Max(Math.Max(variants.Count, images.Count), Math.Max(collections.Count, 1)); i++)
        {
            var row = new Dictionary<string, string> { ["Handle"] = product.Slug };
            if (i == 0) Describe(product, row);
            if (i < variants.Count) Describe(variants[i], product, images, currencies, row);
            if (i < images.Count) (row["Image Src"], row["Image Position"], row["Image Alt Text"]) = (SourceOf(images[i]), Text(i + 1), CsvCell.Wrap(images[i].Alt));
            if (i < collections.Count) (row["Collection"], row[ShopColumns.CollectionHandle]) = (CsvCell.Wrap(collections[i].Title), collections[i].Slug);
            yield return row;
        }
    }

    private void Describe(Product product, Dictionary<string, string> row)
    {
        (row["Title"], row["Body (HTML)"], row["Vendor"], row["Type"], row["Tags"]) =
            (CsvCell.Wrap(product.Title), CsvCell.Wrap(Description(product)), CsvCell.Wrap(product.Vendor), CsvCell.Wrap(product.ProductType), CsvCell.Join(product.Tags, ','));
        (row["SEO Title"], row["SEO Description"]) = (CsvCell.Wrap(product.SeoTitle ?? ""), CsvCell.Wrap(product.SeoDescription ?? ""));
        row["Published"] = product.PublishedAt is null ? "FALSE" : "TRUE";
        row["Status"] = product.ArchivedAt is not null ? "archived" : product.PublishedAt is null ? "draft" : "active";
        (row["Published At"], row[ShopColumns.ArchivedAt]) = (Text(product.PublishedAt), Text(product.ArchivedAt));
        if (product.Variants.Count == 0) row[ShopColumns.WithoutVariants] = "TRUE";
        for (var i = 0; i < product.OptionNames.Count; i++) row[$"Option{i + 1} Name"] = CsvCell.Wrap(product.OptionNames[i]);
        if (product.OptionNames.Count == 0 && product.Variants.Count > 0) row["Option1 Name"] = "Title";
        foreach (var group in product.Attributes.OrderBy(a => a.Position).GroupBy(a => a.Key))
            row[_labels.TryGetValue(group.Key, out var label) ? ShopifyHeader.AttributeName(label, group.Key) : group.Key] = CsvCell.Join(group.Select(a => a.Value), ';');
    }

    /// <summary>A record has a limit of lines, by which a quote that is never closed is found; HTML can do without.</summary>
    private static string Description(Product product) =>
        product.DescriptionHtml.AsSpan().Count('\n') > CsvRecords.MaxLines / 2 ? product.DescriptionHtml.Replace("\n", "&#10;") : product.DescriptionHtml;

    private void Describe(Variant variant, Product product, List<ProductImage> images, List<string> currencies, Dictionary<string, string> row)
    {
        for (var i = 0; i < variant.Options.Count; i++) row[$"Option{i + 1} Value"] = CsvCell.Wrap(variant.Options[i]);
        if (product.OptionNames.Count == 0) row["Option1 Value"] = CsvCell.DefaultOption;
        (row["Variant SKU"], row["Variant Grams"], row["Variant Barcode"]) = (CsvCell.Wrap(variant.Sku is ['\'', ..] ? $"'{variant.Sku}" : variant.Sku ?? ""), Text(variant.WeightGrams), CsvCell.Wrap(variant.Barcode ?? ""));
        // The format knows one location, the main one; units that are owed to orders are no count of a shelf.
        if (variant.Stock.Find(s => s.LocationId == Location.MainId) is { OnHand: >= 0 } stock) (row["Variant Inventory Tracker"], row[ShopifyRow.Quantity]) = ("shopify", Text(stock.OnHand));
        foreach (var location in _locations)
            if (variant.Stock.Find(s => s.LocationId == location.Id) is { OnHand: >= 0 } there) row[ShopColumns.StockName(location.Name)] = Text(there.OnHand);
        (row[ShopColumns.TaxClass], row[ShopColumns.MinQuantity], row[ShopColumns.QuantityStep]) = (variant.TaxClass, Text(variant.MinQuantity), Text(variant.QuantityStep));
        if (variant.MaxQuantity is { } most) row[ShopColumns.MaxQuantity] = Text(most);
        if (variant.LowStockThreshold is { } low) row[ShopColumns.LowStock] = Text(low);
        if (_components.Contains(variant.Id)) row[ShopColumns.Components] = BundleIntake.Write(_components[variant.Id]);
        row["Variant Inventory Policy"] = variant.AllowsBackorder ? "continue" : "deny";
        (row["Variant Requires Shipping"], row["Variant Taxable"], row["Variant Weight Unit"]) = ("TRUE", "TRUE", "g");
        foreach (var price in variant.Prices.Where(p => p.Currency == Money.ShopCurrency || currencies.Contains(p.Currency)))
        {
            var isOurs = price.Currency == Money.ShopCurrency;
            row[isOurs ? ShopifyRow.Price : ShopifyHeader.PriceName(price.Currency)] = new Money(price.AmountMinor, price.Currency).ToPlainText();
            row[isOurs ? "Variant Compare At Price" : ShopifyHeader.CompareAtName(price.Currency)] = price.CompareAtMinor is { } was ? new Money(was, price.Currency).ToPlainText() : "";
        }
        if (images.Find(i => i.Id == variant.ImageId) is { } image) row["Variant Image"] = SourceOf(image);
    }

    private void CopyMasters(Product product, string folder)
    {
        foreach (var image in product.Images)
            if (media.PathOf(image.Hash) is { } master && Path.Combine(folder, Path.GetFileName(master)) is var copy && !File.Exists(copy)) File.Copy(master, copy);
    }

    private static string SourceOf(ProductImage image) => ImageSource.IsAddress(image.Source) ? image.Source : $"{image.Hash}{Path.GetExtension(image.Source)}";

    private static string Text(DateTimeOffset? moment) => moment?.ToString("O", CultureInfo.InvariantCulture) ?? "";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task WriteAsync(StreamWriter writer, IEnumerable<string> fields) => writer.WriteLineAsync(string.Join(',', fields.Select(Quote)));

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
