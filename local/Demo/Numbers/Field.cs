namespace Local.Demo.Numbers;

/// <summary>A scalar field sampled on a grid over the logical sheet, read back smoothly (Catmull-Rom) with its slope.</summary>
internal sealed class Field
{
    private readonly float[] _values;
    private readonly float _step;

    public Field(float width, float height, float step, Func<float, float, float> value)
    {
        _step = step;
        Columns = (int)(width / step) + 4;
        Rows = (int)(height / step) + 4;
        _values = new float[Columns * Rows];
        for (var r = 0; r < Rows; r++)
        {
            for (var c = 0; c < Columns; c++) _values[(r * Columns) + c] = value((c - 1) * step, (r - 1) * step);
        }
    }

    public Field(float[] values, int columns, int rows, float step) => (_values, Columns, Rows, _step) = (values, columns, rows, step);

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Scales the values so that they run from 0 to 1.</summary>
    public Field Normalised()
    {
        float low = float.MaxValue, high = float.MinValue;
        foreach (var v in _values) (low, high) = (MathF.Min(low, v), MathF.Max(high, v));
        var range = MathF.Max(high - low, 1e-6f);
        for (var i = 0; i < _values.Length; i++) _values[i] = (_values[i] - low) / range;
        return this;
    }

    public float At(float x, float y)
    {
        x = (x / _step) + 1;
        y = (y / _step) + 1;
        var c = Math.Clamp((int)x, 1, Columns - 3);
        var r = Math.Clamp((int)y, 1, Rows - 3);
        x -= c;
        y -= r;
        var at = ((r - 1) * Columns) + c - 1;
        return Cubic(Row(at, x), Row(at + Columns, x), Row(at + (2 * Columns), x), Row(at + (3 * Columns), x), y);
    }

    /// <summary>Between four samples, straight: enough for light and cloth, a fifth of the cost.</summary>
    public float Near(float x, float y)
    {
        x = (x / _step) + 1;
        y = (y / _step) + 1;
        var c = Math.Clamp((int)x, 0, Columns - 2);
        var r = Math.Clamp((int)y, 0, Rows - 2);
        var at = (r * Columns) + c;
        var upper = _values[at] + ((_values[at + 1] - _values[at]) * (x - c));
        var lower = _values[at + Columns] + ((_values[at + Columns + 1] - _values[at + Columns]) * (x - c));
        return upper + ((lower - upper) * (y - r));
    }

    private float Row(int at, float t) => Cubic(_values[at], _values[at + 1], _values[at + 2], _values[at + 3], t);

    private static float Cubic(float a, float b, float c, float d, float t) =>
        b + (0.5f * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
}
