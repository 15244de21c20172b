using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Catalog.Import;

/// <summary>Takes variants out of their rows, with prices and stock. Stock that exists is only noted, for <see cref="CountAsync"/>; of <paramref name="bundles"/> none is taken.</summary>
internal sealed class VariantIntake(ShopDb db, HashSet<string> taxClasses, Dictionary<string, Guid> locations, HashSet<Guid> bundles, ImportOrigin origin, ImportReport report)
{
    private const string Twice = "Another row of this product has the same options or SKU already.";

    private readonly List<(StockCount Count, ShopifyRow Row, string Column)> _counts = [];
    private readonly List<Guid> _judged = [];
    private readonly HashSet<Guid> _taken = [];

    /// <summary>How many variants began low, or were not said to be: told once, when the import is done.</summary>
    public int BeganLow { get; private set; }

    /// <summary>Variants whose stock will be another.</summary>
    public IEnumerable<Guid> Recounted => _counts.Select(c => c.Count.VariantId);

    public BundleIntake Bundles { get; } = new(db, origin, report);

    /// <summary>The batch did not land.</summary>
    public void Forget()
    {
        _counts.Clear();
        _judged.Clear();
        _taken.Clear();
        Bundles.Forget();
    }

    /// <summary>Stock that exists is counted under its lock, because orders change it meanwhile.</summary>
    public async Task CountAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var (count, reserved) in await db.CountAllAsync([.. _counts.Select(c => c.Count)], origin.Subject, now, cancellation))
        {
            var (_, row, column) = _counts.First(c => c.Count == count);
            row.Refuse(column, count.OnHand < reserved ? $"{reserved} units are promised to orders, so the stock cannot become {count.OnHand}."
                : $"{reserved} units are owed to orders; say by a count or an adjustment what came in.");
        }
        await db.JudgeStockAloneAsync(_judged, cancellation);
        BeganLow += await db.CorrectLowAsync(_taken, cancellation);
        Bundles.Keep();
        Forget();
    }

    /// <summary>Takes the rows of a product together. When its options cannot change for all of its variants, its options and variants stay as they are.</summary>
    public void Take(Product product, ProductRows rows, Dictionary<string, Guid> skuOwners, DateTimeOffset now)
    {
        var plan = new VariantPlan(product, ProductRowReader.OptionNames(product, rows.Rows[0]), [.. rows.Rows.Select(r => r.Sku).Where(s => s != "")]);
        foreach (var row in rows.Rows.Where(r => r.IsVariant)) Plan(plan, product, row, skuOwners);
        foreach (var (row, why) in plan.TakeOutTwins()) row.Refuse("Option1 Value", why);
        if (plan.FindUnfit() is [var unfit, ..] all)
        {
            rows.Rows[0].Refuse(ImportProblem.Options, $"The options would become {(plan.OptionNames.Count == 0 ? "none" : string.Join(", ", plan.OptionNames))}, but {all.Count} of the variants in the shop ({Name(unfit)}{(all.Count > 1 ? ", ..." : "")}) "
                + $"would not have one value for each: every one needs a row that can be taken. The options and variants of '{product.Slug}' stay as they were.");
            return;
        }
        product.OptionNames = plan.OptionNames;
        foreach (var planned in plan.Rows) Apply(product, planned, skuOwners, now);
    }

    private void Plan(VariantPlan plan, Product product, ShopifyRow row, Dictionary<string, Guid> skuOwners)
    {
        if (!ProductRowReader.TryReadVariant(row, plan.OptionNames.Count, plan.FindBySku(row.Sku), out var read) || !TryReadStock(row, out var elsewhere)) return;
        if (read.Sku is not null && skuOwners.TryGetValue(read.Sku, out var owner) && owner != product.Id)
        {
            row.Refuse("Variant SKU", $"SKU '{read.Sku}' belongs to another product already.");
            return;
        }
        var known = plan.Find(read);
        if (known is null && read.Prices.Count == 0)
        {
            row.Refuse(ShopifyRow.Price, "A new variant needs a price, and the file has no column for one.");
            return;
        }
        if (ProductRowReader.ReadTerms(row, SellingTerms.Of(known ?? new Variant { Id = Guid.Empty, Position = 0 }), taxClasses) is not { } terms) return;
        // A variant that this batch adds has been in other rows of the file.
        if ((known is not null && db.Entry(known).State is EntityState.Added or EntityState.Detached) || !plan.TryAdd(new PlannedVariant(row, read, known, terms, elsewhere))) row.Refuse("Variant SKU", Twice);
    }

    private void Apply(Product product, PlannedVariant planned, Dictionary<string, Guid> skuOwners, DateTimeOffset now)
    {
        var (row, read, variant, terms, elsewhere) = planned;
        if (variant is null)
        {
            variant = new Variant { Id = Guid.CreateVersion7(now), ProductId = product.Id, Position = product.NextPosition };
            product.Variants.Add(variant);
        }
        (variant.Sku, variant.Options) = (read.Sku ?? variant.Sku, read.Options);
        if (row.Speaks("Variant Barcode")) variant.Barcode = read.Barcode;
        var isBundle = row.Has(ShopColumns.Components) || bundles.Contains(variant.Id);
        // Whatever does not become a bundle must not be sold without end by what was meant for one.
        var waits = terms.AllowsBackorder && !variant.AllowsBackorder && isBundle && !bundles.Contains(variant.Id);
        SetTerms(variant, waits ? terms with { AllowsBackorder = false } : terms, row);
        if (read.Grams is { } grams) variant.WeightGrams = grams;
        foreach (var price in read.Prices) variant.SetPrice(price.Minor, price.SaysCompareAt ? price.CompareAtMinor : variant.PriceIn(price.Currency)?.CompareAtMinor, price.Currency);
        if (variant.Sku is not null) skuOwners[variant.Sku] = product.Id;
        _taken.Add(variant.Id);
        IEnumerable<(Guid Location, int Units, string Column)> main = read.Quantity is { } quantity ? [(Location.MainId, quantity, ShopifyRow.Quantity)] : [];
        foreach (var (location, units, column) in main.Concat(elsewhere))
        {
            if (!isBundle) Stock(variant, location, units, row, column, now);
            else if (units > 0) row.Refuse(column, "A bundle has no stock of its own: that of its components counts.");
        }
        if (terms.AllowsBackorder && variant.Stock.Count == 0) Stock(variant, Location.MainId, 0, row, ShopifyRow.Quantity, now); // what is owed must be owed somewhere
        if (row.Has(ShopColumns.Components)) Bundles.Note(new(product.Id, variant.Id, bundles.Contains(variant.Id), waits, row.Line, row.Cell(ShopColumns.Components)));
        report.Variants++;
    }

    internal static string Name(Variant variant) => variant.Sku ?? string.Join(" / ", variant.Options);

    private void SetTerms(Variant variant, SellingTerms terms, ShopifyRow row)
    {
        if (!terms.AllowsBackorder && variant.Stock.Exists(s => s.OnHand < s.Reserved))
        {
            row.Refuse(ProductRowReader.Policy, "More units are promised to orders than there are, so backorders cannot be ended.");
            terms = terms with { AllowsBackorder = true };
        }
        if (variant.Stock.Count > 0 && terms.LowStockThreshold != variant.LowStockThreshold) _judged.Add(variant.Id);
        terms.Apply(variant);
    }

    /// <summary>Stock beside the main location. False, and reported, when a cell is no number.</summary>
    private bool TryReadStock(ShopifyRow row, out List<(Guid Location, int Units, string Column)> elsewhere)
    {
        elsewhere = [];
        foreach (var (name, column) in row.Header.Locations)
        {
            if (!row.TryUnits(column, out var units)) return false;
            if (units is not null) elsewhere.Add((locations[name], units.Value, column));
        }
        return true;
    }

    private void Stock(Variant variant, Guid location, int quantity, ShopifyRow row, string column, DateTimeOffset now)
    {
        if (variant.Stock.Find(s => s.LocationId == location) is { } known)
        {
            if (known.OnHand != quantity) _counts.Add((new StockCount(variant.Id, location, quantity), row, column));
            return;
        }
        var item = new StockItem { Id = Guid.CreateVersion7(now), VariantId = variant.Id, LocationId = location };
        variant.Stock.Add(item);
        db.StockItems.Add(item);
        db.Count(item, quantity, origin.Subject, now);
    }
}
