using System.Globalization;
using Local.Demo.Catalog;
using Local.Demo.Families;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Rendering;

/// <summary>Many pictures on one PNG. An item is a picture's name (<c>drift-1729-mug.jpg</c>), a file, or a trial, <c>family:seed:mode:palette</c>.</summary>
internal static class ContactSheet
{
    private const int Gap = 12;

    public static void Write(string path, int columns, IReadOnlyList<string> items)
    {
        var width = Math.Clamp(2400 / columns, 200, 800);
        var height = width * 5 / 4;
        var rows = (items.Count + columns - 1) / columns;
        using var sheet = new SKBitmap((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.Gray);
        var gate = new Lock();
        Parallel.For(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            using var picture = File.Exists(items[i]) ? SKImage.FromEncodedData(items[i]) : items[i].Contains(':', StringComparison.Ordinal) ? Trial(items[i].Split(':')) : Named(items[i]);
            var place = SKRect.Create((i % columns * (width + Gap)) + Gap, (i / columns * (height + Gap)) + Gap, width, height);
            lock (gate) canvas.DrawImage(picture, place, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        });
        using var data = sheet.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }

    private static SKImage Trial(string[] part)
    {
        using var bitmap = Family.All[part[0]].Print(int.Parse(part[1], CultureInfo.InvariantCulture), int.Parse(part[2], CultureInfo.InvariantCulture), Palettes.Named(part[3]));
        return SKImage.FromBitmap(bitmap);
    }

    private static SKImage Named(string file)
    {
        var recipe = Recipe.For(file) ?? throw new CatalogException($"There is no picture '{file}'.");
        using var bitmap = Family.All[recipe.Work.Family].Print(recipe.Work.Seed, recipe.Work.Mode, Palettes.Named(recipe.Work.Palette));
        using var image = SKImage.FromBitmap(bitmap);
        using var subject = RenderRun.SubjectOf(recipe.Work, image);
        return SKImage.FromEncodedData(recipe.Make(subject));
    }
}
