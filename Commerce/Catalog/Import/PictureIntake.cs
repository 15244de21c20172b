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
        foreach (var row in rows.Where(r => r.Has("Image Src")))
            if (await TakeImageAsync(product, row, "Image Src", row["Image Alt Text"], cancellation) is { } image) _places[image] = row[Position];
        foreach (var row in rows.Where(r => r.Has("Variant Image")))
        {
            var image = await TakeImageAsync(product, row, "Variant Image", "", cancellation);
            var variant = product.Variants.Find(v => row.Sku != "" ? v.Sku == row.Sku : v.Options.SequenceEqual(row.IsDefault ? [] : row.Options));
            if (image is not null && variant is not null) (variant.ImageId, variant.Image) = (image.Id, image);
        }
    }

    /// <summary>A picture known by an address is not fetched again; one from the folder is compared by its hash.</summary>
    private async Task<ProductImage?> TakeImageAsync(Product product, ShopifyRow row, string column, string alt, CancellationToken cancellation)
    {
        var source = row[column];
        var place = column == "Image Src" ? row[Position] : "";
        var image = product.Images.Find(i => (i.Source == source || source.StartsWith(i.Hash, StringComparison.Ordinal)) && MayStandAt(i, place));
        if (image is null || (images.MayHaveChanged(source) && db.Entry(image).State == EntityState.Unchanged))
        {
            var (stored, reason) = await images.FetchAsync(source, cancellation);
            if (stored is null)
            {
                row.Refuse(column, reason!);
                return image;
            }
            image ??= product.Images.Find(i => i.Hash == stored.Hash && MayStandAt(i, place));
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

    private bool MayStandAt(ProductImage image, string place) => place == "" || !_places.TryGetValue(image, out var known) || known == place || known == "";
}
