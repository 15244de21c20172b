using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>What goes onto a product: the printed sheet, where its picture lies on it, its colours, and the set it is shown in.</summary>
internal sealed record Subject(SKImage Sheet, SKRect Frame, Palette Palette, Studio Studio, int Seed)
{
    public static readonly SKRect WholeSheet = new(0, 0, Print.Sheet.Width, Print.Sheet.Height);

    /// <summary>The largest centred part of the picture with that height-to-width ratio, without the paper's margin.</summary>
    public SKRect Crop(float aspect)
    {
        var box = SKRect.Inflate(Frame, -6, -6);
        var (width, height) = box.Height / box.Width > aspect ? (box.Width, box.Width * aspect) : (box.Height / aspect, box.Height);
        return SKRect.Create(box.MidX - (width / 2), box.MidY - (height / 2), width, height);
    }

    /// <summary>The ink that stays readable on the studio's tones.</summary>
    public SKColor Strong => Palette.Dark ? Palette.Paper : Palette.Ink(0);

    public SKColor Soft => Palette.Dark ? Palette.Ink(0) : Palette.Paper;
}
