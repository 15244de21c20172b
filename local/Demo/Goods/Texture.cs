using Local.Demo.Numbers;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>A picture scaled once to about the size it is shown at, then read pixel by pixel.</summary>
internal sealed unsafe class Texture : IDisposable
{
    private readonly SKBitmap _bitmap;
    private readonly byte* _pixels;
    private readonly int _width, _height;

    public Texture(Subject subject, SKRect crop, int width)
    {
        var (source, part) = subject.For(crop, width);
        Aspect = crop.Height / crop.Width;
        _bitmap = new SKBitmap(new SKImageInfo(width, (int)(width * Aspect), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(_bitmap);
        canvas.DrawImage(source, part, new SKRect(0, 0, _bitmap.Width, _bitmap.Height), new SKSamplingOptions(SKFilterMode.Linear));
        _pixels = (byte*)_bitmap.GetPixels();
        (_width, _height) = (_bitmap.Width, _bitmap.Height);
    }

    /// <summary>Height divided by width.</summary>
    public float Aspect { get; }

    /// <summary>Colour at (u, v) in 0..1; outside, the picture is mirrored.</summary>
    public (float R, float G, float B) At(float u, float v)
    {
        var x = Mirror(u) * (_width - 1.001f);
        var y = Mirror(v) * (_height - 1.001f);
        var (column, row) = ((int)x, (int)y);
        var (fx, fy) = (x - column, y - row);
        var a = _pixels + (((row * _width) + column) * 4);
        var b = a + (_width * 4);
        return (Bilinear(a[0], a[4], b[0], b[4], fx, fy), Bilinear(a[1], a[5], b[1], b[5], fx, fy), Bilinear(a[2], a[6], b[2], b[6], fx, fy));
    }

    public void Dispose() => _bitmap.Dispose();

    private static float Mirror(float v)
    {
        v = MathF.Abs(v);
        var whole = (int)v;
        v -= whole;
        return (whole & 1) == 0 ? v : 1 - v;
    }

    private static float Bilinear(float a, float b, float c, float d, float x, float y) => Maths.Mix(Maths.Mix(a, b, x), Maths.Mix(c, d, x), y);
}
