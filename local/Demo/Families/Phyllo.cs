using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Seeds and petals at the golden angle. Mode 0: seed head, 1: dahlia petals, 2: several heads overprinted.</summary>
internal static class Phyllo
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var plates = sheet.Plates();
        var frame = sheet.Frame;
        if (mode == 2)
        {
            for (var i = 0; i < 5; i++)
            {
                var radius = frame.Width * rng.Range(0.17f, 0.34f);
                var x = Maths.Mix(frame.Left + (radius * 0.7f), frame.Right - (radius * 0.7f), rng.Unit());
                var y = Maths.Mix(frame.Top + radius + 20, frame.Bottom - radius - 20, i / 4f);
                Head([plates[i % plates.Length]], x, y, radius, rng);
            }

            return;
        }

        if (mode == 1) Dahlia(plates, frame, rng);
        else Head(plates, frame.MidX, frame.MidY, frame.Width * 0.485f, rng);
    }

    private static void Head(Plate[] plates, float x, float y, float radius, Rng rng)
    {
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        var count = (int)(radius * radius / 150);
        var family = rng.Pick(8, 13, 21);
        var (wave, phase) = (rng.Range(2.2f, 4.5f), rng.Range(0, Maths.Tau));
        for (var i = 1; i < count; i++)
        {
            var t = (float)i / count;
            var (r, a) = (radius * MathF.Sqrt(t), i * Maths.Golden);
            var swell = 0.70f + (0.28f * Maths.Sin((t * wave * 2) + phase));
            var plate = plates[i % family < family * 0.62f ? 0 : i % family < family * 0.85f ? 1 % plates.Length : 2 % plates.Length];
            var canvas = plate.Canvas;
            canvas.Save();
            canvas.Translate(x + (r * Maths.Cos(a)), y + (r * Maths.Sin(a)));
            canvas.RotateRadians(a);
            var size = 10.4f * swell * (0.72f + (0.34f * t));
            canvas.DrawOval(0, 0, size * 1.15f, size * 0.82f, fill);
            canvas.Restore();
        }
    }

    private static void Dahlia(Plate[] plates, SKRect frame, Rng rng)
    {
        const int Count = 430;
        var radius = frame.Width * 0.42f;
        using var path = new SKPath();
        for (var i = Count; i > 0; i--)
        {
            var t = (float)i / Count;
            var (r, a) = (radius * MathF.Pow(t, 0.62f), i * Maths.Golden);
            var (length, half) = (36 + (150 * MathF.Pow(t, 0.8f)), 8 + (35 * MathF.Pow(t, 0.7f)));
            var (x, y) = (frame.MidX + (r * 0.8f * Maths.Cos(a)), frame.MidY + (r * 0.8f * Maths.Sin(a)));
            path.Reset();
            path.MoveTo(0, 0);
            path.CubicTo(length * 0.2f, -half * 1.1f, length * 0.75f, -half, length, 0);
            path.CubicTo(length * 0.75f, half, length * 0.2f, half * 1.1f, 0, 0);
            var place = SKMatrix.CreateRotation(a).PostConcat(SKMatrix.CreateTranslation(x, y));
            using var petal = new SKPath(path);
            petal.Transform(place);
            var ring = t + rng.Range(-0.09f, 0.09f);
            Sheet.Paint(plates, ring > 0.66f ? 0 : ring > 0.3f ? 1 : 2 % plates.Length, petal);
            using var shade = SKShader.CreateLinearGradient(new SKPoint(x, y), new SKPoint(x + (length * 0.8f * Maths.Cos(a)), y + (length * 0.8f * Maths.Sin(a))),
                [SKColors.Black.WithAlpha(150), SKColors.Transparent], SKShaderTileMode.Clamp);
            using var soft = new SKPaint { IsAntialias = true, Shader = shade };
            plates[^1].Canvas.DrawPath(petal, soft);
            using var rim = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeWidth = 2.4f, BlendMode = SKBlendMode.DstOut };
            foreach (var plate in plates) plate.Canvas.DrawPath(petal, rim);
        }

        plates[^1].Grain = 0.8f;
    }
}
