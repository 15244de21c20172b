using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Mathematical marbling (after Lu, Jaffer and others, 2012): drops push each other aside, combs drag them. Mode 0: suminagashi rings, 1: combed nonpareil, 2: stones with a few strokes.</summary>
internal static class Marble
{
    private sealed record Drop(SKPoint[] Outline, int Ink);

    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var plates = sheet.Plates();
        var drops = new List<Drop>();
        var frame = sheet.Frame;
        if (mode == 0)
        {
            for (var s = 0; s < 4; s++)
            {
                var (x, y) = (rng.Range(frame.Left + 330, frame.Right - 330), rng.Range(frame.Top + 380, frame.Bottom - 380));
                for (var i = 0; i < 22; i++) Add(drops, x + rng.Range(-7, 7), y + rng.Range(-7, 7), rng.Range(52, 92), i % 2 == 0 ? 9 : rng.Weighted(6, 1, 1.4f, 1) % plates.Length);
            }

            var noise = new Noise(rng);
            foreach (var drop in drops) Breath(drop.Outline, noise);
        }
        else
        {
            for (var i = 0; i < (mode == 1 ? 230 : 170); i++) Add(drops, rng.Range(-160, 1760), rng.Range(-160, 2160), rng.Range(36, mode == 1 ? 92 : 125), rng.Weighted(3, 2, 2, 2, mode == 1 ? 1.1f : 2.2f) is var k && k == 4 ? 9 : k % plates.Length);
            if (mode == 1)
            {
                Comb(drops, vertical: true, 150, 210, 26, 0, false);
                Comb(drops, vertical: false, 74, 120, 15, 20, true);
            }
            else
            {
                for (var i = 0; i < 5; i++) Curl(drops, rng.Range(250, 1350), rng.Range(300, 1700), rng.Range(120, 330), rng.Range(-260, 260));
            }
        }

        using var path = new SKPath();
        if (mode == 1)
        {
            path.AddRect(frame);
            Sheet.Paint(plates, 3 % plates.Length, path);
        }

        foreach (var drop in drops)
        {
            path.Reset();
            path.AddPoly(drop.Outline, true);
            Sheet.Paint(plates, drop.Ink, path);
        }
    }

    private static void Add(List<Drop> drops, float x, float y, float radius, int ink)
    {
        foreach (var drop in drops)
        {
            var outline = drop.Outline;
            for (var i = 0; i < outline.Length; i++)
            {
                var (dx, dy) = (outline[i].X - x, outline[i].Y - y);
                var factor = MathF.Sqrt(1 + (radius * radius / ((dx * dx) + (dy * dy) + 1e-3f)));
                outline[i] = new SKPoint(x + (dx * factor), y + (dy * factor));
            }
        }

        var circle = new SKPoint[900];
        for (var i = 0; i < circle.Length; i++)
            circle[i] = new SKPoint(x + (radius * Maths.Cos(i * Maths.Tau / circle.Length)), y + (radius * Maths.Sin(i * Maths.Tau / circle.Length)));
        drops.Add(new Drop(circle, ink));
    }

    private static void Comb(List<Drop> drops, bool vertical, float spacing, float strength, float sharpness, float phase, bool alternate)
    {
        foreach (var drop in drops)
        {
            var outline = drop.Outline;
            for (var i = 0; i < outline.Length; i++)
            {
                var across = (vertical ? outline[i].X : outline[i].Y) + phase;
                var tooth = MathF.Floor((across / spacing) + 0.5f);
                var away = MathF.Abs(across - (tooth * spacing));
                var sign = alternate && ((int)tooth & 1) == 0 ? -1 : 1;
                var push = sign * strength * sharpness / (away + sharpness);
                outline[i] = vertical ? new SKPoint(outline[i].X, outline[i].Y + push) : new SKPoint(outline[i].X + push, outline[i].Y);
            }
        }
    }

    private static void Curl(List<Drop> drops, float x, float y, float radius, float strength)
    {
        foreach (var drop in drops)
        {
            var outline = drop.Outline;
            for (var i = 0; i < outline.Length; i++)
            {
                var (dx, dy) = (outline[i].X - x, outline[i].Y - y);
                var far = MathF.Sqrt((dx * dx) + (dy * dy)) + 1e-3f;
                var angle = strength / far * (float)Math.Exp(-(far - radius) * (far - radius) / (radius * 120f));
                var (sin, cos) = (Maths.Sin(angle), Maths.Cos(angle));
                outline[i] = new SKPoint(x + (dx * cos) - (dy * sin), y + (dx * sin) + (dy * cos));
            }
        }
    }

    /// <summary>The breath over the water that makes suminagashi's rings wander.</summary>
    private static void Breath(SKPoint[] outline, Noise noise)
    {
        for (var i = 0; i < outline.Length; i++)
        {
            var (x, y) = (outline[i].X, outline[i].Y);
            for (var step = 0; step < 3; step++)
            {
                const float E = 0.01f;
                var (nx, ny) = (x * 0.0013f, y * 0.0013f);
                var (slopeX, slopeY) = ((noise.Fbm(nx + E, ny, 2) - noise.Fbm(nx - E, ny, 2)) / (2 * E), (noise.Fbm(nx, ny + E, 2) - noise.Fbm(nx, ny - E, 2)) / (2 * E));
                (x, y) = (x + (slopeY * 30), y - (slopeX * 30));
            }

            outline[i] = new SKPoint(x, y);
        }
    }
}
