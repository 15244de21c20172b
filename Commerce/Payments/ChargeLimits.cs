using System.Collections.Frozen;
using Commerce.Pricing;

namespace Commerce.Payments;

/// <summary>
/// What a card can be charged at once (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). Of a currency that is not in the table
/// Stripe decides by the account's own and the day's rate; the shop then asks for as many minor units as of its dollars and leaves the rest to Stripe.
/// </summary>
internal static class ChargeLimits
{
    private const long OtherLeast = 50;

    /// <summary>Eight digits, and of rupiahs twelve.</summary>
    private const long Largest = 99_999_999;
    private const long LargestInRupiahs = 999_999_999_999;

    private static readonly FrozenDictionary<string, long> Least =
        new (long Amount, string Currencies)[]
        {
            (30, "GBP"),
            (50, "AUD BRL CAD CHF EUR INR JPY NZD SGD USD"),
            (100, "BGN"),
            (200, "AED MYR PLN RON"),
            (250, "DKK"),
            (300, "NOK SEK"),
            (400, "HKD"),
            (1_000, "MXN THB"),
            (1_500, "CZK"),
            (17_500, "HUF"),
        }.SelectMany(group => group.Currencies.Split(' ').Select(code => KeyValuePair.Create(code, group.Amount))).ToFrozenDictionary();

    public static Money LeastOf(string currency) =>
        new(Least.GetValueOrDefault(currency, SellableCurrencies.DecimalsOf(currency) == 0 ? 1 : OtherLeast), currency);

    public static Money MostOf(string currency) => new(StripeAmount.ToMinor(currency == "IDR" ? LargestInRupiahs : Largest, currency), currency);
}
