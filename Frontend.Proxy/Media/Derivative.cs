using System.Globalization;
using System.Text.RegularExpressions;

namespace Frontend.Proxy.Media;

/// <summary>One size and format of one master, as its URL <c>/media/{hash}/{width}.{ext}</c> names it.</summary>
/// <param name="Hash">SHA-256 of the master, 64 lower-case hexadecimal digits; so a hash is never a path.</param>
/// <param name="Width">One of <see cref="Widths"/>, in pixels. A narrower master is never scaled up.</param>
/// <param name="Extension">One of <see cref="ContentTypes"/>' keys.</param>
public sealed partial record Derivative(string Hash, int Width, string Extension)
{
    /// <summary>Changes whenever the same URL would give other bytes: part of ETag and cache path.</summary>
    public const string Recipe = "v1";

    /// <summary>The widths on offer; any other would let anybody make us compute.</summary>
    public static readonly IReadOnlyList<int> Widths = [160, 320, 480, 640, 960, 1280, 1600];

    /// <summary>The formats on offer, by extension.</summary>
    public static readonly IReadOnlyDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        ["avif"] = "image/avif",
        ["webp"] = "image/webp",
        ["jpg"] = "image/jpeg",
    };

    /// <summary>The media type this is served as.</summary>
    public string ContentType => ContentTypes[Extension];

    /// <summary>The strong ETag, with its quotes. Recipe and master name the bytes, so it is known before they exist.</summary>
    public string ETag => $"\"{Hash[..16]}-{Width}-{Extension}-{Recipe}\"";

    /// <summary>Path inside the cache folder.</summary>
    public string CachePath => Path.Combine(Recipe, Hash[..2], $"{Hash}-{Width}.{Extension}");

    /// <summary>Whether this is how a hash looks.</summary>
    public static bool IsHash(string text) => HashShape().IsMatch(text);

    /// <summary>Reads <c>640.avif</c>; null when the width or the format is not on offer.</summary>
    public static Derivative? Parse(string hash, string file)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !IsHash(hash) || !ContentTypes.ContainsKey(file[(dot + 1)..]))
            return null;
        return int.TryParse(file.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && Widths.Contains(width) && !file.StartsWith('0')
            ? new Derivative(hash, width, file[(dot + 1)..])
            : null;
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex HashShape();
}
