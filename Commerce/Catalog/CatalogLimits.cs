namespace Commerce.Catalog;

/// <summary>Most characters of what is written about products: the tables, the staff API and the import all hold to these.</summary>
public static class CatalogLimits
{
    public const int Title = 500;
    public const int Description = 200_000;

    /// <summary>A vendor, a type, a tag, an option's name or value, a collection's title, an attribute's label.</summary>
    public const int Name = 255;

    public const int SeoTitle = 500;
    public const int SeoDescription = 1000;
    public const int Sku = 120;
    public const int Barcode = 120;
    public const int PictureText = 1000;

    /// <summary>An address or a file name an import gives for a picture.</summary>
    public const int PictureSource = 2048;

    /// <summary>Tags of one product.</summary>
    public const int Tags = 250;

    public const int WeightGrams = 10_000_000;
}
