using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>Things made of paper: loose prints, cards, notebooks.</summary>
internal static class Paperware
{
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
        subject.Draw(scene.Canvas, card);
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
        using var paint = new SKPaint { IsAntialias = true, Color = Tone.Shade(subject.Strong, 0.75f) };
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
        subject.Fill(scene.Canvas, new SKRect(cover.Left + 84, cover.Top, cover.Right, cover.Bottom));
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
        subject.Draw(scene.Canvas, box);
        if (flipped)
        {
            using var paper = new SKPaint { Color = subject.Palette.Dark ? new SKColor(0xE9, 0xE4, 0xD8) : Tone.Shade(subject.Palette.Paper, 0.985f) };
            scene.Canvas.DrawRect(box, paper);
        }

        Light(scene.Canvas, box, 20);
        scene.Canvas.Restore();
    }

    private static void Envelope(Scene scene, Subject subject, SKRect box, float angle)
    {
        var tone = Tone.Shade(Tone.Tint(subject.Palette.Ink(subject.Palette.Inks.Length - 1), 0.35f), 0.97f);
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(angle, box.MidX, box.MidY);
        scene.Shadow(box, 16, 22, 16, 0.26f);
        scene.Shadow(box, 4, 5, 4, 0.26f);
        using var paint = new SKPaint { IsAntialias = true, Color = tone };
        using var edge = new SKPaint { IsAntialias = true, Color = Tone.Shade(tone, 0.86f), IsStroke = true, StrokeWidth = 2.2f };
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
        paint.Color = Tone.Shade(tone, 1.03f);
        scene.Canvas.DrawPath(upper, paint);
        scene.Canvas.DrawPath(upper, edge);
        Light(scene.Canvas, box, 20);
        scene.Canvas.Restore();
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
        paint.Color = Tone.Shade(subject.Strong, 0.8f);
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
            paint.Color = Tone.Shade(tone, shade);
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
}
