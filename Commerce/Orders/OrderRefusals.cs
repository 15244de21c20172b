using Commerce.Baskets;
using Commerce.Payments;
using Commerce.Shipping;
using Commerce.Stock;

namespace Commerce.Orders;

/// <summary>Every way an order can be refused.</summary>
public static class OrderRefusals
{
    public const string NotFound = "orders.not-found";
    public const string OutOfStock = "orders.out-of-stock";
    public const string BasketNotFound = "orders.basket-not-found";
    public const string BasketEmpty = "orders.basket-empty";
    public const string LineNotForSale = "orders.line-not-for-sale";
    public const string BasketAlreadyOrdered = "orders.basket-already-ordered";
    public const string TotalChanged = "orders.total-changed";
    public const string CountryNotServed = "orders.country-not-served";
    public const string AlreadyPaid = "orders.already-paid";
    public const string AlreadyShipped = "orders.already-shipped";
    public const string NothingShipped = "orders.nothing-shipped";
    public const string NotPaid = "orders.not-paid";
    public const string PaidBack = "orders.paid-back";
    public const string NotInStock = "orders.not-in-stock";
    public const string Expired = "orders.expired";
    public const string LineInvalid = "orders.line-invalid";
    public const string FulfilmentNotFound = "orders.fulfilment-not-found";
    public const string VersionChanged = "orders.version-changed";
    public const string CursorInvalid = "orders.cursor-invalid";
    public const string CurrencyMismatch = "orders.currency-mismatch";
    public const string ShippingUnavailable = "orders.shipping-unavailable";
    public const string QuantityNotAllowed = "orders.quantity-not-allowed";
    public const string TotalNotChargeable = "orders.total-not-chargeable";
    public const string InFlight = "idempotency.in-flight";
    public const string KeyReused = "idempotency.key-reused";

    internal static Refusal NoBasket() => new(BasketNotFound, "There is no basket with this id.");

    internal static Refusal Unknown() => new(NotFound, "There is no order with this number and key.");

    internal static Refusal Moved(int version) =>
        new(VersionChanged, "The order has changed since it was read; read it again.") { Facts = new Dictionary<string, object?> { ["version"] = version } };

    internal static Refusal Reused() => new(KeyReused, "This Idempotency-Key was used for another request.");

    internal static Refusal NoSuchUnits(int position, int quantity, int left) =>
        new(LineInvalid, left == 0 ? $"Line {position} has no such units." : $"Line {position} has {left} such units, not {quantity}.")
        {
            Facts = new Dictionary<string, object?> { ["position"] = position, ["quantity"] = quantity, ["available"] = left },
        };

    internal static Refusal NamedTwice(int position) =>
        new(LineInvalid, $"Line {position} is named more than once; name it once, with all its units.") { Facts = new Dictionary<string, object?> { ["position"] = position } };

    internal static Refusal NotThere(IReadOnlyList<LyingUnits> missing) =>
        new(NotInStock, "Some of these units are not in stock, so nothing was noted as sent. Send what is there, correct the count, or say evenMissing to note them as sent all the same.")
        {
            Facts = new Dictionary<string, object?> { ["lines"] = missing },
        };

    internal static Refusal Short(IEnumerable<(OrderLine Line, int Available)> lines) =>
        new(OutOfStock, "Some lines are no longer available in the quantity asked for; nothing was ordered.")
        {
            Facts = new Dictionary<string, object?>
            {
                ["lines"] = lines.Select(l => new ShortLine(l.Line.VariantId, l.Line.Sku, l.Line.Title, l.Line.VariantTitle, l.Line.Quantity, l.Available)).ToList(),
            },
        };

    internal static Refusal Claimed(string number, string key) =>
        new(BasketAlreadyOrdered, "This basket has been ordered already.")
        {
            Facts = new Dictionary<string, object?> { ["orderNumber"] = number, ["orderKey"] = key },
        };

    internal static Refusal NotServed(string countryCode) => new(CountryNotServed, $"The shop does not deliver to {countryCode}.");

    internal static Refusal OtherCurrency(string asked, string basket) =>
        new(CurrencyMismatch, $"The basket is in {basket}; a total in {asked} cannot be agreed to.")
        {
            Facts = new Dictionary<string, object?> { ["expectedCurrency"] = asked, ["currency"] = basket },
        };

    internal static Refusal NoShipping(string? asked, IReadOnlyList<ShippingRate> methods) =>
        new(ShippingUnavailable, asked is null ? "Nothing of this weight and value can be sent there." : $"The order cannot be sent by '{asked}'.")
        {
            Facts = new Dictionary<string, object?> { ["shippingCodes"] = methods.Select(m => m.Code).ToList() },
        };

    internal static Refusal AgainstRules(IEnumerable<LineReading> lines) =>
        new(QuantityNotAllowed, "Some lines are not sold in this quantity; nothing was ordered.")
        {
            Facts = new Dictionary<string, object?>
            {
                ["lines"] = lines.Select(l => new RuledLine(l.VariantId, l.Sku, l.Title, l.VariantTitle, l.Quantity, l.Rule.Min, l.Rule.Max, l.Rule.Step)).ToList(),
            },
        };

    /// <summary>Null when a card can be charged the total.</summary>
    internal static Refusal? NotChargeable(Money total)
    {
        var (least, most) = (ChargeLimits.LeastOf(total.Currency), ChargeLimits.MostOf(total.Currency));
        if (total.AmountMinor >= least.AmountMinor && total.AmountMinor <= most.AmountMinor) return null;
        var why = total.AmountMinor == 0 ? "There is nothing to pay, and the shop takes orders that are paid by card only."
            : total.AmountMinor < least.AmountMinor ? "The total is less than a card can be charged." : "The total is more than a card can be charged at once.";
        return new Refusal(TotalNotChargeable, why) { Facts = new Dictionary<string, object?> { ["total"] = total, ["least"] = least, ["most"] = most } };
    }

    internal static Refusal NotForSale(IEnumerable<LineReading> lines) =>
        new(LineNotForSale, "Some lines are no longer on sale, or not in the basket's currency; nothing was ordered. Take them out to order the others.")
        {
            Facts = new Dictionary<string, object?> { ["lines"] = lines.Select(l => new UnsoldLine(l.VariantId, l.Sku, l.Title, l.VariantTitle, l.Obstacle!)).ToList() },
        };

    internal static Refusal Changed(Money expected, Money actual) =>
        new(TotalChanged, "The total is no longer the one that was shown; show the new one and ask again.")
        {
            Facts = new Dictionary<string, object?> { ["expectedTotal"] = expected, ["total"] = actual },
        };
}

/// <summary>A line that cannot be had at all; the obstacle is not-on-sale or no-price-in-currency.</summary>
public sealed record UnsoldLine(Guid VariantId, string? Sku, string Title, string VariantTitle, string Obstacle);

/// <summary>A line that cannot be had in the quantity asked for.</summary>
public sealed record ShortLine(Guid VariantId, string? Sku, string Title, string VariantTitle, int Quantity, int Available);

/// <summary>A line in a quantity its variant is not sold in.</summary>
public sealed record RuledLine(Guid VariantId, string? Sku, string Title, string VariantTitle, int Quantity, int MinQuantity, int MaxQuantity, int QuantityStep);
