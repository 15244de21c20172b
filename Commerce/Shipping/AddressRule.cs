using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Commerce.Shipping;

/// <summary>What mail in one country needs to arrive: how its postal codes look, and whether a region belongs to an address.</summary>
public sealed class AddressRule
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Regex _postalCode;

    private static readonly FrozenDictionary<string, AddressRule> Rules = Read().ToFrozenDictionary(r => r.CountryCode);

    private AddressRule(string countryCode, string postalCodeExample, IReadOnlyList<string> regions, string postalCodePattern)
    {
        (CountryCode, PostalCodeExample, Regions, PostalCodePattern) = (countryCode, postalCodeExample, regions, $"^(?:{postalCodePattern})$");
        // By ECMAScript's rules a digit is one of ASCII's; its $ is the end, which .NET's is not before a line break.
        _postalCode = new Regex($@"^(?:{postalCodePattern})\z", RegexOptions.ECMAScript, Patience);
    }

    public string CountryCode { get; }
    public string PostalCodeExample { get; }

    /// <summary>A regular expression as ECMAScript has them, for a whole postal code as <see cref="Normalise"/> writes it.</summary>
    public string PostalCodePattern { get; }

    /// <summary>Codes of its states or provinces, as in ISO 3166-2 without the country; empty where mail needs none.</summary>
    public IReadOnlyList<string> Regions { get; }

    /// <summary>Of every country that has one, by code.</summary>
    public static IReadOnlyList<AddressRule> All { get; } = [.. Rules.Values.OrderBy(r => r.CountryCode, StringComparer.Ordinal)];

    /// <summary>Null for a country without a rule: any address is taken there, with a postal code or without, if the shop delivers at all.</summary>
    public static AddressRule? Of(string countryCode) => Rules.GetValueOrDefault(countryCode);

    /// <summary>Postal codes are compared and kept in upper case, with single spaces.</summary>
    public static string Normalise(string postalCode) => string.Join(' ', postalCode.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public bool FitsPostalCode(string postalCode) => _postalCode.IsMatch(Normalise(postalCode));

    public bool FitsRegion(string? region) => Regions.Count == 0 || (region is not null && Regions.Contains(region));

    // CA|[A-Z]\d[A-Z] ?\d[A-Z]\d|K1A 0B1|AB,BC,MB
    private static IEnumerable<AddressRule> Read()
    {
        using var stream = typeof(AddressRule).Assembly.GetManifestResourceStream("Commerce.Shipping.countries.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line is "" || line[0] == '#') continue;
            // The pattern itself may hold a bar, so the fields are taken from both ends.
            var (first, last) = (line.IndexOf('|'), line.LastIndexOf('|'));
            var middle = line.LastIndexOf('|', last - 1);
            yield return new AddressRule(
                line[..first], line[(middle + 1)..last], line[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries), line[(first + 1)..middle]);
        }
    }
}
