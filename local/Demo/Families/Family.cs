using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>One way of growing a picture. <paramref name="Draw"/> fills the plates of a sheet from chance and a mode (a variant of the family).</summary>
internal sealed record Family(string Name, string Method, Action<Sheet, Rng, int> Draw)
{
    /// <summary>Every family by the first word of a work's id.</summary>
    public static readonly IReadOnlyDictionary<string, Family> All = new List<Family>
    {
        new("drift", "ribbons in a flow field", Drift.Draw),
        new("pebble", "circle packing", Pebble.Draw),
        new("truchet", "multi-scale Truchet tiles", Truchet.Draw),
        new("contour", "contour lines of layered noise", Contour.Draw),
        new("moire", "overprinted line gratings", Moire.Draw),
        new("quarter", "recursive subdivision", Quarter.Draw),
        new("attractor", "a strange attractor", Attractor.Draw),
        new("coral", "Gray-Scott reaction and diffusion", Coral.Draw),
        new("flora", "a growth grammar", Flora.Draw),
        new("weave", "an eight-shaft weave draft", Weave.Draw),
        new("phyllo", "phyllotaxis at the golden angle", Phyllo.Draw),
        new("pendulum", "a damped harmonograph", Pendulum.Draw),
        new("marble", "mathematical marbling", Marble.Draw),
        new("strata", "stacked ridge lines", Strata.Draw),
        new("quilt", "a cellular automaton", Quilt.Draw),
        new("ripple", "interfering waves", Ripple.Draw),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Prints the work of this family with that seed. The caller disposes the bitmap.</summary>
    public SKBitmap Print(int seed, int mode, Palette palette, float scale = 1)
    {
        var rng = new Rng((ulong)seed);
        using var sheet = new Sheet(palette, rng, scale);
        Draw(sheet, rng, mode);
        Signature.Stamp(sheet, seed);
        return sheet.Pull();
    }
}
