using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Api;

/// <summary>A text that matches the pattern as a whole. <see cref="RegularExpressionAttribute"/> lets every empty text pass, so that <c>?status=</c> would be a status.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class MatchesAttribute([StringSyntax(StringSyntaxAttribute.Regex)] string pattern) : RegularExpressionAttribute(pattern)
{
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);

    /// <summary>Where the pattern is a choice of words, the words.</summary>
    public override string FormatErrorMessage(string name) =>
        Pattern.All(letter => char.IsAsciiLetter(letter) || letter is '-' or '|') ? $"The field {name} takes {string.Join(", ", Pattern.Split('|'))}." : base.FormatErrorMessage(name);
}
