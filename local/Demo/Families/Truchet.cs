using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>Truchet tiles on several scales, with wings that overlap their neighbours so that the pattern never breaks. Mode: tiles across.</summary>
internal static class Truchet
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var ground = sheet.Plate(3);
        var ink = sheet.Plate(0);
        var accent = sheet.Plate(1);
        var across = mode == 0 ? 4 : mode;
        var size = sheet.Frame.Width / across;
        var rows = (int)MathF.Ceiling(sheet.Frame.Height / size);
        var noise = new Noise(rng);
        var level = new List<(float X, float Y, float Size)>();
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < across; c++) level.Add((sheet.Frame.Left + (c * size), sheet.Frame.Top + (r * size), size));
        }

        using (var all = new SKPaint { Color = SKColors.Black }) ground.Canvas.DrawRect(sheet.Frame, all);
        ground.Density = 0.55f;
        for (var depth = 0; depth < 3; depth++)
        {
            var next = new List<(float X, float Y, float Size)>();
            foreach (var tile in level)
            {
                var busy = noise.At((tile.X + (tile.Size / 2)) * 0.0016f, (tile.Y + (tile.Size / 2)) * 0.0016f);
                if (depth < 2 && busy + rng.Range(-0.35f, 0.35f) > (depth == 0 ? -0.15f : 0.1f))
                {
                    var half = tile.Size / 2;
                    for (var i = 0; i < 4; i++) next.Add((tile.X + ((i & 1) * half), tile.Y + ((i >> 1) * half), half));
                    continue;
                }

                Tile(ink.Canvas, tile.X, tile.Y, tile.Size, depth % 2 == 1, rng);
            }

            level = next;
        }

        Sun(accent, sheet.Frame, rng);
    }

    private static void Tile(SKCanvas canvas, float x, float y, float size, bool inverted, Rng rng)
    {
        using var on = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        using var off = new SKPaint { IsAntialias = true, Color = SKColors.Black, BlendMode = SKBlendMode.DstOut };
        var (back, front) = inverted ? (on, off) : (off, on);
        var third = size / 3;
        canvas.DrawRect(x, y, size, size, back);
        foreach (var (cx, cy) in new[] { (x, y), (x + size, y), (x, y + size), (x + size, y + size) }) canvas.DrawCircle(cx, cy, third, back);
        using var stroke = front.Clone();
        (stroke.IsStroke, stroke.StrokeWidth) = (true, third);
        var kind = rng.Weighted(5, 5, 1.2f, 1.2f, 1, 1);
        if (kind < 2)
        {
            var (ax, ay, bx, by) = kind == 0 ? (x, y, x + size, y + size) : (x + size, y, x, y + size);
            Arc(canvas, ax, ay, size / 2, x, y, size, stroke);
            Arc(canvas, bx, by, size / 2, x, y, size, stroke);
        }

        if (kind is 2 or 4) canvas.DrawLine(x, y + (size / 2), x + size, y + (size / 2), stroke);
        if (kind is 3 or 4) canvas.DrawLine(x + (size / 2), y, x + (size / 2), y + size, stroke);
        foreach (var (cx, cy) in new[] { (x + (size / 2), y), (x + size, y + (size / 2)), (x + (size / 2), y + size), (x, y + (size / 2)) })
            canvas.DrawCircle(cx, cy, third / 2, front);
    }

    private static void Arc(SKCanvas canvas, float cx, float cy, float radius, float x, float y, float size, SKPaint stroke)
    {
        canvas.Save();
        canvas.ClipRect(new SKRect(x, y, x + size, y + size));
        canvas.DrawCircle(cx, cy, radius, stroke);
        canvas.Restore();
    }

    private static void Sun(Plate plate, SKRect frame, Rng rng)
    {
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        var radius = frame.Width * rng.Range(0.22f, 0.33f);
        plate.Canvas.DrawCircle(rng.Range(frame.Left + radius, frame.Right - radius), rng.Range(frame.Top + radius, frame.Bottom - radius), radius, fill);
        plate.Density = 0.9f;
    }
}
