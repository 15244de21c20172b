using SkiaSharp;

namespace Local.Demo.Print;

/// <summary>The maker's mark: the seed in binary, sixteen small dots in the lower margin, filled for one and open for zero.</summary>
internal static class Signature
{
    public static void Stamp(Sheet sheet, int seed)
    {
        var plate = sheet.Plate(0, unclipped: true);
        plate.Shift = default;
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(215) };
        using var ring = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(190), IsStroke = true, StrokeWidth = 1.4f };
        var y = sheet.Frame.Bottom + 46;
        for (var bit = 0; bit < 16; bit++)
        {
            var x = sheet.Frame.Right - 5 - (bit * 15);
            if (((seed >> bit) & 1) == 1) plate.Canvas.DrawCircle(x, y, 4.4f, fill);
            else plate.Canvas.DrawCircle(x, y, 3.7f, ring);
        }
    }
}
