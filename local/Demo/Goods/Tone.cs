using Local.Demo.Numbers;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>Lighter and darker versions of a colour.</summary>
internal static class Tone
{
    public static SKColor Shade(SKColor c, float factor) => new((byte)Math.Clamp(c.Red * factor, 0, 255), (byte)Math.Clamp(c.Green * factor, 0, 255), (byte)Math.Clamp(c.Blue * factor, 0, 255));

    public static SKColor Tint(SKColor c, float white) => new((byte)Maths.Mix(c.Red, 250, white), (byte)Maths.Mix(c.Green, 246, white), (byte)Maths.Mix(c.Blue, 238, white));
}
