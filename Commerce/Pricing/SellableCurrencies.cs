using System.Collections.Frozen;

namespace Commerce.Pricing;

/// <summary>
/// Currencies (ISO 4217) with two decimals that Stripe charges cards in. Two decimals, because the product CSV writes prices that way whatever
/// the currency: a price of 1234 yen would be read as 123,400.
/// </summary>
public static class SellableCurrencies
{
    private static readonly FrozenSet<string> Codes = new[]
    {
        "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "INR", "MXN", "MYR",
        "NOK", "NZD", "PHP", "PLN", "QAR", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
    }.ToFrozenSet();

    /// <summary>Most currencies a shop can sell in.</summary>
    public const int Most = 29;

    public static bool Contains(string code) => Codes.Contains(code);
}
