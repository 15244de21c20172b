using System.Globalization;
using System.Text;

namespace Commerce.Catalog;

/// <summary>Names in addresses: lower-case letters and digits of any script, with - and _ between.</summary>
public static class Slug
{
    public const int MaxLength = 255;

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength && slug.All(c => char.IsLetterOrDigit(c) || c is '-' or '_') && slug == slug.ToLowerInvariant();

    /// <summary>A slug from a title: accents dropped, everything else than letters and digits a hyphen. Empty when nothing is left.</summary>
    public static string From(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        var text = slug.ToString().TrimEnd('-');
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }
}
