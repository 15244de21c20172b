using Local.Demo.Numbers;

namespace Local.Demo.Print;

/// <summary>Tileable textures of paper and ink, made once per process: 1024 x 1024 bytes each, 128 is the middle.</summary>
internal static class Grain
{
    public const int Size = 1024;
    private const int Mask = Size - 1;

    /// <summary>Fibres and tooth of the paper.</summary>
    public static readonly byte[] Paper = Blend(Smoothed(11, 1), 0.75f, Smoothed(12, 5), 0.55f);

    /// <summary>Almost white noise: where an ink misses the paper.</summary>
    public static readonly byte[] Speck = Equalised(Smoothed(21, 1));

    /// <summary>Finer still: what half-tones break into.</summary>
    public static readonly byte[] Dust = Equalised(Smoothed(22, 1, passes: 1));

    /// <summary>Slow variation of an ink film.</summary>
    public static readonly byte[] Mottle = Equalised(Blend(Smoothed(31, 7), 0.6f, Smoothed(32, 26), 1.4f));

    public static int At(int x, int y) => ((y & Mask) * Size) + (x & Mask);

    private static float[] Smoothed(ulong seed, int radius, int passes = 2)
    {
        var rng = new Rng(seed);
        var values = new float[Size * Size];
        for (var i = 0; i < values.Length; i++) values[i] = rng.Unit() - 0.5f;
        var other = new float[values.Length];
        for (var pass = 0; pass < passes; pass++)
        {
            Box(values, other, radius, 1, Size);
            Box(other, values, radius, Size, 1);
        }

        var energy = 0.0;
        foreach (var v in values) energy += v * v;
        var scale = (float)(1 / Math.Sqrt(energy / values.Length));
        for (var i = 0; i < values.Length; i++) values[i] *= scale;
        return values;
    }

    private static void Box(float[] from, float[] to, int radius, int step, int line)
    {
        for (var l = 0; l < Size; l++)
        {
            var start = l * line;
            var sum = 0f;
            for (var i = -radius; i <= radius; i++) sum += from[start + ((i & Mask) * step)];
            for (var i = 0; i < Size; i++)
            {
                to[start + (i * step)] = sum;
                sum += from[start + (((i + radius + 1) & Mask) * step)] - from[start + (((i - radius) & Mask) * step)];
            }
        }
    }

    private static float[] Mixed(float[] a, float weightA, float[] b, float weightB)
    {
        for (var i = 0; i < a.Length; i++) a[i] = (a[i] * weightA) + (b[i] * weightB);
        return a;
    }

    private static byte[] Blend(float[] a, float weightA, float[] b, float weightB) =>
        [.. Mixed(a, weightA, b, weightB).Select(v => (byte)Math.Clamp(128 + (v * 32), 0, 255))];

    private static byte[] Equalised(byte[] values) => Equalised([.. values.Select(v => (v - 128) / 32f)]);

    private static byte[] Equalised(float[] values)
    {
        const int Bins = 4096;
        var counts = new int[Bins];
        static int Bin(float v) => Math.Clamp((int)((v + 4) * (Bins / 8)), 0, Bins - 1);
        foreach (var v in values) counts[Bin(v)]++;
        var below = 0;
        for (var i = 0; i < Bins; i++) (counts[i], below) = (below, below + counts[i]);
        return [.. values.Select(v => (byte)((long)counts[Bin(v)] * 256 / values.Length))];
    }
}
