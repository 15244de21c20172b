using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Two or three line gratings, harmless alone. Mode 0: discs of rings, 1: waves, 2: rays.</summary>
internal static class Moire
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var count = mode == 0 ? 3 : 2;
        for (var i = 0; i < count; i++)
        {
            var plate = sheet.Plate(i);
            plate.Density = 0.94f;
            using var line = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true };
            if (mode == 0) Rings(plate, sheet.Frame, rng, line, i);
            if (mode == 1) Waves(plate, sheet.Frame, rng, line, i);
            if (mode == 2) Rays(plate, sheet.Frame, rng, line, i);
        }
    }

    private static void Rings(Plate plate, SKRect frame, Rng rng, SKPaint line, int index)
    {
        var pitch = rng.Range(15.5f, 18.5f);
        line.StrokeWidth = pitch * 0.5f;
        var radius = frame.Width * (index == 0 ? 0.42f : rng.Range(0.27f, 0.36f));
        var angle = rng.Range(0, Maths.Tau) + (index * 2.1f);
        var away = index == 0 ? 60 : frame.Width * rng.Range(0.13f, 0.22f);
        var x = Math.Clamp(frame.MidX + (away * Maths.Cos(angle)), frame.Left + radius, frame.Right - radius);
        var y = frame.MidY + (away * 1.7f * Maths.Sin(angle));
        for (var r = pitch * 0.5f; r < radius; r += pitch) plate.Canvas.DrawCircle(x, y, r, line);
    }

    private static void Waves(Plate plate, SKRect frame, Rng rng, SKPaint line, int index)
    {
        var noise = new Noise(rng);
        const float Pitch = 15f;
        line.StrokeWidth = Pitch * 0.5f;
        var (slow, high) = (rng.Range(0.0011f, 0.0019f), rng.Range(70, 130));
        plate.Canvas.Save();
        using var window = Window(frame, index);
        plate.Canvas.ClipPath(window, SKClipOperation.Intersect, true);
        for (var y = frame.Top - 200; y < frame.Bottom + 200; y += Pitch)
        {
            using var path = new SKPath();
            for (var x = frame.Left - 10; x <= frame.Right + 10; x += 12)
            {
                var at = y + (high * noise.Fbm((x * slow) + (index * 0.06f), y * slow * 0.8f, 2)) + (index * 4);
                if (x < frame.Left) path.MoveTo(x, at);
                else path.LineTo(x, at);
            }

            plate.Canvas.DrawPath(path, line);
        }

        plate.Canvas.Restore();
    }

    private static SKPath Window(SKRect frame, int index)
    {
        var path = new SKPath();
        var (radius, lift) = (frame.Width * 0.36f, frame.Height * 0.13f);
        path.AddCircle(frame.MidX + ((index == 0 ? -1 : 1) * frame.Width * 0.1f), frame.MidY + ((index == 0 ? -1 : 1) * lift), radius);
        return path;
    }

    private static void Rays(Plate plate, SKRect frame, Rng rng, SKPaint line, int index)
    {
        var count = 150 + (index * rng.Int(4, 9));
        var (x, y) = (frame.MidX + rng.Range(-40, 40), frame.MidY + rng.Range(-60, 60) + (index * 70));
        using var path = new SKPath();
        var reach = frame.Width * 0.47f;
        for (var i = 0; i < count; i++)
        {
            var (from, to) = ((i - 0.25f) / count * Maths.Tau, (i + 0.25f) / count * Maths.Tau);
            path.MoveTo(x, y);
            path.LineTo(x + (reach * Maths.Cos(from)), y + (reach * Maths.Sin(from)));
            path.LineTo(x + (reach * Maths.Cos(to)), y + (reach * Maths.Sin(to)));
            path.Close();
        }

        line.IsStroke = false;
        plate.Canvas.DrawPath(path, line);
    }
}
