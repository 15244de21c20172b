using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Commerce.Mail;

/// <summary>
/// The one rule of what is a mail address, wherever one is taken: what the mailer can send to and Stripe takes for a receipt. Narrower than
/// RFC 5321: no quoted local parts, and those in ASCII, as Amazon SES wants them. Domains have a dot and may be of any script.
/// </summary>
public static partial class MailAddress
{
    /// <summary>Characters (RFC 5321 4.5.3.1.3, less the angle brackets of a path).</summary>
    public const int MaxLength = 254;

    /// <summary>Characters before the @ (RFC 5321 4.5.3.1.1).</summary>
    private const int MaxLocalLength = 64;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static bool IsUsable(string text) => AsciiOf(text) is not null;

    /// <summary>As it goes over the wire, the domain in Punycode: <c>ann@bücher.example</c> is <c>ann@xn--bcher-kva.example</c>. Null when no mail can be sent there.</summary>
    public static string? AsciiOf(string text)
    {
        if (text.Length > MaxLength || !Shape().IsMatch(text)) return null;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > MaxLocalLength) return null;
        try
        {
            var ascii = $"{text[..at]}@{Idn.GetAscii(text[(at + 1)..])}";
            return ascii.Length <= MaxLength ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null; // no label of a domain: too long, or characters that no name may have
        }
    }

    /// <summary>Checkout and sign-up of the storefront hold the same (<c>Frontend/lib/mail-address.ts</c>).</summary>
    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+\p{L}[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}

/// <summary>The text is a <see cref="MailAddress"/>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class MailAddressAttribute() : DataTypeAttribute(DataType.EmailAddress)
{
    public override bool IsValid(object? value) => value is null || (value is string text && MailAddress.IsUsable(text));

    public override string FormatErrorMessage(string name) => "This is no address that mail can be sent to. Addresses look like ann@example.com.";
}
