using Commerce.Audit;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog;

/// <summary>What staff decide about an attribute; its key came with the first product that had it.</summary>
public sealed record AttributeText(string Label, AttributeType Type, bool Filterable);

/// <summary>An attribute as staff see it: how many products have it.</summary>
public sealed record StaffAttribute(string Key, string Label, AttributeType Type, bool Filterable, int ProductCount);

/// <summary>All attributes, by their keys.</summary>
public sealed record StaffAttributeList(IReadOnlyList<StaffAttribute> Items);

/// <summary>How staff say what kind of fact an attribute is.</summary>
public static class AttributeVerbs
{
    /// <summary>One statement. There are as many attributes as somebody thought of, not as many as products.</summary>
    public static async Task<StaffAttributeList> ListAttributesAsync(this ShopDb db, CancellationToken cancellation) =>
        new(await db.Set<AttributeDefinition>().AsNoTracking().OrderBy(d => d.Key).Select(d => new StaffAttribute(d.Key, d.Label, d.Type, d.Filterable,
            db.Set<ProductAttribute>().Where(a => a.Key == d.Key).Select(a => a.ProductId).Distinct().Count())).ToListAsync(cancellation));

    /// <summary>Another type only where every value there is can be read as one; numbers are then found by ranges too.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody changed it meanwhile.</exception>
    public static async Task<Refusal?> DescribeAsync(this ShopDb db, AttributeDefinition definition, AttributeText text, Actor actor, string? reason, CancellationToken cancellation)
    {
        var before = definition.Type;
        (definition.Label, definition.Type, definition.Filterable) = (text.Label.Trim(), text.Type, text.Filterable);
        var values = db.Set<ProductAttribute>().Where(a => a.Key == definition.Key);
        if (before != text.Type)
            await foreach (var value in values.Select(a => a.Value).Distinct().AsAsyncEnumerable().WithCancellation(cancellation))
                if (!definition.TryRead(value, out _))
                    return new Refusal(CatalogRefusals.AttributeInvalid, $"'{value}' is no {text.Type.ToString().ToLowerInvariant()}.") { Facts = new Dictionary<string, object?> { ["value"] = value } };
        db.Audit(actor, "catalogue.attribute-changed", $"attribute:{definition.Key}", reason, changes: db.ReadCatalogChanges());
        return await db.SaveAsync(async () =>
        {
            if (before == text.Type) return null;
            await (text.Type == AttributeType.Number
                ? db.Database.ExecuteSqlAsync($"UPDATE product_attributes SET number = value::numeric WHERE key = {definition.Key}", cancellation)
                : values.ExecuteUpdateAsync(s => s.SetProperty(a => a.Number, (decimal?)null), cancellation));
            return null;
        }, cancellation);
    }

    /// <summary>Takes it from every product too; whoever edits one of those at this moment is told, else their edit would bring it back.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody changed it meanwhile.</exception>
    public static async Task<Refusal?> RemoveAsync(this ShopDb db, AttributeDefinition definition, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var bearers = await db.Set<ProductAttribute>().Where(a => a.Key == definition.Key).Select(a => a.ProductId).Distinct().ToArrayAsync(cancellation);
        db.Remove(definition);
        db.Audit(actor, "catalogue.attribute-removed", $"attribute:{definition.Key}", reason, new { definition.Label, definition.Type, definition.Filterable, products = bearers.Length });
        return await db.SaveAsync(async () =>
        {
            await db.Database.ExecuteSqlAsync($"UPDATE products SET version = version + 1, updated_at = {now} WHERE id = ANY({bearers})", cancellation);
            return null;
        }, cancellation);
    }

    /// <summary>Takes one value of an attribute, or all of them, from a product.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody changed the product meanwhile.</exception>
    public static async Task<Refusal?> RemoveAttributeAsync(this ShopDb db, Product product, string key, string? value, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var removed = product.Attributes.Where(a => a.Key == key && (value is null || a.Value == value)).OrderBy(a => a.Position).ToList();
        if (removed.Count == 0) return new Refusal(CatalogRefusals.AttributeNotFound, value is null ? $"The product has no attribute '{key}'." : $"The product's '{key}' is not '{value}'.");
        foreach (var one in removed) product.Attributes.Remove(one);
        product.Touch(now);
        db.Audit(actor, "catalogue.attribute-taken", $"product:{product.Slug}", reason, new { product.Id, product.Version, key, values = removed.Select(a => a.Value) }, db.ReadCatalogChanges());
        return await db.SaveAsync(() => Task.FromResult<Refusal?>(null), cancellation);
    }
}
