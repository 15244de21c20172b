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
        var across = mode switch { 1 => 54, 2 => 26, _ => 16 };
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
                    Brick(plates, value, x, y, size, r, fill);
                    continue;
                }

                var mirrored = (c >= across / 2) ^ (r >= down / 2);
                Patch(plates, value, x, y, size, mirrored, mode == 0 ? 1.5f : 1, fill);
            }
        }
    }

    /// <summary>An elementary automaton; a cell's ink remembers how long it has been alive.</summary>
    private static int[,] Rows(int across, int down, Rng rng)
    {
        var rule = rng.Pick(30, 90, 150, 73, 105, 110, 22);
        var state = new int[down, across];
        for (var c = 0; c < across; c++) state[0, c] = rule is 90 or 150 or 22 ? (c == across / 2 ? 1 : 0) : rng.Int(2);
        for (var r = 1; r < down; r++)
        {
            for (var c = 0; c < across; c++)
            {
                int Alive(int at) => state[r - 1, (at + across) % across] > 0 ? 1 : 0;
                var alive = (rule >> ((Alive(c - 1) * 4) + (Alive(c) * 2) + Alive(c + 1))) & 1;
                state[r, c] = alive == 0 ? 0 : Math.Min(state[r - 1, c] + 1, 4);
            }
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

    private static void Brick(Plate[] plates, int value, float x, float y, float size, int row, SKPaint fill)
    {
        var gap = size * 0.07f;
        if (value == 0)
        {
            if (row % 2 == 0) plates[^1].Canvas.DrawCircle(x + (size / 2), y + (size / 2), size * 0.1f, fill);
            return;
        }

        plates[(value - 1) % plates.Length].Canvas.DrawRoundRect(new SKRect(x + gap, y + gap, x + size - gap, y + size - gap), size * 0.18f, size * 0.18f, fill);
    }
}
