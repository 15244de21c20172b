using System.Collections.Frozen;
using Commerce.Payments;

namespace Commerce.Pricing;

/// <summary>
/// The currencies Stripe charges cards in (docs.stripe.com/currencies), each with its decimals by ISO 4217. A table, because the framework's culture
/// data follow CLDR, which writes some currencies (RSD, LAK) without the minor units that Stripe and ISO count in: off by a hundred.
/// </summary>
public static class SellableCurrencies
{
    private const string WithoutDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF";

    private const string WithTwo =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD "
        + "FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR "
        + "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU "
        + "UZS WST XCD XCG YER ZAR ZMW";

    private const string WithThree = "BHD JOD KWD OMR TND";

    private static readonly FrozenDictionary<string, int> Decimals = new[] { (WithoutDecimals, 0), (WithTwo, 2), (WithThree, 3) }
        .SelectMany(group => group.Item1.Split(' ').Select(code => KeyValuePair.Create(code, group.Item2))).ToFrozenDictionary();

    /// <summary>Most currencies a shop can sell in.</summary>
    public const int Most = 200;

    public static IEnumerable<string> All => Decimals.Keys;

    public static bool Contains(string code) => Decimals.ContainsKey(code);

    /// <summary>How many decimals an amount has: its minor unit is that power of a tenth.</summary>
    public static int DecimalsOf(string code) => Decimals.GetValueOrDefault(code, 2);

    /// <summary>How many minor units are one unit of the currency.</summary>
    public static int UnitOf(string code) => DecimalsOf(code) switch { 0 => 1, 3 => 1000, _ => 100 };

    /// <summary>In which steps of minor units a card can be charged: with three decimals, Stripe takes amounts that end in 0 only.</summary>
    public static int StepOf(string code) => DecimalsOf(code) == 3 ? 10 : 1;

    /// <summary>Largest price in any currency, in minor units.</summary>
    public const long MaxPrice = 999_999_999_999;

    /// <summary>Largest price that is believed, in minor units: ten million euros, and what a card can be charged where that is more (rupiahs).</summary>
    public static long MaxPriceOf(string code) => Math.Max(1_000_000_000, ChargeLimits.MostOf(code).AmountMinor);

    /// <summary>Why an amount can be no price, rate or refund; null when it can.</summary>
    internal static Refusal? Refuses(Money amount) => !Contains(amount.Currency)
        ? new Refusal(PricingRefusals.CurrencyNotSellable, $"No card is charged in {amount.Currency}.") { Facts = new Dictionary<string, object?> { ["currency"] = amount.Currency } }
        : amount.AmountMinor > MaxPriceOf(amount.Currency)
        ? new Refusal(PricingRefusals.AmountNotChargeable, $"Nothing costs more than {MaxPriceOf(amount.Currency)} minor units of {amount.Currency}.")
        {
            Facts = new Dictionary<string, object?> { ["amount"] = amount, ["most"] = new Money(MaxPriceOf(amount.Currency), amount.Currency) },
        }
        : amount.AmountMinor % StepOf(amount.Currency) == 0
        ? null
        : new Refusal(PricingRefusals.AmountNotChargeable, $"Cards are charged in steps of {StepOf(amount.Currency)} minor units of {amount.Currency}.")
        {
            Facts = new Dictionary<string, object?> { ["amount"] = amount, ["stepMinor"] = StepOf(amount.Currency) },
        };
}
