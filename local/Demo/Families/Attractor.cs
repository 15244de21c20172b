using Local.Demo.Numbers;
using Local.Demo.Print;

namespace Local.Demo.Families;

/// <summary>Where a point goes that is sent round the same formula millions of times (Clifford and de Jong maps). Mode 0: Clifford, 1: de Jong.</summary>
internal static class Attractor
{
    private const int Points = 5_000_000;

    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var frame = sheet.Frame;
        var (width, height) = ((int)(frame.Width * sheet.Scale), (int)(frame.Height * sheet.Scale));
        var (a, b, c, d) = Lively(rng, mode);
        var (left, top, right, bottom) = Extent(a, b, c, d, mode);
        var zoom = MathF.Min(width / (right - left), height / (bottom - top)) * 0.94f;
        var (offsetX, offsetY) = ((width - ((right + left) * zoom)) / 2, (height - ((bottom + top) * zoom)) / 2);
        var inks = new[] { new float[width * height], new float[width * height] };
        var (x, y) = (0.1f, 0.1f);
        for (var i = 0; i < Points; i++)
        {
            var (nextX, nextY) = Next(x, y, a, b, c, d, mode);
            var speed = ((nextX - x) * (nextX - x)) + ((nextY - y) * (nextY - y));
            (x, y) = (nextX, nextY);
            var (px, py) = ((int)((x * zoom) + offsetX), (int)((y * zoom) + offsetY));
            if ((uint)px < (uint)width && (uint)py < (uint)height) inks[speed > 3.2f ? 1 : 0][(py * width) + px]++;
        }

        for (var k = 1; k >= 0; k--) Expose(sheet, sheet.Plate(k), inks[k], width, height);
    }

    private static (float X, float Y) Next(float x, float y, float a, float b, float c, float d, int mode) => mode == 0
        ? (Maths.Sin(a * y) + (c * Maths.Cos(a * x)), Maths.Sin(b * x) + (d * Maths.Cos(b * y)))
        : (Maths.Sin(a * y) - Maths.Cos(b * x), Maths.Sin(c * x) - Maths.Cos(d * y));

    /// <summary>Draws parameters until the orbit neither dies out nor fills everything.</summary>
    private static (float A, float B, float C, float D) Lively(Rng rng, int mode)
    {
        while (true)
        {
            var reach = mode == 0 ? 2f : 2.7f;
            var p = (A: rng.Range(-reach, reach), B: rng.Range(-reach, reach), C: rng.Range(-reach, reach), D: rng.Range(-reach, reach));
            var seen = new HashSet<int>();
            var (x, y) = (0.1f, 0.1f);
            for (var i = 0; i < 6000; i++)
            {
                (x, y) = Next(x, y, p.A, p.B, p.C, p.D, mode);
                if (i > 500) seen.Add(((int)((y + 3.2f) * 16) * 128) + (int)((x + 3.2f) * 16));
            }

            if (seen.Count is > 1150 and < 2600) return p;
        }
    }

    private static (float Left, float Top, float Right, float Bottom) Extent(float a, float b, float c, float d, int mode)
    {
        var box = (Left: 9f, Top: 9f, Right: -9f, Bottom: -9f);
        var (x, y) = (0.1f, 0.1f);
        for (var i = 0; i < 40000; i++)
        {
            (x, y) = Next(x, y, a, b, c, d, mode);
            if (i > 100) box = (MathF.Min(box.Left, x), MathF.Min(box.Top, y), MathF.Max(box.Right, x), MathF.Max(box.Bottom, y));
        }

        return box;
    }

    /// <summary>Turns hit counts into ink: a soft shoulder keeps faint veils and dense cores apart.</summary>
    private static void Expose(Sheet sheet, Plate plate, float[] hits, int width, int height)
    {
        var average = Points / (float)(width * height);
        var (left, top) = ((int)(sheet.Frame.Left * sheet.Scale), (int)(sheet.Frame.Top * sheet.Scale));
        var pixels = plate.Coverage;
        var stride = plate.Stride;
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                var at = (y * width) + x;
                var soft = (hits[at] * 0.4f) + ((hits[at - 1] + hits[at + 1] + hits[at - width] + hits[at + width]) * 0.15f);
                var v = soft / (soft + (average * 3.2f));
                pixels[((y + top) * stride) + x + left] = (byte)(255 * MathF.Pow(v, 0.72f));
            }
        }

        (plate.Grain, plate.Density) = (0.25f, 1f);
    }
}
