using SkiaSharp;

namespace Local.Demo.Print;

/// <summary>A paper and its inks in printing order. On dark papers inks are opaque, on light ones they multiply.</summary>
internal sealed record Palette(string Name, SKColor Paper, params SKColor[] Inks)
{
    public bool Dark => (Paper.Red * 0.3f) + (Paper.Green * 0.59f) + (Paper.Blue * 0.11f) < 110;

    public SKColor Ink(int index) => Inks[index % Inks.Length];
}

/// <summary>The ink cupboard: every palette of the shop.</summary>
internal static class Palettes
{
    private static readonly Dictionary<string, Palette> All = new List<Palette>
    {
        Of("harbour", "F4EEE1", "1F3A5F", "E4572E", "F2B134", "7FB7BE"),
        Of("clay", "F3E9DC", "B9502F", "2F4B4F", "E3A857", "7A2E1F"),
        Of("moss", "F1EFE2", "2F4A36", "86A06A", "D9A441", "B5533C"),
        Of("sumi", "F6F3EA", "1B1B22", "D7402B", "8C8A86"),
        Of("midnight", "161A2E", "F2E9D8", "F0A35E", "5EA3C9", "D9546B"),
        Of("rosehip", "F8EDE6", "C93F5C", "2C3E66", "F3A6A0", "7D2048"),
        Of("fjord", "EDF1EE", "0F3D57", "3E8E9E", "E9724C", "A9CBC4"),
        Of("riso", "F7F3E8", "FF4C65", "0078BF", "FFB511", "3D5588"),
        Of("lichen", "F0EFE6", "394B45", "C8B560", "D98E5F", "6B7F5E"),
        Of("persimmon", "FBF1E3", "EC6B2D", "24425C", "F7B267", "8FB0A9"),
        Of("plum", "F4ECEB", "4A1F4D", "E58E73", "A04A7D", "F2C879"),
        Of("aizome", "F3F1EA", "1D2F6F", "5F86C9", "3E5FA8", "9DB4D9"),
        Of("graphite", "F2F1ED", "2B2D30", "E2B33C", "8A8D90", "C5C2BA"),
        Of("citrus", "FFFAEA", "19415E", "F4B400", "E8602C", "2D7D6B"),
        Of("nightgarden", "10241F", "E8E0C8", "7FB68A", "E58F65", "D6C15A"),
        Of("kiln", "2A1A17", "F1DCC0", "E0703A", "B23A2E", "7C9B92"),
        Of("sakura", "FAF1EE", "B3364F", "E88A9C", "596A8A", "F0C9B8"),
        Of("dune", "F6EBDA", "8C5A3A", "C98B4B", "3D4F5C", "E6C08A"),
        Of("blueprint", "12335C", "F3EFE2", "8FC1E3", "F2C14E", "5B8DBF"),
        Of("meadow", "F5F3E4", "3B5B8C", "E9C83D", "E3705B", "4F8A4C"),
    }.ToDictionary(p => p.Name, StringComparer.Ordinal);

    public static Palette Named(string name) => All[name];

    private static Palette Of(string name, string paper, params string[] inks) =>
        new(name, SKColor.Parse(paper), [.. inks.Select(SKColor.Parse)]);
}
