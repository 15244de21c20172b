using SkiaSharp;

namespace Local.Demo.Print;

/// <summary>One ink's printing plate: a coverage mask, drawn in the logical 1600 x 2000 coordinates of the sheet.</summary>
internal sealed class Plate : IDisposable
{
    private readonly SKBitmap _bitmap;

    public Plate(Sheet sheet, SKColor ink, bool opaque, SKRect? clip)
    {
        _bitmap = new SKBitmap(new SKImageInfo(sheet.PixelWidth, sheet.PixelHeight, SKColorType.Alpha8, SKAlphaType.Premul));
        _bitmap.Erase(SKColors.Transparent);
        Canvas = new SKCanvas(_bitmap);
        Canvas.Scale(sheet.Scale);
        if (clip is { } area) Canvas.ClipRect(area, SKClipOperation.Intersect, true);
        (Ink, Opaque, Sheet) = (ink, opaque, sheet);
    }

    public Sheet Sheet { get; }

    public SKCanvas Canvas { get; }

    public SKColor Ink { get; }

    public bool Opaque { get; }

    /// <summary>How solid the ink film is, 0 to 1.</summary>
    public float Density { get; set; } = 0.96f;

    /// <summary>0 prints half-tones smoothly, 1 breaks them into grain like a litho stone.</summary>
    public float Grain { get; set; }

    /// <summary>Registration error in logical pixels.</summary>
    public (float X, float Y) Shift { get; set; }

    public Span<byte> Coverage => _bitmap.GetPixelSpan();

    public int Stride => _bitmap.RowBytes;

    /// <summary>Sets coverage from a function of logical coordinates inside the area; keeps the larger of old and new.</summary>
    public void Shade(SKRect area, Func<float, float, float> coverage)
    {
        var scale = Sheet.Scale;
        var pixels = Coverage;
        var (left, right) = ((int)(area.Left * scale), Math.Min((int)MathF.Ceiling(area.Right * scale), Sheet.PixelWidth));
        var (top, bottom) = ((int)(area.Top * scale), Math.Min((int)MathF.Ceiling(area.Bottom * scale), Sheet.PixelHeight));
        for (var y = Math.Max(top, 0); y < bottom; y++)
        {
            var row = pixels.Slice(y * Stride, Sheet.PixelWidth);
            for (var x = Math.Max(left, 0); x < right; x++)
            {
                var c = coverage((x + 0.5f) / scale, (y + 0.5f) / scale);
                var b = (byte)(c <= 0 ? 0 : c >= 1 ? 255 : c * 255);
                if (b > row[x]) row[x] = b;
            }
        }
    }

    public void Dispose()
    {
        Canvas.Dispose();
        _bitmap.Dispose();
    }
}
