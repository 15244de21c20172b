using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Commerce.Pricing;

namespace Commerce;

/// <summary>An exact amount in the currency's minor unit (cents for EUR, whole yen for JPY). Prices of this shop include VAT.</summary>
public readonly record struct Money(long AmountMinor, [property: StringLength(3)] string Currency)
{
    /// <summary>ISO 4217 code of the currency the shop sells in.</summary>
    public const string ShopCurrency = "EUR";

    public static Money Of(long amountMinor) => new(amountMinor, ShopCurrency);

    /// <summary>In whole units of the currency.</summary>
    public decimal ToDecimal() => decimal.Divide(AmountMinor, SellableCurrencies.UnitOf(Currency));

    /// <summary>For machines, with all the currency's decimals: 49.00, 500, 1.250.</summary>
    public string ToPlainText() => ToDecimal().ToString($"F{SellableCurrencies.DecimalsOf(Currency)}", CultureInfo.InvariantCulture);
}
