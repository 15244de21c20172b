using System.Globalization;

namespace Commerce.Taxes;

/// <summary>Standard VAT rates of the European Union's members in percent (European Commission, Taxes in Europe database, 2025): the first content of the table, which the merchant owns.</summary>
internal static class EuropeanVat
{
    public static readonly IReadOnlyDictionary<string, decimal> Standard = new Dictionary<string, decimal>(
        "AT 20, BE 21, BG 20, CY 19, CZ 21, DE 19, DK 25, EE 24, ES 21, FI 25.5, FR 20, GR 24, HR 25, HU 27, IE 23, IT 22, LT 21, LU 17, LV 21, MT 18, NL 21, PL 23, PT 23, RO 21, SE 25, SI 22, SK 23"
            .Split(", ").Select(rate => new KeyValuePair<string, decimal>(rate[..2], decimal.Parse(rate[3..], CultureInfo.InvariantCulture))));
}
