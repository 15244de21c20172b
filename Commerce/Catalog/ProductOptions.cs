namespace Commerce.Catalog;

/// <summary>
/// An option a product is to have: one it has, under this name or under another one (<paramref name="From"/>), or a new one, of which every variant there is
/// gets the <paramref name="Value"/>.
/// </summary>
public sealed record OptionText(string Name, string? From, string? Value);

/// <summary>How staff change what can be chosen of a product.</summary>
public static class ProductOptions
{
    /// <summary>
    /// Renames, orders, adds and removes options; each variant keeps its values of those that stay and loses those of the others. Refused when two variants
    /// could no longer be told apart; nothing has changed then.
    /// </summary>
    public static Refusal? SetOptions(this Product product, IReadOnlyList<OptionText> wanted)
    {
        if (FindRepeatedName([.. wanted.Select(o => o.Name)]) is { } repeated) return Invalid(Repeated(wanted[repeated].Name));
        var sources = new List<int>();
        foreach (var option in wanted)
        {
            var source = product.OptionNames.FindIndex(n => n == (option.From ?? option.Name));
            if (source < 0 && option.From is not null) return Invalid($"The product has no option '{option.From}'.");
            if (source >= 0 && sources.Contains(source)) return Invalid($"'{product.OptionNames[source]}' cannot become two options.");
            if (source >= 0 && option.Value is not null) return Invalid($"The variants have values of '{product.OptionNames[source]}' already; a value is for a new option.");
            if (source < 0 && option.Value is null && product.Variants.Count > 0) return Invalid($"'{option.Name}' is new: say which value the {product.Variants.Count} variants there are have.");
            sources.Add(source);
        }
        var values = product.Variants.ToDictionary(v => v, v => sources.Select((source, i) => source < 0 ? wanted[i].Value! : v.Options.ElementAtOrDefault(source) ?? "").ToList());
        if (values.FirstOrDefault(v => v.Value.Contains("")) is { Key: { } bare, Value: { } its })
            return Invalid($"The variant {bare.Sku ?? string.Join(" / ", bare.Options)} has no value of '{wanted[its.IndexOf("")].Name}'; give it one first.");
        if (values.GroupBy(v => string.Join('\0', v.Value)).FirstOrDefault(g => g.Count() > 1) is { } same)
            return Invalid($"{same.Count()} variants would have the same options: {string.Join(" / ", same.First().Value)}. Withdraw all but one of them first.");
        product.OptionNames = [.. wanted.Select(o => o.Name)];
        foreach (var (variant, options) in values) variant.Options = options;
        return null;
    }

    /// <summary>Where the first name stands that an earlier one is already, capitals and blanks around it aside: nobody could tell the two options apart.</summary>
    internal static int? FindRepeatedName(IReadOnlyList<string> names)
    {
        var earlier = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
            if (!earlier.Add(names[i].Trim())) return i;
        return null;
    }

    internal static string Repeated(string name) => $"Two options have the same name: '{name.Trim()}'.";

    private static Refusal Invalid(string why) => new(CatalogRefusals.OptionsInvalid, why);
}
