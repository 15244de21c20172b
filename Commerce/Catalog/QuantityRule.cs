using Commerce.Baskets;

namespace Commerce.Catalog;

/// <summary>How many units of a variant may be bought at once: at least, at most, and in which steps from the least.</summary>
public readonly record struct QuantityRule(int Min, int Max, int Step)
{
    /// <summary>A variant's own numbers, never beyond what any basket takes.</summary>
    public static QuantityRule Of(int min, int? max, int step) => new(min, Math.Min(max ?? Basket.MaxQuantity, Basket.MaxQuantity), step);

    public bool Allows(int quantity) => quantity >= Min && quantity <= Max && (quantity - Min) % Step == 0;

    /// <summary>The largest allowed quantity that is no more than what there is; 0 when there is none.</summary>
    public int Within(int orderable) => Math.Min(orderable, Max) is var most && most >= Min ? most - ((most - Min) % Step) : 0;
}
