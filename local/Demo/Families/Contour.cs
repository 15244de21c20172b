using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>A map of a country that is not there. Mode 0: tinted heights with lines, 1: lines only, 2: an island in its sea.</summary>
internal static class Contour
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var noise = new Noise(rng);
        var scale = rng.Range(0.0011f, 0.0017f);
        var frame = sheet.Frame;
        var field = new Field(Sheet.Width, Sheet.Height, 6, (x, y) =>
        {
            var wx = x + (240 * noise.Fbm((x * scale * 0.7f) + 5, y * scale * 0.7f, 3));
            var wy = y + (240 * noise.Fbm(x * scale * 0.7f, (y * scale * 0.7f) + 31, 3));
            var h = noise.Fbm(wx * scale, wy * scale, 4, 0.42f);
            if (mode != 2) return h;
            var (dx, dy) = ((x - frame.MidX) / frame.Width, (y - frame.MidY) / frame.Height);
            return (h * 0.42f) + 0.9f - (2.6f * MathF.Sqrt((dx * dx * 1.15f) + (dy * dy)));
        }).Normalised();

        var levels = mode == 1 ? 34 : 20;
        if (mode != 1)
        {
            var tints = new[] { sheet.Plate(3), sheet.Plate(2), sheet.Plate(1) };
            var from = mode == 2 ? new[] { -1f, 0.45f, 0.75f } : [-1f, 0.4f, 0.7f];
            var to = mode == 2 ? new[] { 0.45f, 0.75f, 2f } : [0.4f, 0.7f, 2f];
            for (var i = 0; i < tints.Length; i++)
            {
                var (low, high) = (from[i], to[i]);
                tints[i].Density = i == 0 ? 0.8f : 0.9f;
                tints[i].Grain = 0.9f;
                tints[i].Shade(frame, (x, y) =>
                {
                    var v = field.At(x, y);
                    if (v < low || v >= high) return 0;
                    var band = MathF.Floor(v * levels) / levels;
                    var within = (band - MathF.Max(low, 0)) / (MathF.Min(high, 1) - MathF.Max(low, 0));
                    return low < 0 ? 1 - (0.75f * within) : 0.3f + (0.7f * within);
                });
            }
        }

        Lines(sheet.Plate(0), field, frame, levels, mode);
    }

    private static void Lines(Plate plate, Field field, SKRect frame, int levels, int mode) => plate.Shade(frame, (x, y) =>
    {
        var v = field.At(x, y) * levels;
        var dx = (field.At(x + 1, y) * levels) - v;
        var dy = (field.At(x, y + 1) * levels) - v;
        var slope = MathF.Sqrt((dx * dx) + (dy * dy)) + 1e-5f;
        var nearest = MathF.Floor(v + 0.5f);
        var index = (int)nearest % 5 == 0;
        var half = (index ? 2.6f : 1.1f) * (mode == 1 ? 1.25f : 1);
        return half + 0.5f - (MathF.Abs(v - nearest) / slope);
    });
}
