using Local.Demo.Numbers;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>Things made of paper and wood: framed and loose prints, cards, notebooks.</summary>
internal static class Paperware
{
    private static readonly SKSamplingOptions Fine = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    public static void Framed(Scene scene, Subject subject)
    {
        const float Profile = 30;
        var art = SKRect.Create(350, 250, 900, 1125);
        var outer = SKRect.Inflate(art, Profile, Profile);
        scene.Shadow(outer, 46, 62, 46, 0.26f);
        scene.Shadow(outer, 16, 22, 14, 0.24f);
        scene.Shadow(outer, 3, 5, 4, 0.3f);
        var oak = subject.Seed % 3 != 0;
        Moulding(scene.Canvas, outer, Profile, oak ? new SKColor(0xC9, 0xA0, 0x6C) : new SKColor(0x2B, 0x28, 0x27), oak, (ulong)subject.Seed);
        scene.Canvas.DrawImage(subject.Sheet, Subject.WholeSheet, art, Fine);
        Inset(scene.Canvas, art);
        Glass(scene.Canvas, art);
        Sideboard(scene, subject);
    }

    public static void Loose(Scene scene, Subject subject)
    {
        Sheet(scene, subject, SKRect.Create(500, 520, 860, 1075), 7.5f, flipped: true);
        Sheet(scene, subject, SKRect.Create(300, 380, 960, 1200), -3.2f, flipped: false);
    }

    public static void Card(Scene scene, Subject subject)
    {
        Envelope(scene, subject, SKRect.Create(420, 900, 860, 640), 7);
        var card = SKRect.Create(360, 330, 760, 950);
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(-4.5f, card.MidX, card.MidY);
        using var back = new SKPaint { IsAntialias = true, Color = new SKColor(0xE9, 0xE4, 0xDA) };
        scene.Shadow(card, 26, 34, 26, 0.30f);
        scene.Shadow(card, 8, 10, 7, 0.28f);
        scene.Canvas.DrawRect(SKRect.Create(card.Left + 6, card.Top + 7, card.Width + 4, card.Height + 3), back);
        scene.Shadow(card, 3, 4, 3, 0.35f);
        scene.Canvas.DrawImage(subject.Sheet, Subject.WholeSheet, card, Fine);
        using var fold = new SKPaint { Shader = SKShader.CreateLinearGradient(new SKPoint(card.Left, 0), new SKPoint(card.Left + 70, 0), [SKColors.White.WithAlpha(70), SKColors.Black.WithAlpha(16), SKColors.Transparent], [0, 0.25f, 1], SKShaderTileMode.Clamp) };
        scene.Canvas.DrawRect(card, fold);
        Light(scene.Canvas, card, 16);
        scene.Canvas.Restore();
    }

    public static void Notebook(Scene scene, Subject subject)
    {
        var cover = SKRect.Create(390, 400, 800, 1120);
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(-8, 800, 1000);
        using var shape = Rounded(SKRect.Create(cover.Left, cover.Top, cover.Width + 20, cover.Height + 24), 18);
        scene.Shadow(shape, 44, 56, 40, 0.30f);
        scene.Shadow(shape, 14, 18, 10, 0.32f);
        using var paint = new SKPaint { IsAntialias = true, Color = Shade(subject.Strong, 0.75f) };
        scene.Canvas.DrawPath(shape, paint);
        paint.Color = new SKColor(0xF3, 0xEE, 0xE2);
        scene.Canvas.DrawRoundRect(SKRect.Create(cover.Left + 8, cover.Top + 8, cover.Width + 4, cover.Height + 8), 14, 14, paint);
        (paint.Color, paint.StrokeWidth) = (new SKColor(0x9A, 0x8F, 0x7E, 120), 1);
        for (var i = 0; i < 5; i++)
        {
            scene.Canvas.DrawLine(cover.Left + 14, cover.Bottom + 2 + (i * 3), cover.Right + 6, cover.Bottom + 2 + (i * 3), paint);
            scene.Canvas.DrawLine(cover.Right + 1 + (i * 2.4f), cover.Top + 18, cover.Right + 1 + (i * 2.4f), cover.Bottom + 6, paint);
        }

        using var front = Rounded(cover, 16);
        scene.Shadow(front, 2, 3, 2.5f, 0.4f);
        scene.Canvas.Save();
        scene.Canvas.ClipPath(front, SKClipOperation.Intersect, true);
        scene.Canvas.DrawImage(subject.Sheet, subject.Crop(cover.Height / (cover.Width - 84)), new SKRect(cover.Left + 84, cover.Top, cover.Right, cover.Bottom), Fine);
        Spine(scene.Canvas, SKRect.Create(cover.Left, cover.Top, 92, cover.Height), subject.Strong);
        Light(scene.Canvas, cover, 22);
        scene.Canvas.Restore();
        Band(scene.Canvas, cover, subject);
        scene.Canvas.Restore();
        Pencil(scene, subject);
    }

    private static void Sheet(Scene scene, Subject subject, SKRect box, float angle, bool flipped)
    {
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(angle, box.MidX, box.MidY);
        // A sheet lies flat in its middle and lifts at the corners, so the shadow is wider there.
        using var lifted = new SKPath();
        lifted.MoveTo(box.Left, box.Top);
        lifted.LineTo(box.Right + 10, box.Top + 14);
        lifted.QuadTo(box.Right - 14, box.MidY, box.Right + 18, box.Bottom + 22);
        lifted.QuadTo(box.MidX, box.Bottom - 16, box.Left + 10, box.Bottom + 16);
        lifted.Close();
        scene.Shadow(lifted, 14, 18, 17, 0.30f);
        scene.Shadow(box, 3, 4, 4, 0.26f);
        scene.Canvas.DrawImage(subject.Sheet, Subject.WholeSheet, box, Fine);
        if (flipped)
        {
            using var paper = new SKPaint { Color = subject.Palette.Dark ? new SKColor(0xE9, 0xE4, 0xD8) : Shade(subject.Palette.Paper, 0.985f) };
            scene.Canvas.DrawRect(box, paper);
        }

        Light(scene.Canvas, box, 20);
        scene.Canvas.Restore();
    }

    private static void Envelope(Scene scene, Subject subject, SKRect box, float angle)
    {
        var tone = Shade(Tint(subject.Palette.Ink(subject.Palette.Inks.Length - 1), 0.35f), 0.97f);
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(angle, box.MidX, box.MidY);
        scene.Shadow(box, 16, 22, 16, 0.26f);
        scene.Shadow(box, 4, 5, 4, 0.26f);
        using var paint = new SKPaint { IsAntialias = true, Color = tone };
        using var edge = new SKPaint { IsAntialias = true, Color = Shade(tone, 0.86f), IsStroke = true, StrokeWidth = 2.2f };
        scene.Canvas.DrawRoundRect(box, 6, 6, paint);
        using var flaps = new SKPath();
        flaps.MoveTo(box.Left + 2, box.Bottom - 2);
        flaps.LineTo(box.MidX, box.MidY + 20);
        flaps.LineTo(box.Right - 2, box.Bottom - 2);
        scene.Canvas.DrawPath(flaps, edge);
        using var upper = new SKPath();
        upper.MoveTo(box.Left + 3, box.Top + 3);
        upper.LineTo(box.MidX, box.MidY + 90);
        upper.LineTo(box.Right - 3, box.Top + 3);
        upper.Close();
        scene.Shadow(upper, 2, 5, 6, 0.22f);
        paint.Color = Shade(tone, 1.03f);
        scene.Canvas.DrawPath(upper, paint);
        scene.Canvas.DrawPath(upper, edge);
        Light(scene.Canvas, box, 20);
        scene.Canvas.Restore();
    }

    private static void Moulding(SKCanvas canvas, SKRect outer, float profile, SKColor tone, bool grain, ulong seed)
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
            using var paint = new SKPaint { IsAntialias = true, Color = Shade(tone, shade) };
            canvas.DrawPath(path, paint);
            canvas.Save();
            canvas.ClipPath(path, SKClipOperation.Intersect, true);
            for (var i = 0; i < (grain ? 90 : 26); i++)
            {
                paint.Color = (rng.Chance(0.6f) ? new SKColor(70, 40, 15) : SKColors.White).WithAlpha((byte)rng.Int(6, grain ? 26 : 12));
                paint.StrokeWidth = rng.Range(0.6f, 2.2f);
                var (along, across, length) = (rng.Range(-100, 1200), rng.Range(0, profile), rng.Range(120, 700));
                if (flat) canvas.DrawLine(outer.Left + along, corners[0].Y + (corners[0].Y > outer.MidY ? -across : across), outer.Left + along + length, corners[0].Y + (corners[0].Y > outer.MidY ? -across - 2 : across + 2), paint);
                else canvas.DrawLine(corners[0].X + (corners[0].X > outer.MidX ? -across : across), outer.Top + along, corners[0].X + (corners[0].X > outer.MidX ? -across : across), outer.Top + along + length, paint);
            }

            canvas.Restore();
            using var seam = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(60), StrokeWidth = 1.2f };
            canvas.DrawLine(corners[0], corners[3], seam);
        }

        using var rim = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = 2, Color = SKColors.White.WithAlpha(grain ? (byte)90 : (byte)40) };
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

    private static void Spine(SKCanvas canvas, SKRect box, SKColor tone)
    {
        using var paint = new SKPaint { Color = tone };
        canvas.DrawRect(box, paint);
        for (var y = box.Top; y < box.Bottom; y += 4)
        {
            paint.Color = (((int)y & 4) == 0 ? SKColors.White : SKColors.Black).WithAlpha(14);
            canvas.DrawRect(box.Left, y, box.Width, 2, paint);
        }

        for (var x = box.Left; x < box.Right; x += 4)
        {
            paint.Color = SKColors.Black.WithAlpha(18);
            canvas.DrawRect(x, box.Top, 1.6f, box.Height, paint);
        }

        paint.Shader = SKShader.CreateLinearGradient(new SKPoint(box.Left, 0), new SKPoint(box.Right + 6, 0), [SKColors.White.WithAlpha(50), SKColors.Transparent, SKColors.Black.WithAlpha(70)], [0, 0.4f, 1], SKShaderTileMode.Clamp);
        canvas.DrawRect(box, paint);
    }

    private static void Band(SKCanvas canvas, SKRect cover, Subject subject)
    {
        var band = new SKRect(cover.Right - 92, cover.Top - 3, cover.Right - 70, cover.Bottom + 14);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black.WithAlpha(60), MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 4) };
        canvas.DrawRect(SKRect.Create(band.Left + 5, band.Top + 4, band.Width, band.Height - 8), paint);
        paint.MaskFilter = null;
        paint.Color = Shade(subject.Strong, 0.8f);
        canvas.DrawRect(band, paint);
        paint.Shader = SKShader.CreateLinearGradient(new SKPoint(band.Left, 0), new SKPoint(band.Right, 0), [SKColors.White.WithAlpha(60), SKColors.Transparent, SKColors.Black.WithAlpha(50)], SKShaderTileMode.Clamp);
        canvas.DrawRect(band, paint);
    }

    private static void Pencil(Scene scene, Subject subject)
    {
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(14, 1370, 1000);
        var body = SKRect.Create(1352, 620, 34, 660);
        using var shape = new SKPath();
        shape.AddRect(body);
        shape.MoveTo(body.Left, body.Bottom);
        shape.LineTo(body.MidX, body.Bottom + 78);
        shape.LineTo(body.Right, body.Bottom);
        scene.Shadow(shape, 14, 16, 8, 0.34f);
        using var paint = new SKPaint { IsAntialias = true, Color = new SKColor(0xE2, 0xC3, 0x96) };
        scene.Canvas.DrawPath(shape, paint);
        var tone = subject.Palette.Ink(1);
        foreach (var (from, share, shade) in new[] { (0f, 0.3f, 1.08f), (0.3f, 0.4f, 0.95f), (0.7f, 0.3f, 0.78f) })
        {
            paint.Color = Shade(tone, shade);
            scene.Canvas.DrawRect(SKRect.Create(body.Left + (from * 34), body.Top, share * 34, body.Height - 6), paint);
        }

        paint.Color = new SKColor(0x35, 0x33, 0x34);
        using var lead = new SKPath();
        lead.AddPoly([new(body.MidX - 6, body.Bottom + 51), new(body.MidX, body.Bottom + 78), new(body.MidX + 6, body.Bottom + 51)], true);
        scene.Canvas.DrawPath(lead, paint);
        scene.Canvas.Restore();
    }

    private static void Light(SKCanvas canvas, SKRect box, byte strength)
    {
        using var paint = new SKPaint
        {
            Shader = SKShader.CreateLinearGradient(new SKPoint(box.Left, box.Top), new SKPoint(box.Right, box.Bottom), [SKColors.White.WithAlpha(strength), SKColors.Transparent, SKColors.Black.WithAlpha((byte)(strength * 1.6f))], SKShaderTileMode.Clamp),
        };
        canvas.DrawRect(box, paint);
    }

    private static SKPath Rounded(SKRect box, float radius)
    {
        var path = new SKPath();
        path.AddRoundRect(box, radius, radius);
        return path;
    }

    internal static SKColor Shade(SKColor c, float factor) => new((byte)Math.Clamp(c.Red * factor, 0, 255), (byte)Math.Clamp(c.Green * factor, 0, 255), (byte)Math.Clamp(c.Blue * factor, 0, 255));

    internal static SKColor Tint(SKColor c, float white) => new((byte)Maths.Mix(c.Red, 250, white), (byte)Maths.Mix(c.Green, 246, white), (byte)Maths.Mix(c.Blue, 238, white));
}
