using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Cellular automata sewn as patchwork. Mode 0: half-square triangles, 1: rows of an elementary rule, 2: mirrored medallion.</summary>
internal static class Quilt
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var plates = sheet.Plates();
        var across = mode switch { 1 => 48, 2 => 26, _ => 16 };
        var size = sheet.Frame.Width / across;
        var down = (int)(sheet.Frame.Height / size);
        var top = sheet.Frame.MidY - (down * size / 2);
        var state = mode == 1 ? Rows(across, down, rng) : Medallion(across, down, rng, plates.Length);
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        for (var r = 0; r < down; r++)
        {
            for (var c = 0; c < across; c++)
            {
                var (x, y) = (sheet.Frame.Left + (c * size), top + (r * size));
                var value = state[r, c];
                if (mode == 1)
                {
                    Brick(plates, value, x, y, size, fill);
                    continue;
                }

                var mirrored = (c >= across / 2) ^ (r >= down / 2);
                Patch(plates, value, x, y, size, mirrored, mode == 0 ? 1.5f : 1, fill);
            }
        }
    }

    /// <summary>Rule 90 from a mirrored first row; the ink changes with the distance from the middle and the top.</summary>
    private static int[,] Rows(int across, int down, Rng rng)
    {
        var alive = new bool[across];
        alive[across / 2] = true;
        for (var i = 0; i < 3; i++)
        {
            var at = rng.Int(across / 2);
            (alive[at], alive[across - 1 - at]) = (true, true);
        }

        var state = new int[down, across];
        for (var r = 0; r < down; r++)
        {
            for (var c = 0; c < across; c++)
            {
                if (alive[c]) state[r, c] = 1 + (((int)MathF.Abs(c - (across / 2f)) / 7) + (r / 11));
            }

            alive = [.. Enumerable.Range(0, across).Select(c => alive[(c + across - 1) % across] ^ alive[(c + 1) % across])];
        }

        return state;
    }

    /// <summary>A cyclic automaton grown on one quarter and mirrored into the others.</summary>
    private static int[,] Medallion(int across, int down, Rng rng, int inks)
    {
        var (halfC, halfR, kinds) = ((across + 1) / 2, (down + 1) / 2, inks * 2);
        var now = new int[halfR, halfC];
        for (var r = 0; r < halfR; r++)
        {
            for (var c = 0; c < halfC; c++) now[r, c] = rng.Int(kinds);
        }

        for (var round = 0; round < 4; round++)
        {
            var next = (int[,])now.Clone();
            for (var r = 0; r < halfR; r++)
            {
                for (var c = 0; c < halfC; c++)
                {
                    var wanted = (now[r, c] + 1) % kinds;
                    var near = 0;
                    for (var i = 0; i < 9; i++) near += now[Math.Clamp(r + (i / 3) - 1, 0, halfR - 1), Math.Clamp(c + (i % 3) - 1, 0, halfC - 1)] == wanted ? 1 : 0;
                    if (near >= 2) next[r, c] = wanted;
                }
            }

            now = next;
        }

        var state = new int[down, across];
        for (var r = 0; r < down; r++)
        {
            for (var c = 0; c < across; c++) state[r, c] = now[Math.Min(r, down - 1 - r), Math.Min(c, across - 1 - c)];
        }

        return state;
    }

    private static void Patch(Plate[] plates, int value, float x, float y, float size, bool mirrored, float seam, SKPaint fill)
    {
        var (a, b) = (value % plates.Length, ((value / plates.Length) + value + 1) % (plates.Length + 1));
        using var half = new SKPath();
        var turned = (value % 2 == 0) ^ mirrored;
        var box = new SKRect(x + seam, y + seam, x + size - seam, y + size - seam);
        var flip = value / plates.Length == 1;
        SKPoint first = turned ? new(box.Left, box.Top) : new(box.Right, box.Top), second = turned ? new(box.Right, box.Bottom) : new(box.Left, box.Bottom);
        void Triangle(int ink, bool lower)
        {
            if (ink >= plates.Length) return;
            half.Reset();
            half.AddPoly([first, second, lower ? new SKPoint(turned ? box.Left : box.Right, box.Bottom) : new SKPoint(turned ? box.Right : box.Left, box.Top)], true);
            plates[ink].Canvas.DrawPath(half, fill);
        }

        Triangle(a, flip);
        Triangle(b, !flip);
    }

    private static void Brick(Plate[] plates, int value, float x, float y, float size, SKPaint fill)
    {
        using var triangle = new SKPath();
        if (value == 0)
        {
            triangle.AddPoly([new(x + (size * 0.2f), y + (size * 0.3f)), new(x + (size * 0.8f), y + (size * 0.3f)), new(x + (size / 2), y + (size * 0.8f))], true);
            plates[^1].Canvas.DrawPath(triangle, fill);
            return;
        }

        triangle.AddPoly([new(x - (size * 0.42f), y + (size * 0.97f)), new(x + (size * 1.42f), y + (size * 0.97f)), new(x + (size / 2), y + (size * 0.03f))], true);
        plates[(value - 1) % (plates.Length - 1)].Canvas.DrawPath(triangle, fill);
    }
}
