using System.ComponentModel.DataAnnotations;

namespace Api;

/// <summary>An address that people can be sent to: absolute, of the web, well formed, and without a user who would hide where it leads.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WebAddressAttribute() : ValidationAttribute("The field {0} takes a whole address of the web, https://… or http://…, without a user and without spaces.")
{
    // Uri overlooks white space at both ends.
    public override bool IsValid(object? value) => value is not string text
        || (!text.Any(char.IsWhiteSpace) && Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { Host.Length: > 0, UserInfo: "" } && address.IsWellFormedOriginalString());
}
