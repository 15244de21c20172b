using System.Globalization;
using Commerce.Stock;

namespace Commerce.Catalog.Import;

/// <summary>Makes bundles of what rows name, <c>2 x sku:T-1; 1 x sku:M-1</c>, once every variant of the file is there.</summary>
internal sealed class BundleIntake(ShopDb db, ImportOrigin origin, ImportReport report)
{
    private readonly List<Noted> _landed = [];
    private readonly List<Noted> _batch = [];

    public void Note(Guid variantId, ShopifyRow row) => _batch.Add(new(variantId, row.Line, row.Cell(ShopColumns.Components)));

    /// <summary>The batch did not land.</summary>
    public void Forget() => _batch.Clear();

    public void Keep()
    {
        _landed.AddRange(_batch);
        _batch.Clear();
    }

    public async Task ApplyAsync(CancellationToken cancellation)
    {
        foreach (var noted in _landed)
            if (await TryReadAsync(noted, cancellation) is { } parts && await SetAsync(noted.VariantId, parts, cancellation) is { } refusal)
                report.Add(noted.Line, ShopColumns.Components, refusal.Detail);
    }

    public static string Write(IEnumerable<(int Quantity, string Reference)> components) =>
        CsvCell.Join(components.OrderBy(c => c.Reference, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Quantity} x {c.Reference}")), ';');

    /// <summary>Null, and reported, when a component is none.</summary>
    private async Task<List<BundlePart>?> TryReadAsync(Noted noted, CancellationToken cancellation)
    {
        var parts = new List<BundlePart>();
        foreach (var component in CsvCell.Split(noted.Components, ';'))
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
            report.Add(noted.Line, ShopColumns.Components, reason);
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

    /// <summary>What is left of a row until the end of the file.</summary>
    private readonly record struct Noted(Guid VariantId, long Line, string Components);
}
