using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace Api;

/// <summary>A text of one line for people to read: no control characters, no line breaks of any kind, and something to be seen. Null and empty are other rules' matter.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneLineAttribute() : ValidationAttribute("The text is one line that can be read, without control characters.")
{
    public override bool IsValid(object? value) => value is not string text || text == "" || (text.EnumerateRunes().Any(IsSeen) && !text.EnumerateRunes().Any(Breaks));

    private static bool IsSeen(Rune rune) => !Breaks(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.SpaceSeparator or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned);

    private static bool Breaks(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
