namespace Commerce.Catalog.Import;

/// <summary>A row that can be taken, and the variant it speaks of; null for a new one.</summary>
internal sealed record PlannedVariant(ShopifyRow Row, VariantRow Read, Variant? Known, SellingTerms Terms, IReadOnlyList<(Guid Location, int Units, string Column)> Elsewhere)
{
    public bool KeepsOptions => Known?.Options.SequenceEqual(Read.Options) == true;
}

/// <summary>
/// What the rows of a product make of its variants, judged by how all of them stand in the end: two may exchange their options, and the options of a
/// product change for all of its variants or for none.
/// </summary>
/// <param name="skus">SKUs that the rows name.</param>
internal sealed class VariantPlan(Product product, List<string> optionNames, HashSet<string> skus)
{
    private readonly List<PlannedVariant> _rows = [];

    public List<string> OptionNames => optionNames;

    public IReadOnlyList<PlannedVariant> Rows => _rows;

    /// <summary>The variant with the SKU, else the one with the options, whose SKU becomes another unless a row names that too.</summary>
    public Variant? Find(VariantRow read) => FindBySku(read.Sku)
        ?? product.Variants.Find(v => v.Options.SequenceEqual(read.Options) && (v.Sku is null || read.Sku is null || !skus.Contains(v.Sku)));

    public Variant? FindBySku(string? sku) => sku is null or "" ? null : product.Variants.Find(v => v.Sku == sku);

    /// <summary>False when another row speaks of the same variant.</summary>
    public bool TryAdd(PlannedVariant planned)
    {
        if (_rows.Exists(r => (planned.Known is not null && r.Known == planned.Known) || (planned.Read.Sku is not null && r.Read.Sku == planned.Read.Sku))) return false;
        _rows.Add(planned);
        return true;
    }

    /// <summary>Takes out rows after which two variants would have the same options, and answers them and why. Each leaves its variant as it is, so another may follow.</summary>
    public IEnumerable<(ShopifyRow Row, string Reason)> TakeOutTwins()
    {
        while (FindTwin() is { } twin)
        {
            _rows.Remove(twin);
            // A variant that a row speaks of may leave its options; one that none does keeps them.
            var keeper = _rows.Exists(r => r.Read.Options.SequenceEqual(twin.Read.Options)) ? null : product.Variants.Find(v => v != twin.Known && v.Options.SequenceEqual(twin.Read.Options));
            yield return (twin.Row, keeper is null ? "Another row of this product has the same options already." : $"The variant {VariantIntake.Name(keeper)} of this product has the same options, and no row that can be taken gives it other ones.");
        }
    }

    /// <summary>Variants which the rows leave as they are and which would not have a value for each of the new options.</summary>
    public List<Variant> FindUnfit()
    {
        if (product.OptionNames.SequenceEqual(optionNames)) return [];
        // An option under another name keeps its place and its values; one that moves, comes or goes needs another value of every variant.
        var isRename = product.OptionNames.Count == optionNames.Count && !optionNames.Where((name, i) => product.OptionNames.IndexOf(name) is >= 0 and var was && was != i).Any();
        return [.. product.Variants.Where(v => !_rows.Exists(r => r.Known == v) && !(isRename && v.Options.Count == optionNames.Count))];
    }

    /// <summary>Of rows with the same options the last that gives its variant other ones than it has.</summary>
    private PlannedVariant? FindTwin()
    {
        var known = _rows.Select(r => r.Known).ToHashSet();
        return product.Variants.Where(v => !known.Contains(v)).Select(v => (v.Options, Row: (PlannedVariant?)null)).Concat(_rows.Select(r => (r.Read.Options, Row: (PlannedVariant?)r)))
            .GroupBy(end => string.Join('\0', end.Options), end => end.Row).FirstOrDefault(twins => twins.Count() > 1 && twins.Any(r => r is not null))
            ?.OfType<PlannedVariant>().OrderBy(r => !r.KeepsOptions).Last();
    }
}
