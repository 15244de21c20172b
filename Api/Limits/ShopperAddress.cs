using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Api.Limits;

/// <summary>What the storefront and the Api both know; without it nobody is believed to be the storefront.</summary>
public sealed class StorefrontOptions
{
    public string? Key { get; set; }
}

/// <summary>
/// The storefront renders pages for shoppers and calls the Api in their name. It says for whom:
/// <c>X-Shopper-Address: 203.0.113.7;1764100000;4f2a…</c> is the shopper's address (empty when it asks for itself), Unix seconds, and
/// HMAC-SHA256 of both before the last semicolon under the shared key.
/// </summary>
public static class ShopperAddress
{
    public const string Header = "X-Shopper-Address";

    private const int MaxLength = 160;
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    /// <summary>Whether the storefront calls; the address is null when it asks for itself.</summary>
    public static bool TryRead(IHeaderDictionary headers, string? key, DateTimeOffset now, out string? address)
    {
        address = null;
        var text = headers[Header].ToString();
        if (string.IsNullOrEmpty(key) || text.Length is 0 or > MaxLength || text.Split(';') is not [var shopper, var time, var signature]) return false;
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Validity.TotalSeconds) return false;
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{shopper};{time}")));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature))) return false;
        address = shopper == "" ? null : shopper;
        return true;
    }
}
