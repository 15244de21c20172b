using Local.Demo.Numbers;
using SkiaSharp;

namespace Local.Demo.Print;

/// <summary>
/// A sheet of paper on the press: families draw on plates, <see cref="Pull"/> prints the plates in order onto the paper
/// with grain, speckle, mottled ink films and a little misregistration.
/// </summary>
internal sealed class Sheet : IDisposable
{
    public const int Width = 1600;
    public const int Height = 2000;

    /// <summary>The printed area in logical pixels; outside it the paper stays bare.</summary>
    public static readonly SKRect Picture = new(150, 150, Width - 150, Height - 160);

    private readonly List<Plate> _plates = [];
    private readonly Rng _press;

    public Sheet(Palette palette, Rng rng, float scale = 1)
    {
        (Palette, Scale, _press) = (palette, scale, rng.Fork(99));
    }

    public Palette Palette { get; }

    public float Scale { get; }

    public SKRect Frame => Picture;

    public int PixelWidth => (int)(Width * Scale);

    public int PixelHeight => (int)(Height * Scale);

    public Plate Plate(int ink, bool unclipped = false) => Add(new Plate(this, Palette.Ink(ink), Palette.Dark, unclipped ? null : Frame));

    /// <summary>One plate per ink, for families that paint with all of them.</summary>
    public Plate[] Plates() => [.. Enumerable.Range(0, Palette.Inks.Length).Select(i => Plate(i))];

    /// <summary>Paints a shape in one ink and cuts it out of the other plates, as a screen printer knocks out what lies below.</summary>
    public static void Paint(Plate[] plates, int ink, SKPath path, float coverage = 1)
    {
        using var fill = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha((byte)(255 * coverage)) };
        using var cut = new SKPaint { IsAntialias = true, Color = SKColors.Black, BlendMode = SKBlendMode.DstOut };
        for (var i = 0; i < plates.Length; i++)
        {
            plates[i].Canvas.DrawPath(path, cut);
            if (i == ink) plates[i].Canvas.DrawPath(path, fill);
        }
    }

    public unsafe SKBitmap Pull()
    {
        var result = new SKBitmap(new SKImageInfo(PixelWidth, PixelHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var paperOffset = (X: _press.Int(1024), Y: _press.Int(1024));
        var inks = _plates.Select(p => new Film(p, _press)).ToArray();
        var (paperR, paperG, paperB) = ((float)Palette.Paper.Red, (float)Palette.Paper.Green, (float)Palette.Paper.Blue);
        var tooth = Palette.Dark ? 0.10f : 0.07f;
        var pixels = (byte*)result.GetPixels();
        for (var y = 0; y < PixelHeight; y++)
        {
            var row = pixels + (y * result.RowBytes);
            for (var x = 0; x < PixelWidth; x++)
            {
                var fibre = Grain.Paper[Grain.At(x + paperOffset.X, y + paperOffset.Y)] - 128;
                var (r, g, b) = (paperR + (fibre * tooth), paperG + (fibre * tooth), paperB + (fibre * tooth * 1.15f));
                foreach (ref var film in inks.AsSpan()) film.Print(x, y, fibre, ref r, ref g, ref b);
                row[0] = (byte)Math.Clamp(r, 0, 255);
                row[1] = (byte)Math.Clamp(g, 0, 255);
                row[2] = (byte)Math.Clamp(b, 0, 255);
                row[3] = 255;
                row += 4;
            }
        }

        return result;
    }

    public void Dispose()
    {
        foreach (var plate in _plates) plate.Dispose();
    }

    private Plate Add(Plate plate)
    {
        plate.Shift = (_press.Normal() * 1.1f, _press.Normal() * 1.1f);
        _plates.Add(plate);
        return plate;
    }
}
