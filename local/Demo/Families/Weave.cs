using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Weave drafts on eight shafts: threading, tie-up and treadling decide which thread lies on top. Mode 0: pointed twill, 1: network, 2: plaid twill.</summary>
internal static class Weave
{
    private const int Shafts = 8;

    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var pitch = mode == 2 ? 13f : 11.5f;
        var (columns, rows) = ((int)(sheet.Frame.Width / pitch), (int)(sheet.Frame.Height / pitch));
        var plates = sheet.Plates();
        var threading = Line(columns, rng, mode);
        var treadling = Line(rows, rng, mode);
        var tieUp = TieUp(rng);
        var warp = Stripes(columns, rng, mode, 0, plates.Length);
        var weft = Stripes(rows, rng, mode, 1, plates.Length);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        var (originX, originY) = (sheet.Frame.MidX - (columns * pitch / 2), sheet.Frame.MidY - (rows * pitch / 2));
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                var up = tieUp[treadling[r], threading[c]];
                var (x, y) = (originX + (c * pitch), originY + (r * pitch));
                var plate = plates[up ? warp[c] : weft[r]];
                // A float runs on under its neighbour's edge, so a thread reads as one piece.
                var box = up ? new SKRect(x + 0.9f, y - 0.6f, x + pitch - 0.9f, y + pitch + 0.6f) : new SKRect(x - 0.6f, y + 0.9f, x + pitch + 0.6f, y + pitch - 0.9f);
                paint.Color = SKColors.Black.WithAlpha((byte)(up ? 250 : 228));
                plate.Canvas.DrawRect(box, paint);
            }
        }
    }

    private static int[] Line(int count, Rng rng, int mode)
    {
        var line = new int[count];
        var (at, direction, left) = (0, 1, 0);
        var noise = new Noise(rng);
        var repeat = rng.Int(3, 6) * Shafts;
        for (var i = 0; i < count; i++)
        {
            if (mode == 1)
            {
                line[i] = (((int)(i * 1.0f) + (int)(14 * (1 + noise.At(i * 0.017f, 4)))) % Shafts + Shafts) % Shafts;
                continue;
            }

            line[i] = at;
            at = (at + direction + Shafts) % Shafts;
            left++;
            // Mirrored repeats: the draft turns round at the point and again at the end of the repeat.
            if (left % (mode == 2 ? repeat * 2 : repeat / 2) == 0) direction = -direction;
        }

        return line;
    }

    private static bool[,] TieUp(Rng rng)
    {
        var lifted = rng.Pick([1, 1, 1, 0, 1, 0, 0, 0], [1, 1, 0, 0, 1, 1, 0, 0], new[] { 1, 1, 1, 1, 0, 0, 1, 0 }, [1, 1, 1, 0, 0, 0, 1, 0]);
        var tieUp = new bool[Shafts, Shafts];
        for (var treadle = 0; treadle < Shafts; treadle++)
        {
            for (var shaft = 0; shaft < Shafts; shaft++) tieUp[treadle, shaft] = lifted[(shaft + treadle) % Shafts] == 1;
        }

        return tieUp;
    }

    private static int[] Stripes(int count, Rng rng, int mode, int lead, int inks)
    {
        var stripes = new int[count];
        if (mode != 2)
        {
            var other = lead + 2;
            var (from, length) = (rng.Int(count / 3), count / 3);
            for (var i = 0; i < count; i++) stripes[i] = (i >= from && i < from + length ? other : lead) % inks;
            if (lead == 0) Array.Fill(stripes, 0);
            return stripes;
        }

        var set = new List<(int Ink, int Width)>();
        for (var i = 0; i < 5; i++) set.Add(((rng.Chance(0.45f) ? lead : rng.Int(inks)) % inks, rng.Pick(2, 4, 8, 12, 18)));
        var sett = set.Concat(set.AsEnumerable().Reverse()).SelectMany(s => Enumerable.Repeat(s.Ink, s.Width)).ToArray();
        for (var i = 0; i < count; i++) stripes[i] = sett[i % sett.Length];
        return stripes;
    }
}
