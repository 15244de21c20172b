using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Families;

/// <summary>A harmonograph: pens on swinging pendulums that lose their breath. Mode 0: two pens, 1: rotary figure, 2: three small swings.</summary>
internal static class Pendulum
{
    public static void Draw(Sheet sheet, Rng rng, int mode)
    {
        var frame = sheet.Frame;
        if (mode == 2)
        {
            for (var i = 0; i < 3; i++) Swing(sheet.Plate(i), frame.MidX, frame.Top + (frame.Height * (0.19f + (0.31f * i))), frame.Width * 0.36f, frame.Height * 0.155f, rng, 1, 0);
            return;
        }

        var shared = rng.Fork(7);
        for (var i = 0; i < 2; i++) Swing(sheet.Plate(i), frame.MidX, frame.MidY, frame.Width * 0.48f, frame.Height * 0.48f, new Rng(shared.Bits() & 0, 3 + (ulong)mode), mode, i, rng);
    }

    private static void Swing(Plate plate, float x, float y, float reachX, float reachY, Rng rng, int mode, int pen, Rng? own = null)
    {
        var source = own?.Fork(12) ?? rng;
        var (a, b) = source.Pick((2, 3), (1, 2), (3, 4), (2, 5), (3, 5), (1, 3));
        var detune = source.Range(0.004f, 0.011f);
        var (fx, fy) = (a + detune, b - (detune * 0.6f));
        var (px, py) = (source.Range(0, Maths.Tau), source.Range(0, Maths.Tau));
        var (qx, qy) = (source.Range(0, Maths.Tau), source.Range(0, Maths.Tau));
        var decay = source.Range(0.0085f, 0.013f);
        var share = mode == 1 ? 0.4f : 0.2f;
        var offset = pen * source.Range(0.16f, 0.34f);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(190), IsStroke = true, StrokeWidth = 2.1f, StrokeCap = SKStrokeCap.Butt, StrokeJoin = SKStrokeJoin.Round };
        const int Steps = 26000;
        const float Turn = 0.0115f;
        var piece = new SKPoint[14];
        for (var i = 0; i < Steps; i += piece.Length - 1)
        {
            for (var j = 0; j < piece.Length; j++)
            {
                var t = (i + j) * Turn;
                var fade = (float)Math.Exp(-decay * t);
                var swingX = ((1 - share) * Maths.Sin((fx * t) + px + offset)) + (share * Maths.Sin(((mode == 1 ? b : 1) * t * 1.0017f) + qx + (offset * 0.5f)));
                var swingY = ((1 - share) * Maths.Sin((fy * t) + py + (offset * 0.7f))) + (share * Maths.Sin(((mode == 1 ? a : 1) * t * 0.9985f) + qy));
                piece[j] = new SKPoint(x + (reachX * fade * swingX), y + (reachY * fade * swingY));
            }

            using var path = new SKPath();
            path.AddPoly(piece, false);
            plate.Canvas.DrawPath(path, paint);
        }
    }
}
