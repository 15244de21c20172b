using System.Text.Json;

namespace Commerce;

/// <summary>Enumerations are words outside, in addresses, bodies and the database alike: kebab case, in small letters.</summary>
public static class KnownWord
{
    public static string Of<T>(T value) where T : struct, Enum => Of(value.ToString());

    public static string Of(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>The value of a word that is known to be one.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static T Read<T>(string word) where T : struct, Enum => Enum.Parse<T>(word.Replace("-", ""), ignoreCase: true);
}
