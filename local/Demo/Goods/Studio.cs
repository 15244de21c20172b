using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>Where a collection is photographed: the tone of its wall, its table and its accents. The light always falls from the upper left.</summary>
internal sealed record Studio(SKColor Wall, SKColor Table, SKColor Accent);

/// <summary>The empty sets: a wall by a window, a table from above, and a wall meeting a table.</summary>
internal enum Set
{
    Wall,
    Table,
    Cove,
}

/// <summary>One photograph being composed, 1600 x 2000 pixels.</summary>
internal sealed unsafe class Scene : IDisposable
{
    public const int Width = 1600;
    public const int Height = 2000;
    public const float TableLine = 1330;
    private const int SetsKept = 6;
    private static readonly Lazy<float[]>[] Light = [new(() => Lit(Set.Wall)), new(() => Lit(Set.Table)), new(() => Lit(Set.Cove))];

    /// <summary>Empty sets by studio: a shoot works through one collection after the other, so the last few are enough.</summary>
    private static readonly LinkedList<(Studio Studio, Set Set, SKBitmap Empty)> Sets = [];
    private static readonly Lock Gate = new();
    private readonly byte* _pixels;

    public Scene(Studio studio, Set set)
    {
        lock (Gate)
        {
            var found = Sets.FirstOrDefault(s => s.Set == set && s.Studio == studio);
            if (found.Empty is null)
            {
                found = (studio, set, Build(studio, set));
                if (Sets.Count == SetsKept)
                {
                    Sets.Last!.Value.Empty.Dispose();
                    Sets.RemoveLast();
                }

                Sets.AddFirst(found);
            }

            Bitmap = found.Empty.Copy();
        }

        Canvas = new SKCanvas(Bitmap);
        _pixels = (byte*)Bitmap.GetPixels();
    }

    public SKBitmap Bitmap { get; }

    public SKCanvas Canvas { get; }

    /// <summary>A soft shadow of a shape, moved and blurred (sigma in pixels); blurred small and enlarged, which nobody can tell.</summary>
    public void Shadow(SKPath shape, float dx, float dy, float sigma, float strength)
    {
        var scale = sigma > 8 ? 0.125f : sigma > 3.5f ? 0.5f : 1;
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, sigma);
        using var paint = new SKPaint { IsAntialias = true, Color = new SKColor(38, 26, 22, (byte)(255 * strength)), MaskFilter = blur };
        if (scale == 1)
        {
            Canvas.Save();
            Canvas.Translate(dx, dy);
            Canvas.DrawPath(shape, paint);
            Canvas.Restore();
            return;
        }

        var reach = SKRect.Inflate(shape.Bounds, (sigma * 3) + 8, (sigma * 3) + 8);
        using var small = new SKBitmap(new SKImageInfo((int)(reach.Width * scale) + 2, (int)(reach.Height * scale) + 2, SKColorType.Rgba8888, SKAlphaType.Premul));
        small.Erase(SKColors.Transparent);
        using (var canvas = new SKCanvas(small))
        {
            canvas.Scale(scale);
            canvas.Translate(-reach.Left, -reach.Top);
            canvas.DrawPath(shape, paint);
        }

        using var image = SKImage.FromBitmap(small);
        Canvas.DrawImage(image, SKRect.Create(reach.Left + dx, reach.Top + dy, small.Width / scale, small.Height / scale), new SKSamplingOptions(SKFilterMode.Linear));
    }

    public void Shadow(SKRect box, float dx, float dy, float sigma, float strength)
    {
        using var path = new SKPath();
        path.AddRect(box);
        Shadow(path, dx, dy, sigma, strength);
    }

    /// <summary>Lays a lit colour over the pixel; coverage 0 to 1.</summary>
    public void Put(int x, int y, float r, float g, float b, float coverage)
    {
        var at = _pixels + (((y * Width) + x) * 4);
        at[0] = (byte)Math.Clamp(Maths.Mix(at[0], r, coverage), 0, 255);
        at[1] = (byte)Math.Clamp(Maths.Mix(at[1], g, coverage), 0, 255);
        at[2] = (byte)Math.Clamp(Maths.Mix(at[2], b, coverage), 0, 255);
    }

    public void Dispose()
    {
        Canvas.Dispose();
        Bitmap.Dispose();
    }

    private static SKBitmap Build(Studio studio, Set set)
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var light = Light[(int)set].Value;
        var pixels = (byte*)bitmap.GetPixels();
        for (var y = 0; y < Height; y++)
        {
            var table = set switch { Set.Wall => 0, Set.Table => 1, _ => Maths.Smooth(TableLine - 70, TableLine + 70, y) };
            var (r, g, b) = (Maths.Mix(studio.Wall.Red, studio.Table.Red, table), Maths.Mix(studio.Wall.Green, studio.Table.Green, table), Maths.Mix(studio.Wall.Blue, studio.Table.Blue, table));
            for (var x = 0; x < Width; x++)
            {
                var l = light[(y * Width) + x];
                var warm = (l - 1) * 10;
                var grain = ((Grain.Speck[Grain.At(x, y)] - 128) * 0.018f) + ((Grain.Paper[Grain.At(x + 300, y + 77)] - 128) * 0.025f);
                pixels[0] = (byte)Math.Clamp((r * l) + warm + grain, 0, 255);
                pixels[1] = (byte)Math.Clamp((g * l) + grain, 0, 255);
                pixels[2] = (byte)Math.Clamp((b * l) - warm + grain, 0, 255);
                pixels[3] = 255;
                pixels += 4;
            }
        }

        return bitmap;
    }

    private static float[] Lit(Set set)
    {
        var map = new float[Width * Height];
        using var shade = WindowShade(set);
        var window = shade.GetPixelSpan();
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (u, v) = (x / (float)Width, y / (float)Height);
                var fall = 1.035f - (0.13f * u) - (0.09f * v);
                var (dx, dy) = (u - 0.42f, v - 0.42f);
                var vignette = 1 - (0.16f * ((dx * dx) + (dy * dy)));
                var cove = set == Set.Cove ? 1 - (0.07f * Maths.Smooth(-260, 0, y - TableLine) * (1 - Maths.Smooth(0, 240, y - TableLine))) : 1;
                var beam = window[((y / 4) * shade.RowBytes) + (x / 4)] * (1 / 255f);
                map[(y * Width) + x] = (fall * vignette * cove) + ((beam - 0.45f) * (set == Set.Cove ? 0.05f : 0.085f));
            }
        }

        return map;
    }

    /// <summary>Sun through a window with a glazing bar and the leaves before it, out of focus; a quarter of the size.</summary>
    private static SKBitmap WindowShade(Set set)
    {
        var map = new SKBitmap(new SKImageInfo(Width / 4, Height / 4, SKColorType.Gray8));
        using var canvas = new SKCanvas(map);
        canvas.Clear(SKColors.Black);
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 9);
        using var light = new SKPaint { IsAntialias = true, Color = SKColors.White, MaskFilter = blur };
        canvas.Save();
        canvas.Skew(-0.32f, 0.1f);
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 2; column++) canvas.DrawRect(110 + (column * 150), -60 + (row * 190), 132, 172, light);
        }

        canvas.Restore();
        using var soft = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 6.5f);
        using var leaf = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(150), MaskFilter = soft };
        var rng = new Rng(2026, (ulong)set);
        for (var i = 0; i < 46; i++)
        {
            canvas.Save();
            canvas.Translate(260 + (rng.Normal() * 90), 90 + (rng.Normal() * 95));
            canvas.RotateDegrees(rng.Range(15, 75));
            canvas.DrawOval(0, 0, rng.Range(16, 34), rng.Range(5, 9), leaf);
            canvas.Restore();
        }

        return map;
    }
}
