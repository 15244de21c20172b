namespace Commerce.Catalog;

/// <summary>Every way a question to the catalogue can be refused.</summary>
public static class CatalogRefusals
{
    public const string ProductNotFound = "products.not-found";
    public const string CollectionNotFound = "collections.not-found";
    public const string CursorInvalid = "products.cursor-invalid";
}
