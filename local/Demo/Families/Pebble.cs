using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Discs packed until nothing fits. Mode 0: fills the sheet, 1: keeps to one great disc, 2: keeps to a standing vessel.</summary>
internal static class Pebble
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var plates = sheet.Plates();
        var circles = Pack(sheet.Frame, rng, mode);
        var noise = new Noise(rng);
        foreach (var (x, y, radius) in circles)
        {
            var zone = noise.At(x * 0.0014f, y * 0.0014f);
            var ink = zone switch { > 0.25f => 1, > -0.1f => 0, > -0.35f => 2, _ => 3 } % plates.Length;
            if (rng.Chance(0.22f)) ink = rng.Int(plates.Length);
            Stone(plates, ink, x, y, radius, rng);
        }
    }

    private static List<(float X, float Y, float Radius)> Pack(SKRect frame, Rng rng, int mode)
    {
        var circles = new List<(float X, float Y, float Radius)>();
        var (largest, smallest) = (rng.Range(120, 190), 5f);
        for (var i = 0; i < 26000 && circles.Count < 1500; i++)
        {
            var (x, y) = (rng.Range(frame.Left, frame.Right), rng.Range(frame.Top, frame.Bottom));
            var room = MathF.Min(Inside(frame, x, y, mode), largest);
            foreach (var c in circles)
            {
                if (room < smallest) break;
                var (dx, dy) = (x - c.X, y - c.Y);
                room = MathF.Min(room, MathF.Sqrt((dx * dx) + (dy * dy)) - c.Radius - 3.5f);
            }

            if (room >= smallest && (room > 40 || i > 1200)) circles.Add((x, y, room * (room > 60 ? rng.Range(0.8f, 1) : 1)));
            if (i % 2000 == 1999) largest *= 0.72f;
        }

        return circles;
    }

    /// <summary>Distance to the edge of the composition; negative outside.</summary>
    private static float Inside(SKRect frame, float x, float y, int mode)
    {
        var (dx, dy) = (x - frame.MidX, y - frame.MidY);
        if (mode == 1) return (frame.Width * 0.49f) - MathF.Sqrt((dx * dx) + (dy * dy));
        if (mode == 2)
        {
            var t = (y - frame.Top) / frame.Height;
            var belly = t < 0.16f ? 0.13f : 0.13f + (0.27f * Maths.Sin(MathF.Pow((t - 0.16f) / 0.84f, 0.8f) * 2.55f));
            return ((belly * frame.Width) - MathF.Abs(dx)) * 0.9f;
        }

        return MathF.Min(MathF.Min(x - frame.Left, frame.Right - x), MathF.Min(y - frame.Top, frame.Bottom - y)) - 2;
    }

    private static void Stone(Plate[] plates, int ink, float x, float y, float radius, Rng rng)
    {
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        using var line = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeWidth = 3 };
        var canvas = plates[ink].Canvas;
        var other = plates[(ink + 1 + rng.Int(plates.Length - 1)) % plates.Length].Canvas;
        var kind = radius < 14 ? 0 : rng.Weighted(4, 2, 2, 2, 1.6f, 1.4f);
        if (kind == 0) canvas.DrawCircle(x, y, radius, fill);
        if (kind == 1)
        {
            for (var r = radius - 1.5f; r > 3; r -= 8) canvas.DrawCircle(x, y, r, line);
        }

        if (kind == 2)
        {
            canvas.DrawCircle(x, y, radius, fill);
            fill.BlendMode = SKBlendMode.DstOut;
            canvas.DrawCircle(x, y, radius * 0.56f, fill);
            fill.BlendMode = SKBlendMode.SrcOver;
            other.DrawCircle(x, y, radius * 0.42f, fill);
        }

        if (kind == 3)
        {
            var angle = rng.Int(4) * 45f;
            var box = new SKRect(x - radius, y - radius, x + radius, y + radius);
            canvas.DrawArc(box, angle, 180, true, fill);
            other.DrawArc(box, angle + 180, 180, true, fill);
        }

        if (kind == 4)
        {
            canvas.Save();
            canvas.RotateDegrees(rng.Int(4) * 45f, x, y);
            line.StrokeWidth = 5;
            for (var d = -radius + 6; d < radius; d += 11)
            {
                var half = MathF.Sqrt(MathF.Max((radius * radius) - (d * d), 0));
                canvas.DrawLine(x - half, y + d, x + half, y + d, line);
            }

            canvas.Restore();
        }

        if (kind != 5) return;
        for (var i = 0; i < radius * radius / 60; i++)
        {
            var r = (radius - 4) * MathF.Sqrt((i + 0.5f) / (radius * radius / 60));
            canvas.DrawCircle(x + (r * Maths.Cos(i * Maths.Golden)), y + (r * Maths.Sin(i * Maths.Golden)), 3, fill);
        }
    }
}
