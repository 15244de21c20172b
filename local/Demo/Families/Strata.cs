using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Ridge behind ridge under a low sun. Mode 0: hills, 1: sea, 2: high peaks.</summary>
internal static class Strata
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var noise = new Noise(rng);
        var frame = sheet.Frame;
        var order = Order(sheet.Palette);
        var (far, sun, warm, near) = (sheet.Plate(order[3]), sheet.Plate(order[0]), sheet.Plate(order[2]), sheet.Plate(order[1]));
        foreach (var plate in new[] { far, warm, near, sun }) plate.Grain = 0.92f;
        var horizon = frame.Top + (frame.Height * (mode == 1 ? 0.56f : rng.Range(0.42f, 0.5f)));
        sun.Shade(frame, (x, y) => y > horizon ? 0 : 0.5f * MathF.Pow(Maths.Clamp01((y - frame.Top) / (horizon - frame.Top)), 1.5f));
        far.Shade(frame, (x, y) => y > horizon ? 0 : 0.55f * MathF.Pow(1 - Maths.Clamp01((y - frame.Top) / (horizon - frame.Top)), 1.8f));
        var (sunX, radius) = (Maths.Mix(frame.Left, frame.Right, rng.Range(0.28f, 0.72f)), frame.Width * rng.Range(0.12f, 0.18f));
        var sunY = horizon - (radius * rng.Range(0.35f, 1.5f));
        using (var disc = new SKPaint { IsAntialias = true, Color = SKColors.Black })
        using (var cut = new SKPaint { IsAntialias = true, Color = SKColors.Black, BlendMode = SKBlendMode.DstOut })
        {
            far.Canvas.DrawCircle(sunX, sunY, radius, cut);
            sun.Canvas.DrawCircle(sunX, sunY, radius, disc);
        }

        if (mode == 1) Sea(sheet, noise, [far, sun, warm, near], horizon, sunX, radius, rng);
        else Ridges([far, sun, warm, near], noise, frame, horizon, mode, rng);
    }

    /// <summary>The warmest ink is the sun; the rest from dark, which stands in front, to pale.</summary>
    private static int[] Order(Palette palette)
    {
        static float Weight(SKColor c) => (c.Red * 0.3f) + (c.Green * 0.59f) + (c.Blue * 0.11f);
        var sun = Enumerable.Range(0, 4).MaxBy(i => palette.Ink(i).Red - palette.Ink(i).Blue);
        return [sun, .. Enumerable.Range(0, 4).Where(i => i != sun).OrderBy(i => Weight(palette.Ink(i)))];
    }

    private static void Ridges(Plate[] plates, Noise noise, SKRect frame, float horizon, int mode, Rng rng)
    {
        const int Layers = 7;
        for (var i = 0; i < Layers; i++)
        {
            var t = i / (Layers - 1f);
            var row = i * 31.7f;
            var top = horizon - 40 + ((frame.Bottom - horizon) * 0.92f * MathF.Pow(t, 1.15f));
            var rough = mode == 2 ? 1.7f - (0.6f * t) : 1.1f;
            var height = mode == 2 ? Maths.Mix(250, 80, t) : Maths.Mix(70, 150, t);
            var line = new float[Sheet.Width + 2];
            for (var x = 0; x < line.Length; x++)
            {
                var n = noise.Fbm((x * 0.0016f * rough) + row, row, mode == 2 ? 4 : 3, mode == 2 ? 0.4f : 0.36f);
                line[x] = top - (height * (mode == 2 ? 1 - (1.6f * MathF.Abs(n)) : n));
            }

            Layer(plates, frame, line, t, Maths.Mix(240, 420, t), rng.Range(0.9f, 1.1f));
        }
    }

    /// <summary>Mist gathers at the foot of a ridge: it is darkest along its crest and fades downwards until the next one.</summary>
    private static void Layer(Plate[] plates, SKRect frame, float[] line, float t, float depth, float strength)
    {
        using var shape = new SKPath();
        shape.MoveTo(frame.Left, frame.Bottom);
        for (var x = frame.Left; x <= frame.Right; x += 2) shape.LineTo(x, line[(int)x]);
        shape.LineTo(frame.Right, frame.Bottom);
        shape.Close();
        using var cut = new SKPaint { IsAntialias = true, Color = SKColors.Black, BlendMode = SKBlendMode.DstOut };
        foreach (var plate in plates) plate.Canvas.DrawPath(shape, cut);
        void Ink(Plate plate, float crest, float foot) => plate.Shade(frame, (x, y) =>
        {
            var below = y - line[(int)x];
            return below < 0 ? 0 : Maths.Clamp01(below * 0.7f) * Maths.Mix(crest, foot, Maths.Clamp01(below / depth)) * strength;
        });
        Ink(plates[0], Maths.Mix(0.75f, 0.2f, t), Maths.Mix(0.12f, 0.6f, t));
        Ink(plates[2], Maths.Mix(0.28f, 0.75f, Maths.Sin(t * MathF.PI)), 0.1f);
        Ink(plates[3], Maths.Mix(0.06f, 1.05f, MathF.Pow(t, 1.3f)), Maths.Mix(0, 0.9f, MathF.Pow(t, 2)));
    }

    private static void Sea(Sheet sheet, Noise noise, Plate[] plates, float horizon, float sunX, float radius, Rng rng)
    {
        var frame = sheet.Frame;
        var bottom = frame.Bottom;
        using var stroke = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        plates[0].Shade(new SKRect(frame.Left, horizon, frame.Right, bottom), (x, y) => 0.35f + (0.4f * (y - horizon) / (bottom - horizon)));
        for (var y = horizon; y < bottom; y += 3.5f + ((y - horizon) * 0.022f))
        {
            var t = (y - horizon) / (bottom - horizon);
            var x = frame.Left - rng.Range(0, 90);
            while (x < frame.Right)
            {
                var length = rng.Range(20, 90) * (0.6f + (2.6f * t));
                var glitter = MathF.Abs(x + (length / 2) - sunX) < radius * (0.55f + (0.9f * t)) * rng.Range(0.4f, 1.2f);
                var swell = noise.At(x * 0.003f, y * 0.012f);
                var thick = (1.6f + (6 * t)) * (0.75f + (0.5f * swell));
                if (glitter || swell > -0.12f) plates[glitter ? 1 : 3].Canvas.DrawRoundRect(x, y, length, thick, thick / 2, thick / 2, stroke);
                x += length + (rng.Range(8, 60) * (0.5f + (1.6f * t)));
            }
        }
    }
}
