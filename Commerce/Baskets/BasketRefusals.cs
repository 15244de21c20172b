namespace Commerce.Baskets;

/// <summary>Every way a basket can refuse.</summary>
public static class BasketRefusals
{
    public const string NotFound = "baskets.not-found";
    public const string VariantNotFound = "baskets.variant-not-found";
    public const string QuantityUnavailable = "baskets.quantity-unavailable";
    public const string Full = "baskets.full";

    /// <summary>A basket that became an order is gone for its shopper too.</summary>
    internal static Refusal Unknown() => new(NotFound, "There is no open basket with this id.");
}
