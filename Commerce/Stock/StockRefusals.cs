namespace Commerce.Stock;

/// <summary>Every way a change of stock can be refused.</summary>
public static class StockRefusals
{
    public const string VariantNotFound = "stock.variant-not-found";
    public const string LocationNotFound = "stock.location-not-found";
    public const string LocationInUse = "stock.location-in-use";
    public const string LocationNameTaken = "stock.location-name-taken";
    public const string UnitsPromised = "stock.units-promised";
    public const string TooMany = "stock.too-many";
    public const string NoChange = "stock.no-change";
    public const string SameLocation = "stock.same-location";
    public const string IsBundle = "stock.is-bundle";
    public const string HasUnits = "stock.has-units";
    public const string BundleNested = "stock.bundle-nested";
    public const string BundleChanged = "stock.bundle-changed";
    public const string CursorInvalid = "stock.cursor-invalid";

    internal static Refusal UnknownVariant() => new(VariantNotFound, "There is no variant with this id.");

    internal static Refusal UnknownLocation() => new(LocationNotFound, "There is no location with this id.");

    internal static Refusal Full() => new(TooMany, $"A location takes at most {StockItem.MaxOnHand} units of a variant.");

    internal static Refusal BadCursor() => new(CursorInvalid, "The cursor is not one this list has given out.");

    /// <param name="item">Where.</param>
    /// <param name="unsent">Sold units that lie there still.</param>
    internal static Refusal Promised(StockItem item, Unsent unsent) => new(UnitsPromised, "Fewer units would be left there than orders have been promised.")
    {
        Facts = new Dictionary<string, object?> { ["onHand"] = item.OnHand + unsent.Units, ["unsent"] = unsent.Units, ["reserved"] = item.Reserved },
    };
}
