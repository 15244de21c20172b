using System.ComponentModel.DataAnnotations;

namespace Api.Document;

/// <summary>Every text in a list has at least one and at most so many characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EachStringLengthAttribute(int maximumLength) : ValidationAttribute($"Each takes 1 to {maximumLength} characters.")
{
    /// <summary>Characters.</summary>
    public int MaximumLength => maximumLength;

    public override bool IsValid(object? value) =>
        value is not IReadOnlyList<string> texts || texts.All(text => text is { Length: > 0 } && text.Length <= maximumLength);
}
