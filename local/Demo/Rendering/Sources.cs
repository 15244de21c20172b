using System.Security.Cryptography;
using SkiaSharp;

namespace Local.Demo.Rendering;

/// <summary>Fingerprints of the drawing code itself, which is embedded in the assembly: a picture is stale when the code that made it changed.</summary>
internal static class Sources
{
    private static readonly Dictionary<string, string> Hashes = typeof(Sources).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith("source/", StringComparison.Ordinal))
        .ToDictionary(n => n["source/".Length..], Hash, StringComparer.Ordinal);

    /// <summary>Numbers and press: whatever every picture runs through, and the version of SkiaSharp.</summary>
    public static readonly string Core = All("core/") + typeof(SKImage).Assembly.GetName().Version;

    /// <summary>What every mock-up shares.</summary>
    public static readonly string Goods = All("goods/");

    public static string Of(string name) => Hashes[name];

    private static string All(string folder) =>
        string.Concat(Hashes.Where(h => h.Key.StartsWith(folder, StringComparison.Ordinal)).OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => h.Value));

    private static string Hash(string resource)
    {
        using var stream = typeof(Sources).Assembly.GetManifestResourceStream(resource)!;
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }
}
