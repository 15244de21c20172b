using System.Numerics;
using Local.Demo.Numbers;
using Local.Demo.Print;

namespace Local.Demo.Families;

/// <summary>Gray-Scott reaction and diffusion: two substances, one eats the other. Mode 0: coral, 1: fingerprints, 2: spots, printed in two inks.</summary>
internal static class Coral
{
    private const int Rows = 300;
    private const int Columns = 240;

    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var (feed, kill, rounds) = mode switch { 1 => (0.037f, 0.06f, 3000), 2 => (0.0302f, 0.0621f, 3000), _ => (0.0545f, 0.062f, 3200) };
        var grown = Grow(rng, feed, kill, rounds, mode == 0 ? 60 : 190, out var late);
        var field = new Field(grown, Columns, Rows, Sheet.Width / (float)(Columns - 3));
        var shade = new Field(late, Columns, Rows, Sheet.Width / (float)(Columns - 3));
        var (level, low, high) = (Quantile(grown, mode == 2 ? 0.66f : 0.55f), Quantile(late, 0.06f), Quantile(late, 0.94f));
        var below = sheet.Plate(1);
        (below.Grain, below.Density) = (0.95f, 0.85f);
        var noise = new Noise(rng);
        below.Shade(sheet.Frame, (x, y) => Maths.Smooth(-0.45f, 0.6f, noise.At(x * 0.0012f, y * 0.0012f)) * (0.2f + (0.62f * Maths.Clamp01((shade.Near(x, y) - low) / (high - low)))));
        sheet.Plate(0).Shade(sheet.Frame, (x, y) => Edge(field, x, y, level));
    }

    private static float Quantile(float[] values, float share)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    private static float Edge(Field field, float x, float y, float level)
    {
        var v = field.At(x, y);
        var (dx, dy) = (field.At(x + 1.5f, y) - v, field.At(x, y + 1.5f) - v);
        return ((v - level) / (MathF.Sqrt((dx * dx) + (dy * dy)) + 1e-4f) * 1.5f) + 0.5f;
    }

    private static float[] Grow(Rng rng, float feed, float kill, int rounds, int sown, out float[] late)
    {
        var (u, v, nextU, nextV) = (new float[Columns * Rows], new float[Columns * Rows], new float[Columns * Rows], new float[Columns * Rows]);
        Array.Fill(u, 1);
        Array.Fill(nextU, 1);
        for (var i = 0; i < sown; i++)
        {
            var (cx, cy, radius) = (rng.Int(12, Columns - 13), rng.Int(12, Rows - 13), rng.Int(3, 6));
            for (var y = -radius; y <= radius; y++)
            {
                for (var x = -radius; x <= radius; x++)
                {
                    if ((x * x) + (y * y) > radius * radius) continue;
                    var at = ((cy + y) * Columns) + cx + x;
                    (u[at], v[at]) = (0.5f, 0.4f + rng.Range(0, 0.15f));
                }
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var row = 1; row < Rows - 1; row++) Step(u, v, nextU, nextV, (row * Columns) + 1, Columns - 2, feed, kill);
            (u, nextU) = (nextU, u);
            (v, nextV) = (nextV, v);
        }

        late = [.. u.Select(x => 1 - x)];
        return v;
    }

    private static void Step(float[] u, float[] v, float[] nextU, float[] nextV, int start, int count, float feed, float kill)
    {
        var lanes = Vector<float>.Count;
        for (var done = 0; done < count; done += lanes)
        {
            // The last vector overlaps the one before instead of leaving a scalar rest.
            var at = start + Math.Min(done, count - lanes);
            Vector<float> a = new(u, at), b = new(v, at);
            var spreadA = (new Vector<float>(u, at - 1) + new Vector<float>(u, at + 1) + new Vector<float>(u, at - Columns) + new Vector<float>(u, at + Columns)) - (a * 4);
            var spreadB = (new Vector<float>(v, at - 1) + new Vector<float>(v, at + 1) + new Vector<float>(v, at - Columns) + new Vector<float>(v, at + Columns)) - (b * 4);
            var eaten = a * b * b;
            (a + (spreadA * 0.2097f) - eaten + ((Vector<float>.One - a) * feed)).CopyTo(nextU, at);
            (b + (spreadB * 0.105f) + eaten - (b * (feed + kill))).CopyTo(nextV, at);
        }
    }
}
