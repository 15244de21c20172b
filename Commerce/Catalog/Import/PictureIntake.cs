using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>Takes the pictures that rows name into the gallery of their product.</summary>
internal sealed class PictureIntake(ShopDb db, ImageSource images, ImportReport report)
{
    public const string Position = "Image Position";

    /// <summary>Where pictures of the product at hand stand by the file: one that stands in two places is two of the gallery.</summary>
    private readonly Dictionary<ProductImage, string> _places = [];

    public async Task TakeAsync(Product product, IReadOnlyList<ShopifyRow> rows, CancellationToken cancellation)
    {
        _places.Clear();
        // The gallery first, in its order: a variant's picture is usually one of it.
        var ordered = new Dictionary<ProductImage, int>();
        foreach (var (row, place, isSaid) in InOrder(rows.Where(r => r.Has("Image Src"))))
        {
            if (await TakeImageAsync(product, row, "Image Src", row["Image Alt Text"], cancellation) is not { } image) continue;
            _places[image] = row[Position];
            if (isSaid) ordered.TryAdd(image, place);
        }
        Arrange(ordered);
        foreach (var row in rows.Where(r => r.Has("Variant Image")))
        {
            var image = await TakeImageAsync(product, row, "Variant Image", "", cancellation);
            var variant = product.Variants.Find(v => row.Sku != "" ? v.Sku == row.Sku : v.Options.SequenceEqual(row.IsDefault ? [] : row.Options));
            // Of a picture that stands in two places the file does not say which: the variant keeps its own.
            if (image is not null && variant is not null && product.Images.Find(i => i.Id == variant.ImageId)?.Hash != image.Hash) (variant.ImageId, variant.Image) = (image.Id, image);
        }
    }

    /// <summary>The rows by the positions they name; one that names none comes behind the row above it.</summary>
    private static IEnumerable<(ShopifyRow Row, int Place, bool IsSaid)> InOrder(IEnumerable<ShopifyRow> rows)
    {
        var last = 0;
        var placed = new List<(ShopifyRow Row, int Place, bool IsSaid)>();
        foreach (var row in rows)
        {
            if (row.TryCount(Position, int.MaxValue, out var place) && place is not null) last = place.Value;
            placed.Add((row, last, place is not null));
        }
        return placed.OrderBy(p => p.Place);
    }

    /// <summary>The pictures exchange the places they have, so that they follow each other as the file says; others of the gallery stay where they are.</summary>
    private static void Arrange(Dictionary<ProductImage, int> ordered)
    {
        List<int> places = [.. ordered.Keys.Select(i => i.Position).Order()];
        foreach (var (image, place) in ordered.OrderBy(o => o.Value).ThenBy(o => o.Key.Position).Select(o => o.Key).ToList().Zip(places)) image.Position = place;
    }

    /// <summary>
    /// A picture known by an address is not fetched again; one from the folder is compared by its hash, and takes the place of the one it had been: with its text where the
    /// file says none, and with its variants.
    /// </summary>
    private async Task<ProductImage?> TakeImageAsync(Product product, ShopifyRow row, string column, string alt, CancellationToken cancellation)
    {
        var source = row[column];
        var place = column == "Image Src" ? row[Position] : "";
        var image = product.Images.OrderBy(i => i.Position).FirstOrDefault(i => (i.Source == source || source.StartsWith(i.Hash, StringComparison.Ordinal)) && MayStandAt(i, place));
        if (image is null || (images.MayHaveChanged(source) && db.Entry(image).State == EntityState.Unchanged))
        {
            var (stored, reason) = await images.FetchAsync(source, cancellation);
            if (stored is null)
            {
                row.Refuse(column, reason!);
                return image;
            }
            image ??= product.Images.Find(i => i.Hash == stored.Hash && MayStandAt(i, place));
            if (image is null)
            {
                image = new ProductImage
                {
                    Id = Guid.CreateVersion7(),
                    ProductId = product.Id,
                    Position = product.Images.Select(i => i.Position).DefaultIfEmpty().Max() + 1,
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
            else if (image.Hash != stored.Hash)
            {
                (image.Hash, image.Width, image.Height, image.Source) = (stored.Hash, stored.Width, stored.Height, source);
                report.Images++;
            }
        }
        if (alt != "") image.Alt = alt;
        return image;
    }

    private bool MayStandAt(ProductImage image, string place) => place == "" || !_places.TryGetValue(image, out var known) || known == place || known == "";
}
