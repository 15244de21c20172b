using Commerce.Audit;
using Commerce.Media;
using Commerce.Outbox;
using Commerce.Stock;
using Commerce.Taxes;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Commerce.Catalog.Import;

/// <summary>Who imports, why, and under which name the audit trail and the ledger of stock tell of it: <c>import:</c> and the file, or the id of the run.</summary>
public sealed record ImportOrigin(Actor Actor, string? Reason, string Subject)
{
    /// <summary>From the command line.</summary>
    public static ImportOrigin Command(Actor by, string? reason, string csvPath) => new(by, reason, $"import:{Path.GetFileName(csvPath)}");
}

/// <summary>
/// Takes a Shopify product CSV into the shop: products by handle, variants by SKU (or by their options), so that a second run of the same
/// file changes nothing. Bad rows are reported and skipped; the others land. Streams, and commits batch by batch.
/// </summary>
public sealed class CatalogImport(ShopDb db, MediaStore media, PublicHttp http, TimeProvider clock)
{

    /// <param name="into">The report to fill: it says what had landed when an import is cut off.</param>
    /// <exception cref="ImportFileException">The file as a whole cannot be read.</exception>
    public async Task<ImportReport> RunAsync(string csvPath, string imagesFolder, ImportOrigin origin, IProgress<ImportProgress>? progress, CancellationToken cancellation, ImportReport? into = null)
    {
        var report = into ?? new ImportReport();
        using var file = new ShopifyFile(csvPath, report);
        var locations = await LocationsOfAsync(file.Header, origin, cancellation);
        var taxClasses = await db.VatRates.Select(r => r.TaxClass).Distinct().Where(c => c != VatRate.StandardClass).ToListAsync(cancellation);
        var bundles = await db.BundleComponents.Select(c => c.BundleId).Distinct().ToListAsync(cancellation);
        var intake = new Intake(new VariantIntake(db, [VatRate.StandardClass, .. taxClasses], locations, [.. bundles], origin, report), new PictureIntake(db, new ImageSource(imagesFolder, media, http), report), report, origin);
        var products = 0;
        foreach (var batch in file.Batches())
        {
            await LandAsync(batch, intake, cancellation);
            products += batch.Length;
            progress?.Report(new ImportProgress(file.Share, products, report.ProblemCount));
        }
        await intake.Variants.Bundles.ApplyAsync(clock.GetUtcNow(), cancellation);
        db.ChangeTracker.Clear();
        db.Audit(origin.Actor, "catalogue.imported", origin.Subject, origin.Reason, new { report.Created, report.Updated, report.Unchanged, problems = report.ProblemCount, report.Encoding });
        // One mail for all of them: an alert for each would be as many as the catalogue is long.
        if (intake.Variants.BeganLow > 0) db.Enqueue(new NewJob(JobKinds.SendLowStockDigest, new { }));
        await db.SaveChangesAsync(cancellation);
        progress?.Report(new ImportProgress(1, products, report.ProblemCount));
        return report;
    }

    /// <summary>What the database does not take as a batch is tried product by product, so that one costs no other.</summary>
    private async Task LandAsync(ProductRows[] batch, Intake intake, CancellationToken cancellation)
    {
        var mark = intake.Report.Mark();
        try
        {
            await ImportBatchAsync(batch, intake, cancellation);
            return;
        }
        catch (Exception error)
        {
            intake.Report.ReturnTo(mark); // none of it has landed
            if (WhyNotTaken(error) is not { } why) throw;
            intake.Variants.Forget();
            if (batch is [var only])
            {
                only.Rows[0].Refuse(ShopifyRow.Handle, $"'{only.Handle}' could not be kept: {why}");
                return;
            }
        }
        foreach (var product in batch) await LandAsync([product], intake, cancellation);
    }

    /// <summary>Why the database did not take the data; null when it was something else, such as a database that is away.</summary>
    private static string? WhyNotTaken(Exception error) => error switch
    {
        DbUpdateConcurrencyException => "somebody changed it at the same time; import it again.",
        DbUpdateException { InnerException: PostgresException inner } => WhyNotTaken(inner),
        // Classes of SQLSTATE: data, integrity, program limits (a value too large for its index).
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } refused => $"{refused.MessageText} ({refused.SqlState})",
        _ => null,
    };

    private async Task ImportBatchAsync(ProductRows[] batch, Intake intake, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        string[] slugs = [.. batch.Select(b => b.Handle).Distinct()];
        var moved = await db.Set<SlugRedirect>().AsNoTracking().Where(r => r.Owner == SlugOwner.Product && slugs.Contains(r.Slug)).ToListAsync(cancellation);
        Guid[] movedIds = [.. moved.Select(r => r.TargetId)];
        var known = await db.Products.AsSplitQuery().Where(p => slugs.Contains(p.Slug) || movedIds.Contains(p.Id))
            .Include(p => p.Variants).ThenInclude(v => v.Prices)
            .Include(p => p.Variants).ThenInclude(v => v.Stock)
            .Include(p => p.Images).Include(p => p.Collections).Include(p => p.Attributes).Include(p => p.ListPrices)
            .ToDictionaryAsync(p => p.Slug, cancellation);
        // A product that was renamed keeps its new address; what has the old one as its own by now comes first.
        foreach (var redirect in moved)
            if (known.Values.FirstOrDefault(p => p.Id == redirect.TargetId) is { } renamed) known.TryAdd(redirect.Slug, renamed);
        var collections = await CollectionsOfAsync(batch, intake.Origin, cancellation);
        var attributes = await AttributesOfAsync(batch[0].Rows[0].Header, cancellation);
        var touched = new List<Product>();
        string[] skus = [.. batch.SelectMany(b => b.Rows).Select(r => r.Sku).Where(s => s != "").Distinct()];
        var skuOwners = await db.Variants.Where(v => skus.Contains(v.Sku!)).ToDictionaryAsync(v => v.Sku!, v => v.ProductId, cancellation);
        var rank = await db.Products.MaxAsync(p => (int?)p.FeaturedRank, cancellation) ?? 0;

        foreach (var rows in batch)
        {
            var isNew = !known.TryGetValue(rows.Handle, out var product);
            var first = rows.Rows[0];
            if (isNew && !first.Has(ShopifyRow.Title))
            {
                first.Refuse(ShopifyRow.Title, $"The first row of a new product needs a title; '{rows.Handle}' was not imported.");
                continue;
            }
            if (!first.TryOptionNames()) continue;
            var now = clock.GetUtcNow();
            product ??= new Product { Id = Guid.CreateVersion7(now), Slug = rows.Handle, Title = first[ShopifyRow.Title], FeaturedRank = rank + 1, CreatedAt = now };
            var (publishedAt, archivedAt) = (product.PublishedAt, product.ArchivedAt);
            ProductRowReader.Describe(product, isNew, first, now);
            ProductRowReader.DescribeAttributes(product, first, attributes);
            intake.Variants.Take(product, rows, skuOwners, now);
            if (isNew && product.Variants.Count == 0 && !first[ShopColumns.WithoutVariants].Equals("true", StringComparison.OrdinalIgnoreCase))
            {
                first.Refuse(ShopifyRow.Handle, rows.Rows.Any(r => r.IsVariant) ? $"No variant of '{rows.Handle}' could be imported, so the product was not."
                    : $"There is no product '{rows.Handle}' yet, and a new one needs a variant with a price: none of its rows gives one, so it was not imported.");
                continue;
            }
            if (publishedAt is null && product.PublishedAt is { } from && intake.Variants.Bundles.Awaits(product.Id))
            {
                intake.Variants.Bundles.Hold(product.Id, from);
                (product.PublishedAt, product.ArchivedAt) = (null, archivedAt);
            }
            await intake.Pictures.TakeAsync(product, rows.Rows, cancellation);
            foreach (var row in rows.Rows.Where(r => r.CollectionSlug != "").DistinctBy(r => r.CollectionSlug)) Join(product, collections[row.CollectionSlug], row, intake.Origin);
            product.Reprice();
            touched.Add(product);
            if (isNew)
            {
                db.Products.Add(product);
                known.Add(product.Slug, product);
                rank++;
            }
        }
        var changed = Judge(touched, ImportChanges.In(db), intake);
        if (db.ChangeTracker.HasChanges()) await SaveAsync(changed, cancellation);
        await intake.Variants.CountAsync(clock.GetUtcNow(), cancellation);
    }

    private void Join(Product product, Collection collection, ShopifyRow row, ImportOrigin origin)
    {
        if (collection.Rules.Count > 0) row.Refuse(row.Has("Collection") ? "Collection" : ShopColumns.CollectionHandle, $"'{collection.Slug}' is made by its rules; what is in it is not said by a file.");
        else if (!product.Collections.Exists(c => c.CollectionId == collection.Id))
        {
            product.Collections.Add(new CollectionProduct { CollectionId = collection.Id, ProductId = product.Id });
            db.Audit(origin.Actor, "catalogue.product-collected", $"collection:{collection.Slug}", origin.Reason, new { collection.Id, collection.Version, productId = product.Id, by = origin.Subject });
        }
    }

    /// <summary>Counts what became of each product. Only what is other than it was becomes a new version, and is answered.</summary>
    private List<Product> Judge(IEnumerable<Product> touched, ImportChanges changes, Intake intake)
    {
        var changed = new List<Product>();
        var restocked = intake.Variants.Recounted.Concat(changes.Stocked).ToHashSet();
        foreach (var product in touched.Distinct())
        {
            var isNew = db.Entry(product).State == EntityState.Added;
            var isOther = changes.Products.TryGetValue(product.Id, out var held);
            if (isNew) intake.Report.Created++;
            else if (isOther || product.Variants.Exists(v => restocked.Contains(v.Id))) intake.Report.Updated++;
            else intake.Report.Unchanged++;
            if (!isOther) continue;
            product.Touch(clock.GetUtcNow());
            db.AuditImport(product, isNew ? null : CatalogChanges.ReadCatalogChanges(held!), intake.Origin);
            changed.Add(product);
        }
        return changed;
    }

    private async Task SaveAsync(List<Product> changed, CancellationToken cancellation)
    {
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await db.LockMembershipAsync(changesRules: false, cancellation);
            await db.SaveChangesAsync(acceptAllChangesOnSuccess: false, cancellation);
            await db.RefreshMembershipAsync([.. changed.Select(p => p.Id)], cancellation);
            await transaction.CommitAsync(cancellation);
        });
        db.ChangeTracker.AcceptAllChanges();
    }

    private async Task<Dictionary<string, AttributeDefinition>> AttributesOfAsync(ShopifyHeader header, CancellationToken cancellation)
    {
        string[] keys = [.. header.Attributes.Select(a => a.Key)];
        var known = await db.Set<AttributeDefinition>().Where(d => keys.Contains(d.Key)).ToDictionaryAsync(d => d.Key, cancellation);
        foreach (var column in header.Attributes.Where(c => !known.ContainsKey(c.Key)))
        {
            known[column.Key] = new AttributeDefinition { Key = column.Key, Label = column.Label == "" ? column.Key : column.Label };
            if (header.Definitions.TryGetValue(column.Key, out var said)) (known[column.Key].Type, known[column.Key].Filterable) = said;
            db.Add(known[column.Key]);
        }
        return known;
    }

    private async Task<Dictionary<string, Collection>> CollectionsOfAsync(ProductRows[] batch, ImportOrigin origin, CancellationToken cancellation)
    {
        var titles = batch.SelectMany(b => b.Rows).Where(r => r.CollectionSlug != "").DistinctBy(r => r.CollectionSlug).ToDictionary(r => r.CollectionSlug, r => r.Has("Collection") ? r["Collection"] : r.CollectionSlug);
        string[] slugs = [.. titles.Keys];
        var known = await db.Collections.Include(c => c.Rules).Where(c => slugs.Contains(c.Slug)).ToDictionaryAsync(c => c.Slug, cancellation);
        var position = await db.Collections.MaxAsync(c => (int?)c.Position, cancellation) ?? 0;
        foreach (var (slug, title) in titles.Where(t => !known.ContainsKey(t.Key)))
        {
            known[slug] = new Collection { Id = Guid.CreateVersion7(), Slug = slug, Title = title, Position = ++position };
            db.Collections.Add(known[slug]);
            db.Audit(origin.Actor, "catalogue.collection-created", $"collection:{slug}", origin.Reason, new { known[slug].Id, known[slug].Version, by = origin.Subject });
        }
        return known;
    }

    /// <summary>The locations the file has stock for, by name, capitals aside; new ones are asked last.</summary>
    private async Task<Dictionary<string, Guid>> LocationsOfAsync(ShopifyHeader header, ImportOrigin origin, CancellationToken cancellation)
    {
        if (header.Locations.Count == 0) return [];
        var known = await db.Locations.AsNoTracking().ToListAsync(cancellation);
        var priority = known.Max(l => l.Priority);
        foreach (var name in header.Locations.Keys.Where(n => !known.Exists(l => l.Name.Equals(n, StringComparison.OrdinalIgnoreCase))))
        {
            var added = await db.AddLocationAsync(name, ++priority, origin.Actor, origin.Reason, cancellation);
            known.Add(new Location { Id = added.Value.Id, Name = name });
        }
        return known.ToDictionary(l => l.Name, l => l.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What takes the rows of one run.</summary>
    private sealed record Intake(VariantIntake Variants, PictureIntake Pictures, ImportReport Report, ImportOrigin Origin);
}

/// <summary>The line of an import in the trail of each product that it makes or changes.</summary>
internal static class ImportTrail
{
    /// <param name="changes">Null for a product that the import makes: what it is made of stands in the file.</param>
    public static void AuditImport(this ShopDb db, Product product, AuditChanges? changes, ImportOrigin origin) => db.Audit(
        origin.Actor, changes is null ? "catalogue.product-created" : "catalogue.product-changed", $"product:{product.Slug}", origin.Reason, new { product.Id, product.Version, by = origin.Subject }, changes);
}
