using System.ComponentModel.DataAnnotations;

namespace Commerce;

/// <summary>An exact amount in the currency's minor unit (cents for EUR). Prices of this shop include VAT.</summary>
public readonly record struct Money(long AmountMinor, [property: StringLength(3)] string Currency)
{
    /// <summary>ISO 4217 code of the currency the shop sells in.</summary>
    public const string ShopCurrency = "EUR";

    public static Money Of(long amountMinor) => new(amountMinor, ShopCurrency);
}
