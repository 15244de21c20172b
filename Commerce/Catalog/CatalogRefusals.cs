namespace Commerce.Catalog;

/// <summary>Every way the catalogue can refuse.</summary>
public static class CatalogRefusals
{
    public const string ProductNotFound = "products.not-found";
    public const string CollectionNotFound = "collections.not-found";
    public const string CursorInvalid = "products.cursor-invalid";
    public const string FilterInvalid = "products.filter-invalid";
    public const string SlugTaken = "catalogue.slug-taken";
    public const string SlugInvalid = "catalogue.slug-invalid";

    internal static Refusal NoProduct(string slug) => new(ProductNotFound, $"There is no product '{slug}'.");

    internal static Refusal Taken(string slug) => new(SlugTaken, $"The slug '{slug}' is in use.");

    internal static Refusal NoCollection(string slug) => new(CollectionNotFound, $"There is no collection '{slug}'.");
}
