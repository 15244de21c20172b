namespace Commerce.Pricing;

/// <summary>Every way a change of what holds for the whole shop, or an amount of money, can be refused.</summary>
public static class PricingRefusals
{
    public const string SettingsChanged = "shop.settings-changed";
    public const string ShopCurrencyMissing = "shop.own-currency-missing";
    public const string CurrencyNotSellable = "shop.currency-not-sellable";
    public const string AmountNotChargeable = "shop.amount-not-chargeable";
}
