using Local.Demo.Goods;
using SkiaSharp;

namespace Local.Demo.Catalog;

/// <summary>A theme of the shop and the studio its goods are photographed in.</summary>
internal sealed record Collection(string Slug, string Title, Studio Studio)
{
    public static readonly IReadOnlyDictionary<string, Collection> All = new List<Collection>
    {
        Of("currents", "Currents", "DCE1DF", "CFD3CC", "8FA9AC"),
        Of("tide-pool", "Tide Pool", "E3DDD5", "D3CABE", "6F8F8B"),
        Of("herbarium", "Herbarium", "DEDFD2", "D0CFBD", "8A9877"),
        Of("far-away", "Far Away", "E4DACB", "D9CBB6", "B98A62"),
        Of("loom", "Loom & Quilt", "E2D8D2", "D2C4BB", "A56F5B"),
        Of("playground", "Playground", "E6E0D0", "DAD0B9", "C99B45"),
        Of("orbits", "Orbits", "D9D8DC", "C9C6CA", "6C6E8A"),
    }.ToDictionary(c => c.Slug, StringComparer.Ordinal);

    private static Collection Of(string slug, string title, string wall, string table, string accent) =>
        new(slug, title, new Studio(SKColor.Parse(wall), SKColor.Parse(table), SKColor.Parse(accent)));
}
