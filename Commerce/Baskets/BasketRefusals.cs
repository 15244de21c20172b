using Commerce.Catalog;

namespace Commerce.Baskets;

/// <summary>Every way a basket can refuse.</summary>
public static class BasketRefusals
{
    public const string NotFound = "baskets.not-found";
    public const string VariantNotFound = "baskets.variant-not-found";
    public const string QuantityUnavailable = "baskets.quantity-unavailable";
    public const string QuantityNotAllowed = "baskets.quantity-not-allowed";
    public const string CurrencyUnknown = "baskets.currency-unknown";
    public const string NoPrice = "baskets.no-price-in-currency";
    public const string Full = "baskets.full";

    /// <summary>A basket that became an order is gone for its shopper too.</summary>
    internal static Refusal Unknown() => new(NotFound, "There is no open basket with this id.");

    internal static Refusal Unavailable(int maxQuantity) => new(QuantityUnavailable, "There are not that many left.")
    {
        Facts = new Dictionary<string, object?> { ["maxQuantity"] = maxQuantity },
    };

    internal static Refusal AgainstRule(QuantityRule rule, int orderable) => new(QuantityNotAllowed, "This variant is not sold in this quantity.")
    {
        Facts = new Dictionary<string, object?> { ["minQuantity"] = rule.Min, ["maxQuantity"] = rule.Within(orderable), ["quantityStep"] = rule.Step },
    };
}
