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
    public const string SkuTaken = "catalogue.sku-taken";
    public const string OptionsInvalid = "catalogue.options-invalid";
    public const string DescriptionInvalid = "catalogue.description-invalid";
    public const string PriceTwice = "catalogue.price-twice";
    public const string TaxClassUnknown = "catalogue.tax-class-unknown";
    public const string AttributeInvalid = "catalogue.attribute-invalid";
    public const string AttributeNotFound = "catalogue.attribute-not-found";
    public const string AttributeRemoved = "catalogue.attribute-removed";
    public const string RuleInvalid = "catalogue.rule-invalid";
    public const string ByRule = "catalogue.collection-by-rule";
    public const string PictureInvalid = "catalogue.picture-invalid";
    public const string PictureNotFound = "catalogue.picture-not-found";
    public const string GalleryIncomplete = "catalogue.gallery-incomplete";
    public const string VariantNotFound = "catalogue.variant-not-found";
    public const string VariantBundled = "catalogue.variant-bundled";
    public const string StaffCursorInvalid = "catalogue.cursor-invalid";
    public const string FileTooLarge = "imports.file-too-large";
    public const string FileMissing = "imports.file-missing";
    public const string UploadBroken = "imports.upload-broken";
    public const string ArchiveInvalid = "imports.archive-invalid";
    public const string ImportsBusy = "imports.busy";
    public const string ImportNotFound = "imports.not-found";

    internal static Refusal NoProduct(string slug) => new(ProductNotFound, $"There is no product '{slug}'.");

    internal static Refusal NoPicture() => new(PictureNotFound, "The product has no such picture.");

    internal static Refusal NoVariant() => new(VariantNotFound, "The product has no such variant.");

    internal static Refusal Taken(string slug) => new(SlugTaken, $"The slug '{slug}' is in use.");

    internal static Refusal NoCollection(string slug) => new(CollectionNotFound, $"There is no collection '{slug}'.");
}
