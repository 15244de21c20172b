using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Which parts of the sheet are taken, on a coarse grid; a little beyond the sheet counts as free.</summary>
internal sealed class Occupancy(float width, float height, float cell)
{
    private const int Border = 120;
    private readonly int _columns = (int)((width + (2 * Border)) / cell);
    private readonly int _rows = (int)((height + (2 * Border)) / cell);
    private readonly bool[] _taken = new bool[(int)((width + (2 * Border)) / cell) * (int)((height + (2 * Border)) / cell)];

    public bool Free(float x, float y, float radius)
    {
        var (column, row, reach) = ((int)((x + Border) / cell), (int)((y + Border) / cell), (int)(radius / cell) + 1);
        if (column < reach || row < reach || column >= _columns - reach || row >= _rows - reach) return false;
        var limit = radius / cell * (radius / cell);
        for (var dy = -reach; dy <= reach; dy++)
        {
            var at = ((row + dy) * _columns) + column;
            for (var dx = -reach; dx <= reach; dx++)
            {
                if ((dx * dx) + (dy * dy) <= limit && _taken[at + dx]) return false;
            }
        }

        return true;
    }

    public void Mark(IEnumerable<SKPoint> points, float radius)
    {
        foreach (var point in points) Mark(point.X, point.Y, radius);
    }

    public void Mark(float x, float y, float radius)
    {
        var (column, row, reach) = ((int)((x + Border) / cell), (int)((y + Border) / cell), (int)(radius / cell) + 1);
        var limit = radius / cell * (radius / cell);
        for (var dy = -reach; dy <= reach; dy++)
        {
            if ((uint)(row + dy) >= (uint)_rows) continue;
            for (var dx = -reach; dx <= reach; dx++)
            {
                if ((uint)(column + dx) < (uint)_columns && (dx * dx) + (dy * dy) <= limit) _taken[((row + dy) * _columns) + column + dx] = true;
            }
        }
    }
}
