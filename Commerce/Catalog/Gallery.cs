namespace Commerce.Catalog;

/// <summary>A picture of a gallery, and what it shows in words.</summary>
public sealed record GalleryPicture(Guid Id, string Alt);

/// <summary>What staff do with the pictures of a product. Masters stay in the media store: orders, mails and other products show them too.</summary>
public static class Gallery
{
    /// <summary>Puts the pictures into this order with these texts. Each must be named once, so that none is lost by mistake.</summary>
    public static Refusal? Arrange(this Product product, IReadOnlyList<GalleryPicture> pictures)
    {
        if (pictures.Count != product.Images.Count || pictures.Select(p => p.Id).Distinct().Count() != pictures.Count || !pictures.All(p => product.Images.Exists(i => i.Id == p.Id)))
            return new Refusal(CatalogRefusals.GalleryIncomplete, $"Name each of the product's {product.Images.Count} pictures once, in the order wanted.");
        foreach (var (picture, position) in pictures.Select((p, i) => (p, i + 1)))
        {
            var image = product.Images.Find(i => i.Id == picture.Id)!;
            (image.Alt, image.Position) = (picture.Alt, position);
        }
        return null;
    }

    /// <summary>Takes a picture away. Variants that showed it show the product's first one.</summary>
    public static Refusal? RemovePicture(this Product product, Guid pictureId)
    {
        if (product.Images.Find(i => i.Id == pictureId) is not { } image) return CatalogRefusals.NoPicture();
        product.Images.Remove(image);
        foreach (var variant in product.Variants.Where(v => v.ImageId == pictureId)) (variant.ImageId, variant.Image) = (null, null);
        foreach (var (left, position) in product.Images.OrderBy(i => i.Position).Select((left, i) => (left, i + 1))) left.Position = position;
        return null;
    }
}
