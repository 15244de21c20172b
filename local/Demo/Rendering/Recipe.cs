using System.Security.Cryptography;
using System.Text;
using Local.Demo.Catalog;
using Local.Demo.Goods;
using SkiaSharp;

namespace Local.Demo.Rendering;

/// <summary>How an image file is made, told from its name: <c>drift-1729-mug.jpg</c> is the work drift-1729 as a mug.</summary>
internal sealed record Recipe(string File, Work Work, string Kind)
{
    private static readonly Dictionary<string, (Set Set, Action<Scene, Subject> Compose)> Shots = new(StringComparer.Ordinal)
    {
        ["framed"] = (Set.Wall, Framing.Framed),
        ["print"] = (Set.Table, Paperware.Loose),
        ["card"] = (Set.Table, Paperware.Card),
        ["notebook"] = (Set.Table, Paperware.Notebook),
        ["mug"] = (Set.Cove, (scene, subject) => Lathe.Mug(scene, subject, 0, true)),
        ["mugback"] = (Set.Cove, (scene, subject) => Lathe.Mug(scene, subject, 2.2f, false)),
        ["cushion"] = (Set.Cove, Clothware.Cushion),
        ["towel"] = (Set.Wall, Clothware.Towel),
        ["tote"] = (Set.Wall, Clothware.Tote),
        ["weave"] = (Set.Table, Clothware.Weave),
    };

    /// <summary>The recipe of a file, or null if no work or kind goes by that name.</summary>
    public static Recipe? For(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var cut = name.LastIndexOf('-');
        if (cut < 0 || Path.GetExtension(file) != ".jpg" || !Works.ById.TryGetValue(name[..cut], out var work)) return null;
        var kind = name[(cut + 1)..];
        return kind is "art" or "detail" || Shots.ContainsKey(kind) ? new Recipe(file, work, kind) : null;
    }

    /// <summary>Changes whenever the bytes of the file could: the drawing code it runs through and the work's own numbers.</summary>
    public string Version
    {
        get
        {
            var art = $"{Sources.Core} {Sources.Of("family/Family")} {Sources.Of($"family/{char.ToUpperInvariant(Work.Family[0])}{Work.Family[1..]}")} {Work.Id} {Work.Palette} {Work.Mode}";
            var shot = Shots.ContainsKey(Kind) ? $"{Sources.Goods} {Collection.All[Work.Collection].Studio}" : "flat";
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{art} {shot} {Kind}")))[..16];
        }
    }

    /// <summary>Makes the picture from the pulled sheet.</summary>
    public byte[] Make(Subject subject)
    {
        if (Kind == "art") return Encode(subject.Sheet, 89);
        if (Kind == "detail")
        {
            using var part = subject.Sheet.Subset(Detail(subject));
            return Encode(part, 86);
        }

        var (set, compose) = Shots[Kind];
        using var scene = new Scene(subject.Studio, set);
        compose(scene, subject);
        scene.Canvas.Flush();
        using var image = SKImage.FromPixels(scene.Bitmap.PeekPixels());
        return Encode(image, 84);
    }

    /// <summary>A part of the sheet at its full resolution, off the middle as the eye likes it.</summary>
    private static SKRectI Detail(Subject subject) => SKRectI.Create(subject.Seed % 2 == 0 ? 330 : 300, subject.Seed % 2 == 0 ? 260 : 480, 960, 1200);

    private static byte[] Encode(SKImage image, int quality)
    {
        using var pixels = image.PeekPixels() ?? throw new InvalidOperationException("A picture to be encoded has no pixels in memory.");
        using var data = pixels.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore));
        return data?.ToArray() ?? throw new InvalidOperationException("A picture could not be encoded.");
    }
}
