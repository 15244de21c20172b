using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>A sheet divided and divided again, each field with a figure of its own. Mode 0: free division, 1: even grid, 2: beams between the fields.</summary>
internal static class Quarter
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var plates = sheet.Plates();
        var cells = new List<SKRect>();
        if (mode == 1) Grid(sheet.Frame, rng.Int(4, 5), cells);
        else Divide(sheet.Frame, rng, 0, cells);
        foreach (var cell in cells) Figure(plates, mode == 2 ? SKRect.Inflate(cell, -9, -9) : cell, rng);
    }

    private static void Grid(SKRect frame, int across, List<SKRect> cells)
    {
        var size = frame.Width / across;
        var down = (int)MathF.Round(frame.Height / size);
        for (var i = 0; i < across * down; i++)
        {
            var (x, y) = (frame.Left + (i % across * size), frame.Top + ((float)(i / across) / down * frame.Height));
            cells.Add(new SKRect(x, y, x + size, y + (frame.Height / down)));
        }
    }

    private static void Divide(SKRect area, Rng rng, int depth, List<SKRect> cells)
    {
        if (depth > 6 || MathF.Max(area.Width, area.Height) < 230 || (depth > 2 && rng.Chance(0.2f)))
        {
            cells.Add(area);
            return;
        }

        var at = rng.Pick(0.333f, 0.5f, 0.5f, 0.618f, 0.382f);
        if (area.Width > area.Height * rng.Range(0.8f, 1.25f))
        {
            var x = MathF.Round(area.Left + (area.Width * at));
            Divide(new SKRect(area.Left, area.Top, x, area.Bottom), rng, depth + 1, cells);
            Divide(new SKRect(x, area.Top, area.Right, area.Bottom), rng, depth + 1, cells);
            return;
        }

        var y = MathF.Round(area.Top + (area.Height * at));
        Divide(new SKRect(area.Left, area.Top, area.Right, y), rng, depth + 1, cells);
        Divide(new SKRect(area.Left, y, area.Right, area.Bottom), rng, depth + 1, cells);
    }

    private static void Figure(Plate[] plates, SKRect cell, Rng rng)
    {
        var (a, b) = (rng.Int(plates.Length), rng.Int(plates.Length));
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black };
        using var path = new SKPath();
        var size = MathF.Min(cell.Width, cell.Height);
        var turn = rng.Int(4);
        var corner = new SKPoint(turn is 0 or 3 ? cell.Left : cell.Right, turn < 2 ? cell.Top : cell.Bottom);
        void Ground(float share)
        {
            if (rng.Chance(share) && a != b) plates[b].Canvas.DrawRect(cell, fill);
        }

        plates[a].Canvas.Save();
        plates[a].Canvas.ClipRect(cell);
        switch (rng.Weighted(2.2f, 2.6f, 1.6f, 1.8f, 1.3f, 1.3f, 1f))
        {
            case 0:
                plates[a].Canvas.DrawRect(cell, fill);
                break;
            case 1:
                Ground(0.55f);
                plates[a].Canvas.DrawCircle(corner, size, fill);
                break;
            case 2:
                Ground(0.4f);
                for (var r = size; r > 12; r -= size / 5)
                {
                    fill.BlendMode = fill.BlendMode == SKBlendMode.SrcOver && r < size ? SKBlendMode.DstOut : SKBlendMode.SrcOver;
                    plates[a].Canvas.DrawCircle(corner, r, fill);
                }

                break;
            case 3:
                Ground(0.45f);
                plates[a].Canvas.DrawCircle(cell.MidX, cell.MidY, size * 0.38f, fill);
                break;
            case 4:
                var (along, pitch) = (cell.Height > cell.Width, rng.Pick(14f, 20f, 28f));
                for (var d = 0f; d < MathF.Max(cell.Width, cell.Height); d += pitch)
                    plates[a].Canvas.DrawRect(along ? new SKRect(cell.Left, cell.Top + d, cell.Right, cell.Top + d + (pitch / 2))
                        : new SKRect(cell.Left + d, cell.Top, cell.Left + d + (pitch / 2), cell.Bottom), fill);
                break;
            case 5:
                Dots(plates[a].Canvas, cell, rng.Pick(22f, 30f), fill);
                break;
            default:
                Ground(0.6f);
                path.AddPoly([corner, new SKPoint(cell.Left + cell.Right - corner.X, corner.Y), new SKPoint(corner.X, cell.Top + cell.Bottom - corner.Y)], true);
                plates[a].Canvas.DrawPath(path, fill);
                break;
        }

        plates[a].Canvas.Restore();
    }

    private static void Dots(SKCanvas canvas, SKRect cell, float pitch, SKPaint fill)
    {
        var (columns, rows) = (MathF.Max(1, MathF.Round(cell.Width / pitch)), MathF.Max(1, MathF.Round(cell.Height / pitch)));
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
                canvas.DrawCircle(cell.Left + ((c + 0.5f) * cell.Width / columns), cell.Top + ((r + 0.5f) * cell.Height / rows), pitch * 0.27f, fill);
        }
    }
}
