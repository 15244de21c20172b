using System.Globalization;
using System.Text;

namespace Commerce.Catalog;

/// <summary>Names in addresses: lower-case letters and digits of any script, with the marks that belong to them (U+0E35 in Thai), composed (NFC), with - and _ between.</summary>
public static class Slug
{
    public const int MaxLength = 255;

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength && (char.IsLetterOrDigit(slug[0]) || slug[0] is '-' or '_') && slug.All(c => IsPart(c) || c is '-' or '_') && slug.IsNormalized() && slug == slug.ToLowerInvariant();

    /// <summary>A slug from a title: accents dropped (U+0300 to U+036F), everything else than letters, their marks and digits a hyphen. Empty when nothing is left.</summary>
    public static string From(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title.Normalize(NormalizationForm.FormD))
        {
            if (c is >= '\u0300' and <= '\u036f') continue;
            if (slug.Length > 0 && slug[^1] != '-' ? IsPart(c) : char.IsLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        var text = slug.ToString().TrimEnd('-').Normalize();
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
