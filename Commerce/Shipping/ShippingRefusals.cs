namespace Commerce.Shipping;

/// <summary>Every way a change of zones and rates can be refused.</summary>
public static class ShippingRefusals
{
    public const string ZoneTwice = "shipping.zone-twice";
    public const string CountryTwice = "shipping.country-twice";
    public const string BandsOverlap = "shipping.bands-overlap";
    public const string CurrencyUnknown = "shipping.currency-unknown";
    public const string TaxClassInUse = "shipping.tax-class-in-use";
    public const string RateTwice = "shipping.vat-rate-twice";
    public const string CountryUnknown = "shipping.country-unknown";
    public const string PercentTooFine = "shipping.percent-too-fine";
    public const string VatMissing = "shipping.vat-missing";
}
