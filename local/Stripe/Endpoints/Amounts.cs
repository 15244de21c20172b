using System.Globalization;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>Currencies and the smallest and largest amounts (docs.stripe.com/currencies).</summary>
internal static class Amounts
{
    private const long Largest = 99_999_999;
    private const long LargestInRupiahs = 999_999_999_999;

    /// <summary>Of a currency not in the table; Stripe decides by the day's rate.</summary>
    private const long SmallestOther = 50;

    private static readonly Dictionary<string, long> Smallest =
        new (long Amount, string Currencies)[]
        {
            (30, "gbp"),
            (50, "aud brl cad chf eur inr jpy nzd sgd usd"),
            (100, "bgn"),
            (200, "aed myr pln ron"),
            (250, "dkk"),
            (300, "nok sek"),
            (400, "hkd"),
            (1_000, "mxn thb"),
            (1_500, "czk"),
            (17_500, "huf"),
        }.SelectMany(group => group.Currencies.Split(' ').Select(code => KeyValuePair.Create(code, group.Amount))).ToDictionary();

    private static readonly HashSet<string> ZeroDecimal =
        ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];

    private static readonly HashSet<string> ThreeDecimal = ["bhd", "jod", "kwd", "omr", "tnd"];

    /// <summary>Without decimals in life, but still written with two, which are 00.</summary>
    private static readonly HashSet<string> WrittenWithTwo = ["isk", "ugx"];

    private static readonly Dictionary<string, string> Symbols = new() { ["eur"] = "€", ["usd"] = "$", ["gbp"] = "£", ["jpy"] = "¥" };

    /// <summary>The other currencies a card can be charged in.</summary>
    private static readonly HashSet<string> WithTwoDecimals =
    [
        .. ("aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd "
            + "fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn "
            + "nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs "
            + "wst xcd xcg yer zar zmw").Split(' '),
    ];

    /// <summary>The ISO code of a parameter <c>currency</c>, lower case.</summary>
    public static string Currency(Params owner)
    {
        var currency = owner.RequiredText("currency").ToLowerInvariant();
        return WithTwoDecimals.Contains(currency) || ZeroDecimal.Contains(currency) || ThreeDecimal.Contains(currency) || WrittenWithTwo.Contains(currency)
            ? currency
            : throw StripeError.Invalid($"Invalid currency: {currency}.", owner.Name("currency"));
    }

    /// <exception cref="StripeError">Too small or too large to charge.</exception>
    public static void Check(long amount, string currency, string param)
    {
        var largest = currency == "idr" ? LargestInRupiahs : Largest;
        if (amount > largest)
            throw StripeError.Invalid($"Amount must be no more than {Show(largest, currency)}", param, "amount_too_large");
        CheckDigits(amount, currency, param);
        var smallest = Smallest.GetValueOrDefault(currency, ZeroDecimal.Contains(currency) ? 1 : SmallestOther);
        if (amount < smallest)
            throw StripeError.Invalid($"The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set ({Show(smallest, currency)}).", param, "amount_too_small");
    }

    /// <exception cref="StripeError">The last digits are none that can be charged or refunded.</exception>
    public static void CheckDigits(long amount, string currency, string param)
    {
        if (ThreeDecimal.Contains(currency) && amount % 10 != 0)
            throw StripeError.Invalid($"Invalid amount: the last digit of an amount in {currency} must be 0.", param, "parameter_invalid_integer");
        if (WrittenWithTwo.Contains(currency) && amount % 100 != 0)
            throw StripeError.Invalid($"Invalid amount: the last two digits of an amount in {currency} must be 0.", param, "parameter_invalid_integer");
    }

    /// <summary>An amount for people: <c>€49.00</c>, <c>¥500</c>, <c>SEK 12.50</c>, <c>KWD 1.250</c>.</summary>
    public static string Show(long minor, string currency)
    {
        var (decimals, unit) = ZeroDecimal.Contains(currency) ? (0, 1m) : ThreeDecimal.Contains(currency) ? (3, 1000m) : (2, 100m);
        var text = (minor / unit).ToString($"N{decimals}", CultureInfo.InvariantCulture);
        return Symbols.TryGetValue(currency, out var symbol) ? symbol + text : $"{currency.ToUpperInvariant()} {text}";
    }
}

/// <summary>The <c>shipping</c> parameter of intents.</summary>
internal static class ShippingParams
{
    public static ShippingRecord? Read(Params? shipping)
    {
        if (shipping is null)
            return null;
        var address = shipping.Object("address") ?? throw shipping.Required("address");
        return new ShippingRecord(shipping.RequiredText("name"), shipping.Text("phone"), address.Text("line1"), address.Text("line2"),
            address.Text("city"), address.Text("postal_code"), address.Text("state"), address.Text("country"));
    }
}
