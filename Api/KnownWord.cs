using System.Text.Json;

namespace Api;

/// <summary>Enumerations are words in addresses as they are in bodies: kebab case, in small letters.</summary>
internal static class KnownWord
{
    public static string Of<T>(T value) where T : struct, Enum => Of(value.ToString());

    public static string Of(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>The value of a word that validation has let through.</summary>
    public static T Read<T>(string word) where T : struct, Enum => Enum.Parse<T>(word.Replace("-", ""), ignoreCase: true);
}
