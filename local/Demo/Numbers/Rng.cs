namespace Local.Demo.Numbers;

/// <summary>PCG32 (O'Neill 2014, XSH-RR): the only source of chance in a picture. Same seed and stream, same numbers on every platform.</summary>
internal sealed class Rng
{
    private const ulong Multiplier = 6364136223846793005UL;
    private readonly ulong _increment;
    private readonly ulong _seed;
    private ulong _state;

    public Rng(ulong seed, ulong stream = 54)
    {
        _seed = seed;
        _increment = (stream << 1) | 1;
        Bits();
        _state += seed;
        Bits();
    }

    public uint Bits()
    {
        var old = _state;
        _state = unchecked((old * Multiplier) + _increment);
        var shifted = (uint)(((old >> 18) ^ old) >> 27);
        var rotation = (int)(old >> 59);
        return (shifted >> rotation) | (shifted << (-rotation & 31));
    }

    /// <summary>A number in [0, 1), exactly representable with 24 bits.</summary>
    public float Unit() => (Bits() >> 8) * (1f / 16777216f);

    public float Range(float from, float to) => from + ((to - from) * Unit());

    public int Int(int count) => (int)(((ulong)Bits() * (ulong)count) >> 32);

    public int Int(int from, int toInclusive) => from + Int(toInclusive - from + 1);

    public bool Chance(float probability) => Unit() < probability;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Int(items.Length)];

    /// <summary>An index drawn with the given weights.</summary>
    public int Weighted(params ReadOnlySpan<float> weights)
    {
        var sum = 0f;
        foreach (var weight in weights) sum += weight;
        var at = Unit() * sum;
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0) return i;
        }

        return weights.Length - 1;
    }

    /// <summary>Roughly normal, mean 0, standard deviation 1: a sum of uniforms, because logarithms differ between platforms.</summary>
    public float Normal()
    {
        var sum = 0f;
        for (var i = 0; i < 6; i++) sum += Unit();
        return (sum - 3f) * 1.41421356f;
    }

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Int(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>An independent generator of the same seed: what it draws does not shift what this one draws.</summary>
    public Rng Fork(ulong stream) => new(_seed, (stream * 2654435761UL) + 977);
}
