using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Waves from a few sources, caught as dots of varying size. Mode 0: square screen, two inks, 1: lines that thicken, 2: sunflower screen.</summary>
internal static class Ripple
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        for (var i = 0; i < (mode == 1 ? 1 : 2); i++)
        {
            var sources = Sources(sheet.Frame, rng);
            var length = rng.Range(0.021f, 0.034f);
            float Height(float x, float y)
            {
                var sum = 0f;
                foreach (var (sx, sy, strength) in sources)
                {
                    var far = MathF.Sqrt(((x - sx) * (x - sx)) + ((y - sy) * (y - sy)));
                    sum += strength * Maths.Sin(far * length) / (1 + (far * 0.0011f));
                }

                return Maths.Clamp01(0.5f + (0.36f * sum));
            }

            if (mode == 1) Lines(sheet, Height);
            else Dots(sheet.Plate(i), sheet.Frame, Height, mode == 2, 0.26f + (i * 0.62f));
        }
    }

    private static (float X, float Y, float Strength)[] Sources(SKRect frame, Rng rng) =>
        [.. Enumerable.Range(0, rng.Int(2, 3)).Select(_ => (rng.Range(frame.Left, frame.Right), rng.Range(frame.Top, frame.Bottom), rng.Range(0.7f, 1.1f)))];

    private static void Dots(Plate plate, SKRect frame, Func<float, float, float> height, bool sunflower, float angle)
    {
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        const float Pitch = 17;
        void Dot(float x, float y)
        {
            if (x < frame.Left - 8 || x > frame.Right + 8 || y < frame.Top - 8 || y > frame.Bottom + 8) return;
            var radius = Pitch * 0.62f * MathF.Pow(height(x, y), 0.9f);
            if (radius > 1.3f) plate.Canvas.DrawCircle(x, y, radius, fill);
        }

        if (sunflower)
        {
            for (var i = 0; i < 13000; i++) Dot(frame.MidX + (Pitch * 0.58f * MathF.Sqrt(i) * Maths.Cos(i * Maths.Golden)), frame.MidY + (Pitch * 0.58f * MathF.Sqrt(i) * Maths.Sin(i * Maths.Golden)));
            return;
        }

        var (sin, cos) = (Maths.Sin(angle), Maths.Cos(angle));
        for (var v = -90; v <= 90; v++)
        {
            for (var u = -90; u <= 90; u++) Dot(frame.MidX + (((u * cos) - (v * sin)) * Pitch), frame.MidY + (((u * sin) + (v * cos)) * Pitch));
        }
    }

    private static void Lines(Sheet sheet, Func<float, float, float> height)
    {
        var plates = sheet.Plates();
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        const float Pitch = 16;
        var row = 0;
        for (var y = sheet.Frame.Top + (Pitch / 2); y < sheet.Frame.Bottom; y += Pitch, row++)
        {
            var (upper, lower) = (new List<SKPoint>(), new List<SKPoint>());
            for (var x = sheet.Frame.Left - 4; x <= sheet.Frame.Right + 4; x += 5)
            {
                var half = 0.8f + (Pitch * 0.52f * height(x, y));
                upper.Add(new SKPoint(x, y - half));
                lower.Add(new SKPoint(x, y + half));
            }

            lower.Reverse();
            using var path = new SKPath();
            path.AddPoly([.. upper, .. lower], true);
            plates[row * 3 / (int)(sheet.Frame.Height / Pitch) % plates.Length].Canvas.DrawPath(path, fill);
        }
    }
}
