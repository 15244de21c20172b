using Local.Demo.Numbers;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>A print in a narrow oak frame, on a sunlit wall above a sideboard.</summary>
internal static class Framing
{
    public static void Framed(Scene scene, Subject subject)
    {
        const float Profile = 30;
        var art = SKRect.Create(350, 250, 900, 1125);
        var outer = SKRect.Inflate(art, Profile, Profile);
        scene.Shadow(outer, 46, 62, 46, 0.26f);
        scene.Shadow(outer, 16, 22, 14, 0.24f);
        scene.Shadow(outer, 3, 5, 4, 0.3f);
        Moulding(scene.Canvas, outer, Profile, new SKColor(0xC9, 0xA0, 0x6C), (ulong)subject.Seed);
        subject.Draw(scene.Canvas, art);
        Inset(scene.Canvas, art);
        Glass(scene.Canvas, art);
        Sideboard(scene, subject);
    }

    private static void Moulding(SKCanvas canvas, SKRect outer, float profile, SKColor tone, ulong seed)
    {
        var inner = SKRect.Inflate(outer, -profile, -profile);
        var (a, b, c, d) = (new SKPoint(outer.Left, outer.Top), new SKPoint(outer.Right, outer.Top), new SKPoint(outer.Right, outer.Bottom), new SKPoint(outer.Left, outer.Bottom));
        var (e, f, g, h) = (new SKPoint(inner.Left, inner.Top), new SKPoint(inner.Right, inner.Top), new SKPoint(inner.Right, inner.Bottom), new SKPoint(inner.Left, inner.Bottom));
        var rng = new Rng(seed, 5);
        var sides = new (SKPoint[] Corners, float Shade, bool Flat)[] { ([a, b, f, e], 1.08f, true), ([b, c, g, f], 0.9f, false), ([d, c, g, h], 0.84f, true), ([a, d, h, e], 1.02f, false) };
        foreach (var (corners, shade, flat) in sides)
        {
            using var path = new SKPath();
            path.AddPoly(corners, true);
            using var paint = new SKPaint { IsAntialias = true, Color = Tone.Shade(tone, shade) };
            canvas.DrawPath(path, paint);
            canvas.Save();
            canvas.ClipPath(path, SKClipOperation.Intersect, true);
            for (var i = 0; i < 90; i++)
            {
                paint.Color = (rng.Chance(0.6f) ? new SKColor(70, 40, 15) : SKColors.White).WithAlpha((byte)rng.Int(6, 26));
                paint.StrokeWidth = rng.Range(0.6f, 2.2f);
                var (along, across, length) = (rng.Range(-100, 1200), rng.Range(0, profile), rng.Range(120, 700));
                if (flat) canvas.DrawLine(outer.Left + along, corners[0].Y + (corners[0].Y > outer.MidY ? -across : across), outer.Left + along + length, corners[0].Y + (corners[0].Y > outer.MidY ? -across - 2 : across + 2), paint);
                else canvas.DrawLine(corners[0].X + (corners[0].X > outer.MidX ? -across : across), outer.Top + along, corners[0].X + (corners[0].X > outer.MidX ? -across : across), outer.Top + along + length, paint);
            }

            canvas.Restore();
            using var seam = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(60), StrokeWidth = 1.2f };
            canvas.DrawLine(corners[0], corners[3], seam);
        }

        using var rim = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = 2, Color = SKColors.White.WithAlpha(90) };
        canvas.DrawLine(a.X + 1, a.Y + 1, b.X - 1, b.Y + 1, rim);
        canvas.DrawLine(a.X + 1, a.Y + 1, d.X + 1, d.Y - 1, rim);
    }

    private static void Inset(SKCanvas canvas, SKRect art)
    {
        using var top = new SKPaint { Shader = SKShader.CreateLinearGradient(new SKPoint(0, art.Top), new SKPoint(0, art.Top + 26), [SKColors.Black.WithAlpha(105), SKColors.Transparent], SKShaderTileMode.Clamp) };
        using var left = new SKPaint { Shader = SKShader.CreateLinearGradient(new SKPoint(art.Left, 0), new SKPoint(art.Left + 22, 0), [SKColors.Black.WithAlpha(80), SKColors.Transparent], SKShaderTileMode.Clamp) };
        canvas.DrawRect(art, top);
        canvas.DrawRect(art, left);
    }

    private static void Glass(SKCanvas canvas, SKRect art)
    {
        canvas.Save();
        canvas.ClipRect(art);
        using var sheen = new SKPaint
        {
            Shader = SKShader.CreateLinearGradient(new SKPoint(art.Left, art.Top), new SKPoint(art.Right, art.Bottom),
                [SKColors.White.WithAlpha(34), SKColors.White.WithAlpha(10), SKColors.White.WithAlpha(26), SKColors.Transparent, SKColors.Black.WithAlpha(14)], [0, 0.3f, 0.36f, 0.362f, 1], SKShaderTileMode.Clamp),
        };
        canvas.DrawRect(art, sheen);
        canvas.Restore();
    }

    private static void Sideboard(Scene scene, Subject subject)
    {
        var top = new SKRect(-20, 1716, 1620, 1752);
        scene.Shadow(SKRect.Create(-20, 1660, 1640, 60), 0, -10, 34, 0.16f);
        using var paint = new SKPaint { IsAntialias = true, Shader = SKShader.CreateLinearGradient(new SKPoint(0, 1716), new SKPoint(0, 1752), [new SKColor(0xD8, 0xB4, 0x86), new SKColor(0xB9, 0x91, 0x62)], SKShaderTileMode.Clamp) };
        scene.Canvas.DrawRect(top, paint);
        paint.Shader = SKShader.CreateLinearGradient(new SKPoint(0, 1752), new SKPoint(0, 2000), [new SKColor(0x7E, 0x5C, 0x3B), new SKColor(0xA4, 0x7C, 0x53), new SKColor(0x97, 0x71, 0x4B)], [0, 0.16f, 1], SKShaderTileMode.Clamp);
        scene.Canvas.DrawRect(new SKRect(-20, 1752, 1620, 2000), paint);
        var rng = new Rng(77);
        using var line = new SKPaint { IsAntialias = true };
        for (var i = 0; i < 260; i++)
        {
            (line.Color, line.StrokeWidth) = (new SKColor(60, 34, 14, (byte)rng.Int(8, 30)), rng.Range(0.7f, 2));
            var (x, y, length) = (rng.Range(-300, 1600), rng.Range(1718, 2000), rng.Range(200, 900));
            scene.Canvas.DrawLine(x, y, x + length, y + rng.Range(-2, 2), line);
        }

        line.Color = new SKColor(50, 30, 16, 150);
        line.StrokeWidth = 3;
        scene.Canvas.DrawLine(800, 1760, 800, 2000, line);
        Lathe.Vase(scene, 1290, 1728, 0.8f, subject.Studio.Accent);
    }
}
