using System.Text.Json;
using Commerce.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Commerce.Catalog;

/// <summary>
/// What an edit of the catalogue is about to write, for its line in the audit trail: what the context loaded against what it holds now. Fields of a product or
/// collection have their names; the others say whose they are: <c>variants.{id}.sku</c>, <c>variants.{id}.price.EUR</c>, <c>pictures.{id}.alt</c>,
/// <c>attributes.{key}</c>. <c>pictures</c> are the ids in the gallery's order.
/// </summary>
internal static class CatalogChanges
{
    private static readonly string[] ProductFields =
        [nameof(Product.Slug), nameof(Product.Title), nameof(Product.Vendor), nameof(Product.ProductType), nameof(Product.Tags), nameof(Product.OptionNames),
        nameof(Product.SeoTitle), nameof(Product.SeoDescription), nameof(Product.DescriptionHtml), nameof(Product.PublishedAt), nameof(Product.ArchivedAt)];

    private static readonly string[] VariantFields = [nameof(Variant.Sku), nameof(Variant.Barcode), nameof(Variant.WeightGrams), nameof(Variant.Options)];

    /// <summary>Nobody decides these of a new variant; it has the usual ones.</summary>
    private static readonly string[] TermFields =
        [nameof(Variant.MinQuantity), nameof(Variant.MaxQuantity), nameof(Variant.QuantityStep), nameof(Variant.LowStockThreshold), nameof(Variant.AllowsBackorder), nameof(Variant.TaxClass)];

    private static readonly string[] CollectionFields =
        [nameof(Collection.Slug), nameof(Collection.Title), nameof(Collection.SeoTitle), nameof(Collection.SeoDescription), nameof(Collection.Description),
        nameof(Collection.Position), nameof(Collection.MatchAll)];

    private static readonly string[] DefinitionFields = [nameof(AttributeDefinition.Label), nameof(AttributeDefinition.Type), nameof(AttributeDefinition.Filterable)];

    /// <summary>Call it once everything is decided and before it is saved. A new attribute that came with a product is not told: the product's own value of it is.</summary>
    public static AuditChanges ReadCatalogChanges(this ShopDb db) => ReadCatalogChanges([.. db.ChangeTracker.Entries()]);

    /// <param name="entries">Everything that the context holds of one thing.</param>
    public static AuditChanges ReadCatalogChanges(IReadOnlyList<EntityEntry> entries)
    {
        var changes = new AuditChanges();
        foreach (var (product, _) in Of<Product>(entries)) AddFields(changes, product, "", ProductFields);
        foreach (var (collection, _) in Of<Collection>(entries)) AddFields(changes, collection, "", CollectionFields);
        foreach (var (definition, _) in Of<AttributeDefinition>(entries).Where(d => d.Entry.State != EntityState.Added)) AddFields(changes, definition, "", DefinitionFields);
        AddList(changes, "rules", Of<CollectionRule>(entries), nameof(CollectionRule.Position), r => $"{KnownWord.Of(r.Field)} {KnownWord.Of(r.Relation)} {r.Value}");
        foreach (var (variant, its) in Of<Variant>(entries))
        {
            var whose = $"variants.{its.Id}.";
            AddFields(changes, variant, whose, VariantFields);
            changes.Add($"{whose}pictureId", Before(variant, nameof(Variant.ImageId)), After(variant, nameof(Variant.ImageId)));
            if (variant.State != EntityState.Added) AddFields(changes, variant, whose, TermFields);
        }
        foreach (var (price, its) in Of<Price>(entries))
        {
            var (whose, currency) = ($"variants.{its.VariantId}.", its.Currency);
            changes.Add($"{whose}price.{currency}", MoneyOf(Before(price, nameof(Price.AmountMinor)), currency), MoneyOf(After(price, nameof(Price.AmountMinor)), currency));
            changes.Add($"{whose}compareAt.{currency}", MoneyOf(Before(price, nameof(Price.CompareAtMinor)), currency), MoneyOf(After(price, nameof(Price.CompareAtMinor)), currency));
        }
        foreach (var attribute in Of<ProductAttribute>(entries).GroupBy(a => a.Entity.Key))
            AddList(changes, $"attributes.{attribute.Key}", attribute, nameof(ProductAttribute.Position), a => a.Value);
        AddList(changes, "pictures", Of<ProductImage>(entries), nameof(ProductImage.Position), i => i.Id.ToString());
        foreach (var (picture, its) in Of<ProductImage>(entries)) AddFields(changes, picture, $"pictures.{its.Id}.", [nameof(ProductImage.Alt)]);
        return changes;
    }

    private static IEnumerable<(EntityEntry Entry, T Entity)> Of<T>(IReadOnlyList<EntityEntry> entries) where T : class
    {
        foreach (var entry in entries)
            if (entry.Entity is T entity) yield return (entry, entity);
    }

    private static void AddFields(AuditChanges changes, EntityEntry entry, string whose, string[] fields)
    {
        foreach (var field in fields) changes.Add(whose + JsonNamingPolicy.CamelCase.ConvertName(field), Before(entry, field), After(entry, field));
    }

    /// <summary>Rows that are one list to those who edit them.</summary>
    /// <param name="text">What never changes of a row.</param>
    private static void AddList<T>(AuditChanges changes, string field, IEnumerable<(EntityEntry Entry, T Entity)> entries, string position, Func<T, string> text)
    {
        var rows = entries.ToList();
        changes.Add(field,
            rows.Where(r => r.Entry.State != EntityState.Added).OrderBy(r => Before(r.Entry, position)).Select(r => text(r.Entity)).ToList(),
            rows.Where(r => r.Entry.State != EntityState.Deleted).OrderBy(r => After(r.Entry, position)).Select(r => text(r.Entity)).ToList());
    }

    private static object? Before(EntityEntry entry, string field) => entry.State == EntityState.Added ? null : Plain(entry.Property(field).OriginalValue);

    private static object? After(EntityEntry entry, string field) => entry.State == EntityState.Deleted ? null : Plain(entry.Property(field).CurrentValue);

    private static object? Plain(object? value) => value is Enum word ? KnownWord.Of(word.ToString()) : value;

    private static object? MoneyOf(object? amountMinor, string currency) => amountMinor is long amount ? new Money(amount, currency) : null;
}
