using Commerce.Audit;
using Commerce.Pricing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Catalog;

/// <summary>What staff write about a product.</summary>
public sealed record ProductText(
    string Title, string Slug, string DescriptionHtml, string Vendor, string ProductType, IReadOnlyList<string> Tags, string? SeoTitle, string? SeoDescription,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes);

/// <summary>What staff write about a variant: all its prices in minor units by currency, and its picture out of the product's gallery.</summary>
public sealed record VariantText(string? Sku, string? Barcode, int WeightGrams, IReadOnlyList<string> Options, IReadOnlyList<Price> Prices, Guid? PictureId);

/// <summary>What staff change in the catalogue. Each change is one transaction with its line in the audit trail.</summary>
public static class CatalogEdits
{
    /// <summary>The product with everything an edit touches; null when there is none.</summary>
    public static Task<Product?> LoadProductAsync(this ShopDb db, Guid id, CancellationToken cancellation) => db.Products.AsSplitQuery()
        .Include(p => p.Variants).ThenInclude(v => v.Prices).Include(p => p.Images).Include(p => p.Attributes).Include(p => p.ListPrices)
        .FirstOrDefaultAsync(p => p.Id == id, cancellation);

    /// <summary>What the product's version is now, for its ETag; null when there is no such product.</summary>
    public static Task<int?> FindProductVersionAsync(this ShopDb db, Guid id, CancellationToken cancellation) =>
        db.Products.Where(p => p.Id == id).Select(p => (int?)p.Version).FirstOrDefaultAsync(cancellation);

    public static async Task<Refusal?> DescribeAsync(this ShopDb db, Product product, ProductText text, CancellationToken cancellation)
    {
        if (!Slug.IsValid(text.Slug)) return new Refusal(CatalogRefusals.SlugInvalid, $"'{text.Slug}' has other characters than lower-case letters, digits, - and _.");
        if (DescriptionText.TryClean(text.DescriptionHtml, out var description) is { } unfit) return new Refusal(CatalogRefusals.DescriptionInvalid, $"The description cannot be kept. {unfit}");
        var isNew = db.Entry(product).State is EntityState.Detached or EntityState.Added;
        if (isNew && await db.Products.AnyAsync(p => p.Slug == text.Slug, cancellation)) return CatalogRefusals.Taken(text.Slug);
        if (!isNew && await db.RenameAsync(product, text.Slug, cancellation) is { } refusal) return refusal;
        if (await db.SetAttributesAsync(product, text.Attributes, cancellation) is { } bad) return bad;
        (product.Title, product.DescriptionHtml, product.Vendor, product.ProductType) = (text.Title, description, text.Vendor, text.ProductType);
        (product.Tags, product.SeoTitle, product.SeoDescription) = ([.. text.Tags.Distinct()], text.SeoTitle, text.SeoDescription);
        return null;
    }

    /// <summary>Changes a variant, or adds one when <paramref name="variantId"/> is null.</summary>
    public static Outcome<Variant> Describe(this Product product, Guid? variantId, VariantText text, DateTimeOffset now)
    {
        if (text.Options.Count != product.OptionNames.Count || product.Variants.Exists(v => v.Id != variantId && v.Options.SequenceEqual(text.Options)))
            return new Refusal(CatalogRefusals.OptionsInvalid, $"A variant has one value for each of the {product.OptionNames.Count} options, and no other variant the same ones.");
        if (text.Prices.DistinctBy(p => p.Currency).Count() != text.Prices.Count) return new Refusal(CatalogRefusals.PriceTwice, "A variant has one price in each currency.");
        if (text.Prices.Select(p => SellableCurrencies.Refuses(new Money(p.AmountMinor, p.Currency)) ?? SellableCurrencies.Refuses(new Money(p.CompareAtMinor ?? 0, p.Currency))).FirstOrDefault(r => r is not null) is { } notChargeable) return notChargeable;
        if (text.PictureId is { } picture && !product.Images.Exists(i => i.Id == picture)) return CatalogRefusals.NoPicture();
        var variant = product.Variants.Find(v => v.Id == variantId);
        if (variant is null)
        {
            if (variantId is not null) return CatalogRefusals.NoVariant();
            variant = new Variant { Id = Guid.CreateVersion7(now), ProductId = product.Id, Position = product.NextPosition };
            product.Variants.Add(variant);
        }
        (variant.Sku, variant.Barcode, variant.WeightGrams, variant.Options) = (text.Sku, text.Barcode, text.WeightGrams, [.. text.Options]);
        variant.ImageId = text.PictureId;
        variant.Prices.RemoveAll(p => text.Prices.All(t => t.Currency != p.Currency));
        foreach (var price in text.Prices) variant.SetPrice(price.AmountMinor, price.CompareAtMinor, price.Currency);
        product.Reprice();
        return variant;
    }

    /// <summary>Saves the edit with its audit line, and brings collections by rule in line with it.</summary>
    public static async Task<Refusal?> SaveEditAsync(this ShopDb db, Product product, string action, Actor actor, string? reason, DateTimeOffset now, CancellationToken cancellation)
    {
        product.Touch(now);
        db.Audit(actor, action, $"product:{product.Slug}", reason, new { product.Id, product.Version }, db.ReadCatalogChanges());
        return await db.SaveAsync(() => db.LockMembershipAsync(changesRules: false, cancellation), async () =>
        {
            await db.RefreshMembershipAsync([product.Id], cancellation);
            return null;
        }, cancellation);
    }

    public static async Task<Refusal?> SaveEditAsync(this ShopDb db, Collection collection, string action, Actor actor, string? reason, CancellationToken cancellation)
    {
        collection.Touch();
        db.Audit(actor, action, $"collection:{collection.Slug}", reason, new { collection.Id, collection.Version }, db.ReadCatalogChanges());
        return await db.SaveAsync(() => db.LockMembershipAsync(changesRules: true, cancellation), async () =>
        {
            await db.RefreshMembershipAsync(collection, cancellation);
            return null;
        }, cancellation);
    }

    /// <summary>
    /// Puts a product into a collection made by hand, or takes it out. Members do not depend on each other: who changes another one at the same moment is
    /// waited for, and nobody is refused.
    /// </summary>
    public static Task<Refusal?> SetMemberAsync(this ShopDb db, Guid collectionId, Guid productId, bool isMember, Actor actor, string? reason, CancellationToken cancellation) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<Refusal?>(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            if (await db.Collections.FromSql($"SELECT * FROM collections WHERE id = {collectionId} FOR NO KEY UPDATE").ToListAsync(cancellation) is not [var collection]) return new Refusal(CatalogRefusals.CollectionNotFound, $"There is no collection {collectionId}.");
            if (!await db.Products.AnyAsync(p => p.Id == productId, cancellation)) return new Refusal(CatalogRefusals.ProductNotFound, $"There is no product {productId}.");
            if (await db.Set<CollectionRule>().AnyAsync(r => r.CollectionId == collectionId, cancellation)) return new Refusal(CatalogRefusals.ByRule, "This collection is made by its rules; change them instead.");
            var member = await db.Set<CollectionProduct>().FindAsync([collectionId, productId], cancellation);
            if (member is not null == isMember) return null;
            if (member is null) db.Add(new CollectionProduct { CollectionId = collectionId, ProductId = productId });
            else db.Remove(member);
            collection.Touch();
            db.Audit(actor, isMember ? "catalogue.product-collected" : "catalogue.product-uncollected", $"collection:{collection.Slug}", reason, new { collection.Id, collection.Version, productId });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return null;
        });

    /// <summary>Takes a collection away; its products stay, and so do the audit lines about it.</summary>
    public static Task<Refusal?> RemoveAsync(this ShopDb db, Collection collection, Actor actor, string? reason, CancellationToken cancellation)
    {
        db.Remove(collection);
        db.Audit(actor, "catalogue.collection-removed", $"collection:{collection.Slug}", reason, new { collection.Id, collection.Version }, db.ReadCatalogChanges());
        return db.SaveAsync(() => db.LockMembershipAsync(changesRules: true, cancellation), async () =>
        {
            await db.Set<SlugRedirect>().Where(r => r.Owner == SlugOwner.Collection && r.TargetId == collection.Id).ExecuteDeleteAsync(cancellation);
            return null;
        }, cancellation);
    }

    internal static Task<Refusal?> SaveAsync(this ShopDb db, Func<Task<Refusal?>> then, CancellationToken cancellation) => db.SaveAsync(() => Task.CompletedTask, then, cancellation);

    /// <summary>One transaction: the locks of the caller, what the context holds, then what the statements of the caller do; they may still refuse it all.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Somebody has changed the same thing since it was read.</exception>
    internal static async Task<Refusal?> SaveAsync(this ShopDb db, Func<Task> first, Func<Task<Refusal?>> then, CancellationToken cancellation)
    {
        // Whoever uses a new attribute makes it; of several at once, one does, and the others use theirs.
        var attributes = db.ChangeTracker.Entries<AttributeDefinition>().Where(e => e.State == EntityState.Added).OrderBy(e => e.Entity.Key, StringComparer.Ordinal).ToList();
        foreach (var attribute in attributes) attribute.State = EntityState.Unchanged;
        try
        {
            var refusal = await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
                await first();
                foreach (var a in attributes.Select(e => e.Entity))
                    await db.Database.ExecuteSqlAsync($"INSERT INTO attributes (key, label, type, filterable) VALUES ({a.Key}, {a.Label}, {a.Type.ToString()}, {a.Filterable}) ON CONFLICT DO NOTHING", cancellation);
                await db.SaveChangesAsync(acceptAllChangesOnSuccess: false, cancellation);
                if (await then() is { } refused) return refused;
                await transaction.CommitAsync(cancellation);
                return null;
            });
            if (refusal is not null) return refusal;
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } unique)
        {
            return unique.ConstraintName switch
            {
                "ix_variants_sku" => new Refusal(CatalogRefusals.SkuTaken, "Another variant has this SKU."),
                "ix_products_slug" or "ix_collections_slug" or "pk_slug_redirects" => new Refusal(CatalogRefusals.SlugTaken, "The slug is in use."),
                _ => throw new DbUpdateConcurrencyException("Somebody has written the same row at the same moment.", error),
            };
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: "fk_product_attributes_attributes_key" })
        {
            return new Refusal(CatalogRefusals.AttributeRemoved, "Somebody has just removed an attribute that the product was to have.");
        }
        db.ChangeTracker.AcceptAllChanges();
        return null;
    }

    private static async Task<Refusal?> SetAttributesAsync(this ShopDb db, Product product, IReadOnlyDictionary<string, IReadOnlyList<string>> wanted, CancellationToken cancellation)
    {
        string[] keys = [.. wanted.Keys];
        var definitions = await db.Set<AttributeDefinition>().Where(d => keys.Contains(d.Key)).ToDictionaryAsync(d => d.Key, cancellation);
        foreach (var key in keys.Where(k => !definitions.ContainsKey(k)))
        {
            if (!AttributeDefinition.IsValidKey(key)) return new Refusal(CatalogRefusals.AttributeInvalid, $"'{key}' is no key such as custom.paper.");
            db.Add(definitions[key] = new AttributeDefinition { Key = key, Label = key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..] });
        }
        product.Attributes.RemoveAll(a => !wanted.TryGetValue(a.Key, out var values) || !values.Contains(a.Value));
        foreach (var (key, value, position) in wanted.SelectMany(w => w.Value.Distinct().Select((v, i) => (w.Key, v, i))))
        {
            if (!definitions[key].TryRead(value, out var number)) return new Refusal(CatalogRefusals.AttributeInvalid, $"'{value}' is no {definitions[key].Type} for {key}.");
            var known = product.Attributes.Find(a => a.Key == key && a.Value == value);
            if (known is null) product.Attributes.Add(known = new ProductAttribute { ProductId = product.Id, Key = key, Value = value, Position = position });
            (known.Number, known.Position) = (number, position);
        }
        return null;
    }
}
