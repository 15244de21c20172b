namespace Local.Demo.Numbers;

/// <summary>Gradient noise in the plane (Perlin 2002's fade, 8 gradients), about -1 to 1.</summary>
internal sealed class Noise
{
    private static readonly float[] GradientX = [1, -1, 1, -1, 1.41421356f, -1.41421356f, 0, 0];
    private static readonly float[] GradientY = [1, 1, -1, -1, 0, 0, 1.41421356f, -1.41421356f];
    private readonly byte[] _order = new byte[512];

    public Noise(Rng rng)
    {
        Span<byte> order = stackalloc byte[256];
        for (var i = 0; i < 256; i++) order[i] = (byte)i;
        rng.Shuffle(order);
        order.CopyTo(_order);
        order.CopyTo(_order.AsSpan(256));
    }

    public float At(float x, float y)
    {
        var left = (int)MathF.Floor(x);
        var top = (int)MathF.Floor(y);
        x -= left;
        y -= top;
        var u = Maths.Fade(x);
        var v = Maths.Fade(y);
        int a = _order[left & 255], b = _order[(left + 1) & 255];
        var n00 = Dot(_order[a + (top & 255)], x, y);
        var n10 = Dot(_order[b + (top & 255)], x - 1, y);
        var n01 = Dot(_order[a + ((top + 1) & 255)], x, y - 1);
        var n11 = Dot(_order[b + ((top + 1) & 255)], x - 1, y - 1);
        var upper = n00 + (u * (n10 - n00));
        var lower = n01 + (u * (n11 - n01));
        return upper + (v * (lower - upper));
    }

    /// <summary>Octaves of noise, each half as strong and about twice as fine as the one before.</summary>
    public float Fbm(float x, float y, int octaves, float gain = 0.5f)
    {
        var sum = 0f;
        var strength = 1f;
        for (var i = 0; i < octaves; i++)
        {
            sum += strength * At(x, y);
            strength *= gain;
            (x, y) = ((x * 1.97f) + 17.3f, (y * 2.03f) - 9.1f);
        }

        return sum;
    }

    private static float Dot(int hash, float x, float y) => (GradientX[hash & 7] * x) + (GradientY[hash & 7] * y);
}
