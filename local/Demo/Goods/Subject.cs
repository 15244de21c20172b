using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>What goes onto a product: the printed sheet, where its picture lies on it, its colours, and the set it is shown in.</summary>
internal sealed record Subject(SKImage Sheet, SKRect Frame, Palette Palette, Studio Studio, int Seed) : IDisposable
{
    private const float ProofScale = 0.6f;

    /// <summary>The sheet at about the size it has in a photograph: scaled well once, then drawn at any angle cheaply.</summary>
    public SKImage Proof { get; } = Scaled(Sheet);

    /// <summary>The largest centred part of the picture with that height-to-width ratio, without the paper's margin.</summary>
    public SKRect Crop(float aspect)
    {
        var box = SKRect.Inflate(Frame, -6, -6);
        var (width, height) = box.Height / box.Width > aspect ? (box.Width, box.Width * aspect) : (box.Height / aspect, box.Height);
        return SKRect.Create(box.MidX - (width / 2), box.MidY - (height / 2), width, height);
    }

    /// <summary>Draws the whole sheet into a box.</summary>
    public void Draw(SKCanvas canvas, SKRect box) => canvas.DrawImage(Proof, box, new SKSamplingOptions(SKFilterMode.Linear));

    /// <summary>Draws the picture without its margin so that it fills a box.</summary>
    public void Fill(SKCanvas canvas, SKRect box)
    {
        canvas.DrawImage(Proof, OnProof(Crop(box.Height / box.Width)), box, new SKSamplingOptions(SKFilterMode.Linear));
    }

    /// <summary>The sheet or its proof, whichever is nearer to the wanted width, and the part of it.</summary>
    public (SKImage Image, SKRect Part) For(SKRect crop, int width) => width < crop.Width * 0.68f ? (Proof, OnProof(crop)) : (Sheet, crop);

    /// <summary>The ink that stays readable on the studio's tones.</summary>
    public SKColor Strong => Palette.Dark ? Palette.Paper : Palette.Ink(0);

    public SKColor Soft => Palette.Dark ? Palette.Ink(0) : Palette.Paper;

    public void Dispose() => Proof.Dispose();

    private static SKRect OnProof(SKRect crop) => new(crop.Left * ProofScale, crop.Top * ProofScale, crop.Right * ProofScale, crop.Bottom * ProofScale);

    private static SKImage Scaled(SKImage sheet)
    {
        using var bitmap = new SKBitmap(new SKImageInfo((int)(sheet.Width * ProofScale), (int)(sheet.Height * ProofScale), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.DrawImage(sheet, new SKRect(0, 0, bitmap.Width, bitmap.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return SKImage.FromBitmap(bitmap);
    }
}
