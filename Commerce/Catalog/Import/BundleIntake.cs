using System.Globalization;
using Commerce.Stock;

namespace Commerce.Catalog.Import;

/// <summary>Makes bundles of what rows name, <c>2 x sku:T-1; 1 x sku:M-1</c>, once every variant of the file is there.</summary>
internal sealed class BundleIntake(ShopDb db, ImportOrigin origin)
{
    private readonly List<(Guid VariantId, ShopifyRow Row)> _landed = [];
    private readonly List<(Guid VariantId, ShopifyRow Row)> _batch = [];

    public void Note(Guid variantId, ShopifyRow row) => _batch.Add((variantId, row));

    /// <summary>The batch did not land.</summary>
    public void Forget() => _batch.Clear();

    public void Keep()
    {
        _landed.AddRange(_batch);
        _batch.Clear();
    }

    public async Task ApplyAsync(CancellationToken cancellation)
    {
        foreach (var (variantId, row) in _landed)
            if (await TryReadAsync(row, cancellation) is { } parts && await SetAsync(variantId, parts, cancellation) is { } refusal)
                row.Refuse(ShopColumns.Components, refusal.Detail);
    }

    public static string Write(IEnumerable<(int Quantity, string Reference)> components) =>
        CsvCell.Join(components.OrderBy(c => c.Reference, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Quantity} x {c.Reference}")), ';');

    /// <summary>Null, and reported, when a component is none.</summary>
    private async Task<List<BundlePart>?> TryReadAsync(ShopifyRow row, CancellationToken cancellation)
    {
        var parts = new List<BundlePart>();
        foreach (var component in row.Values(ShopColumns.Components))
        {
            var at = component.IndexOf(" x ", StringComparison.Ordinal);
            if (at < 0 || !int.TryParse(component.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) || quantity is < 1 or > BundleComponent.MaxQuantity)
                return Refuse($"'{component}' is no component such as 2 x sku:T-1, at most {BundleComponent.MaxQuantity} of each.");
            if (await VariantReference.FindAsync(db, component[(at + 3)..], cancellation) is not { } id) return Refuse($"There is no variant '{component[(at + 3)..]}'.");
            parts.Add(new BundlePart(id, quantity));
        }
        return parts.Count <= BundleComponent.MaxComponents ? parts : Refuse($"A bundle has at most {BundleComponent.MaxComponents} components.");

        List<BundlePart>? Refuse(string reason)
        {
            row.Refuse(ShopColumns.Components, reason);
            return null;
        }
    }

    private async Task<Refusal?> SetAsync(Guid variantId, List<BundlePart> parts, CancellationToken cancellation)
    {
        var seen = await db.FindBundleAsync(variantId, cancellation);
        if (seen.Refusal is { } gone) return gone;
        if (new BundleView(variantId, parts).Version == seen.Value.Version) return null;
        return (await db.SetBundleAsync(variantId, seen.Value.Version, parts, origin.Actor, origin.Reason, cancellation)).Refusal;
    }
}
