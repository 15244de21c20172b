using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Ribbons that follow one slow current and never touch. Mode 0: wide ribbons, 1: fine brushed lines, 2: mixed with banded ribbons.</summary>
internal static class Drift
{
    private const float Cell = 4;
    private const float Step = 5;

    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var noise = new Noise(rng);
        var plates = sheet.Plates();
        var frame = sheet.Frame;
        var taken = new Occupancy(Sheet.Width, Sheet.Height, Cell);
        var turn = rng.Range(0, Maths.Tau);
        var scale = rng.Range(0.0006f, 0.0011f);
        var bend = rng.Range(1.5f, 2.6f);
        var widths = mode == 1 ? [14f, 8, 5, 3.5f] : new[] { 74f, 44, 22, 10 };
        var tries = mode == 1 ? new[] { 200, 900, 3000, 5200 } : [90, 320, 1300, 3200];
        var lead = rng.Int(plates.Length);
        for (var size = 0; size < widths.Length; size++)
        {
            for (var i = 0; i < tries[size]; i++)
            {
                var width = widths[size] * rng.Range(0.75f, 1.2f);
                var x = rng.Range(frame.Left - 60, frame.Right + 60);
                var y = rng.Range(frame.Top - 60, frame.Bottom + 60);
                var length = (int)(rng.Range(0.25f, 1f) * (mode == 1 ? 130 : 210));
                var points = Trace(taken, noise, x, y, width, length, turn, scale, bend);
                if (points.Count * Step < width * (mode == 1 ? 6 : 1.8f)) continue;
                taken.Mark(points, (width / 2) + (mode == 1 ? 2.5f : 4.5f));
                var zone = noise.At((x * 0.0011f) + 40, (y * 0.0011f) - 12);
                var ink = zone > 0.28f && rng.Chance(0.8f) ? (lead + 1) % plates.Length
                    : rng.Weighted(5, 2.2f, 1.6f, 1.2f) is var pick && pick == 0 ? lead : (lead + pick) % plates.Length;
                Ribbon(plates[ink], points, width, mode, rng);
            }
        }
    }

    private static List<SKPoint> Trace(Occupancy taken, Noise noise, float x, float y, float width, int steps, float turn, float scale, float bend)
    {
        var points = new List<SKPoint>();
        for (var i = 0; i < steps; i++)
        {
            if (!taken.Free(x, y, (width / 2) + 3)) break;
            points.Add(new SKPoint(x, y));
            var angle = turn + (bend * noise.At(x * scale, y * scale)) + (0.35f * noise.At((x * scale * 3) + 9, y * scale * 3));
            x += Step * Maths.Cos(angle);
            y += Step * Maths.Sin(angle);
        }

        return points;
    }

    private static void Ribbon(Plate plate, List<SKPoint> points, float width, int mode, Rng rng)
    {
        using var path = mode == 1 ? Brushed(points, width) : Straight(points);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black, StrokeWidth = width, StrokeJoin = SKStrokeJoin.Round };
        if (mode != 1) paint.Style = SKPaintStyle.Stroke;
        if (mode == 2 && width > 14 && rng.Chance(0.55f))
        {
            var band = width * rng.Pick(0.2f, 0.35f, 0.8f, 2.4f);
            using var dash = SKPathEffect.CreateDash([band, band * rng.Pick(0.4f, 0.8f, 1f)], 0);
            paint.PathEffect = dash;
            plate.Canvas.DrawPath(path, paint);
            return;
        }

        plate.Canvas.DrawPath(path, paint);
    }

    private static SKPath Straight(List<SKPoint> points)
    {
        var path = new SKPath();
        path.AddPoly([.. points], false);
        return path;
    }

    /// <summary>A line that swells and tapers like a loaded brush.</summary>
    private static SKPath Brushed(List<SKPoint> points, float width)
    {
        var outline = new SKPoint[points.Count * 2];
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[Math.Max(i - 1, 0)], points[Math.Min(i + 1, points.Count - 1)]);
            var (dx, dy) = (b.X - a.X, b.Y - a.Y);
            var length = MathF.Sqrt((dx * dx) + (dy * dy)) + 1e-4f;
            var t = (float)i / (points.Count - 1);
            var half = width * 0.5f * MathF.Pow(Maths.Sin(t * MathF.PI), 0.45f);
            outline[i] = new SKPoint(points[i].X - (dy / length * half), points[i].Y + (dx / length * half));
            outline[^(i + 1)] = new SKPoint(points[i].X + (dy / length * half), points[i].Y - (dx / length * half));
        }

        var path = new SKPath();
        path.AddPoly(outline, true);
        return path;
    }
}
