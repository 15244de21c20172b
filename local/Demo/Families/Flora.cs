using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Plants by rule. Mode 0: leafy branch, 1: fern, 2: umbel, 3: tree.</summary>
internal static class Flora
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var plates = sheet.Plates();
        var frame = sheet.Frame;
        if (mode == 0)
        {
            var bend = rng.Range(-0.5f, 0.5f);
            for (var i = 0; i < 3; i++) Branch(plates, new SKPoint(frame.MidX + ((i - 1) * 60), frame.Bottom - 30), -1.5708f + ((i - 1) * 0.3f) + (bend * 0.15f), frame.Height * (i == 1 ? 0.9f : 0.62f), i, rng);
        }

        if (mode == 1)
        {
            for (var i = 0; i < 3; i++) Fern(plates, new SKPoint(frame.MidX + ((i - 1) * 40), frame.Bottom - 20), -1.5708f + ((i - 1) * 0.3f), frame.Height * (i == 1 ? 0.92f : 0.6f), i, rng);
        }

        if (mode == 2)
        {
            for (var i = 0; i < 6; i++)
            {
                var lean = (i - 2.5f) * 0.145f;
                Umbel(plates, new SKPoint(frame.MidX + ((i - 2.5f) * 30), frame.Bottom), -1.5708f + lean + rng.Range(-0.05f, 0.05f), frame.Height * (0.52f + (0.3f * Maths.Cos((i - 2.5f) * 0.55f)) - (0.12f * (i & 1))) * rng.Range(0.92f, 1.05f), i, rng);
            }
        }

        if (mode == 3) Tree(plates, new SKPoint(frame.MidX - 75, frame.Bottom - 40), rng);
    }

    private static List<(SKPoint At, float Angle)> Stem(Plate plate, SKPoint root, float angle, float length, float width, float curl, Rng rng)
    {
        var points = new List<(SKPoint At, float Angle)>();
        var at = root;
        const int Count = 70;
        var wave = rng.Range(0, Maths.Tau);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeCap = SKStrokeCap.Round };
        for (var i = 0; i < Count; i++)
        {
            var t = (float)i / Count;
            angle += (curl / Count * (0.4f + (1.2f * t))) + (0.006f * Maths.Sin(wave + (t * 7)));
            var next = new SKPoint(at.X + (length / Count * Maths.Cos(angle)), at.Y + (length / Count * Maths.Sin(angle)));
            paint.StrokeWidth = Maths.Mix(width, width * 0.25f, t);
            plate.Canvas.DrawLine(at, next, paint);
            at = next;
            points.Add((at, angle));
        }

        return points;
    }

    private static void Branch(Plate[] plates, SKPoint root, float angle, float length, int index, Rng rng)
    {
        var leaf = plates[(index * 2 + 1) % plates.Length];
        var stem = Stem(plates[0], root, angle, length, 9, (index - 1) * 0.5f + rng.Range(-0.15f, 0.15f), rng);
        for (var i = 9; i < stem.Count; i += 5)
        {
            var t = (float)i / stem.Count;
            var size = length * 0.2f * (1 - (t * 0.55f)) * rng.Range(0.85f, 1.1f);
            for (var side = -1; side <= 1; side += 2)
            {
                if (rng.Chance(0.06f)) continue;
                var direction = stem[i].Angle + (side * rng.Range(0.62f, 0.95f));
                var plate = rng.Chance(0.2f) ? plates[2 % plates.Length] : leaf;
                Leaf(plate, stem[i].At, direction, size, size * rng.Range(0.17f, 0.22f), side * 0.25f);
            }
        }

        Leaf(leaf, stem[^1].At, stem[^1].Angle, length * 0.09f, length * 0.02f, 0);
    }

    private static void Leaf(Plate plate, SKPoint at, float angle, float length, float half, float bow)
    {
        var canvas = plate.Canvas;
        canvas.Save();
        canvas.Translate(at);
        canvas.RotateRadians(angle);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(235) };
        using var path = new SKPath();
        var lift = bow * length * 0.4f;
        path.MoveTo(length * 0.06f, 0);
        path.CubicTo(length * 0.25f, -half - lift, length * 0.65f, -half - lift, length, 0);
        path.CubicTo(length * 0.65f, half - lift, length * 0.25f, half - lift, length * 0.06f, 0);
        canvas.DrawPath(path, paint);
        (paint.BlendMode, paint.IsStroke, paint.StrokeWidth, paint.Color) = (SKBlendMode.DstOut, true, MathF.Max(1.6f, length * 0.011f), SKColors.Black);
        using var vein = new SKPath();
        vein.MoveTo(0, 0);
        vein.QuadTo(length * 0.45f, -lift * 0.8f, length * 0.93f, 0);
        canvas.DrawPath(vein, paint);
        paint.StrokeWidth *= 0.6f;
        for (var t = 0.2f; t < 0.85f; t += 0.12f)
        {
            var y = -lift * 0.8f * 4 * t * (1 - t) * 0.5f;
            canvas.DrawLine(length * t, y, length * (t + 0.12f), y - (half * 0.75f), paint);
            canvas.DrawLine(length * t, y, length * (t + 0.12f), y + (half * 0.75f), paint);
        }

        canvas.Restore();
    }

    private static void Fern(Plate[] plates, SKPoint root, float angle, float length, int index, Rng rng)
    {
        var plate = plates[index == 1 ? 0 : (index + 1) % plates.Length];
        var stem = Stem(plate, root, angle, length, 8, (index - 1) * 0.42f + rng.Range(-0.1f, 0.1f), rng);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeWidth = 2.2f };
        for (var i = 10; i < stem.Count; i++)
        {
            var t = (i - 10f) / (stem.Count - 10);
            var reach = length * 0.22f * MathF.Pow(1 - t, 0.75f) * Maths.Smooth(-0.15f, 0.28f, t);
            for (var side = -1; side <= 1; side += 2)
            {
                var direction = stem[i].Angle + (side * Maths.Mix(1.25f, 0.75f, t));
                var at = stem[i].At;
                var leaflets = (int)(reach / 11) + 1;
                for (var j = 0; j < leaflets; j++)
                {
                    var s = (float)j / leaflets;
                    var next = new SKPoint(at.X + (reach / leaflets * Maths.Cos(direction)), at.Y + (reach / leaflets * Maths.Sin(direction)));
                    plate.Canvas.DrawLine(at, next, paint);
                    direction -= side * 0.022f;
                    at = next;
                    var size = 24f * (1 - (s * 0.8f)) * (0.4f + (0.6f * (1 - t)));
                    for (var half = -1; half <= 1; half += 2) Blade(plate.Canvas, at, direction + (half * 1.05f), size);
                }
            }
        }
    }

    private static void Blade(SKCanvas canvas, SKPoint at, float angle, float length)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        using var path = new SKPath();
        var (dx, dy) = (length * Maths.Cos(angle), length * Maths.Sin(angle));
        path.MoveTo(at);
        path.QuadTo(at.X + (dx * 0.5f) - (dy * 0.26f), at.Y + (dy * 0.5f) + (dx * 0.26f), at.X + dx, at.Y + dy);
        path.QuadTo(at.X + (dx * 0.5f) + (dy * 0.26f), at.Y + (dy * 0.5f) - (dx * 0.26f), at.X, at.Y);
        canvas.DrawPath(path, paint);
    }

    private static void Umbel(Plate[] plates, SKPoint root, float angle, float length, int index, Rng rng)
    {
        var stem = Stem(plates[0], root, angle, length, 6, ((2.5f - index) * 0.13f) + rng.Range(-0.12f, 0.12f), rng);
        var (head, tilt) = stem[^1];
        var flower = plates[1 + (index % Math.Max(1, plates.Length - 1))];
        using var ray = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeWidth = 2.4f };
        using var dot = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(225) };
        var (count, reach) = (rng.Int(16, 24), rng.Range(150, 225));
        for (var i = 0; i < count; i++)
        {
            var spread = tilt + ((((i + 0.5f) / count) - 0.5f) * 2.9f);
            var far = reach * rng.Range(0.86f, 1.06f) * (0.75f + (0.25f * Maths.Cos(spread - tilt)));
            var tip = new SKPoint(head.X + (far * Maths.Cos(spread)), head.Y + (far * Maths.Sin(spread)));
            using var path = new SKPath();
            path.MoveTo(head);
            path.QuadTo(head.X + (far * 0.55f * Maths.Cos(Maths.Mix(tilt, spread, 0.6f))), head.Y + (far * 0.55f * Maths.Sin(Maths.Mix(tilt, spread, 0.6f))), tip.X, tip.Y);
            plates[0].Canvas.DrawPath(path, ray);
            for (var j = 0; j < 16; j++)
            {
                var (r, a) = (reach * 0.17f * MathF.Sqrt((j + 0.5f) / 16), j * Maths.Golden);
                var spot = new SKPoint(tip.X + (r * Maths.Cos(a)), tip.Y + (r * Maths.Sin(a)));
                flower.Canvas.DrawCircle(spot, reach * rng.Range(0.022f, 0.042f), dot);
            }
        }
    }

    private static void Tree(Plate[] plates, SKPoint root, Rng rng)
    {
        var tips = new List<SKPoint>();
        Limb(plates[0], root, -1.5708f, 285, 44, 0, tips, rng);
        using var dot = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(225) };
        foreach (var tip in tips)
        {
            var plate = plates[1 + rng.Weighted(4, 0.7f, 2.6f)];
            plate.Canvas.DrawCircle(tip.X + (rng.Normal() * 14), tip.Y + (rng.Normal() * 14), rng.Range(5, 17), dot);
        }
    }

    private static void Limb(Plate plate, SKPoint from, float angle, float length, float width, int depth, List<SKPoint> tips, Rng rng)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black, IsStroke = true, StrokeCap = SKStrokeCap.Round };
        var at = from;
        for (var i = 0; i < 14; i++)
        {
            angle += rng.Normal() * 0.055f;
            var next = new SKPoint(at.X + (length / 14 * Maths.Cos(angle)), at.Y + (length / 14 * Maths.Sin(angle)));
            paint.StrokeWidth = Maths.Mix(width, width * 0.68f, i / 14f);
            plate.Canvas.DrawLine(at, next, paint);
            at = next;
            if (depth > 5 && i % 4 == 0) tips.Add(at);
        }

        if (depth == 8 || length < 26) return;
        var forks = rng.Chance(0.28f) ? 3 : 2;
        for (var i = 0; i < forks; i++)
        {
            var spread = ((i / (forks - 1f)) - 0.5f) * rng.Range(0.7f, 1.05f);
            Limb(plate, at, Maths.Mix(angle, -1.5708f, 0.12f) + spread, length * rng.Range(0.7f, 0.82f), width * 0.66f, depth + 1, tips, rng);
        }
    }
}
