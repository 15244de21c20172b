using Local.Demo.Numbers;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>Turned things: a mug that carries a picture, a plain vase. Lit and glazed pixel by pixel.</summary>
internal static class Lathe
{
    private const float Tilt = 0.17f;

    /// <summary>A mug; <paramref name="turn"/> in radians turns the picture round the body.</summary>
    public static void Mug(Scene scene, Subject subject, float turn, bool handleRight)
    {
        const float Radius = 330, Top = 640, Tall = 740;
        var x = handleRight ? 740f : 860f;
        var foot = Top + Tall;
        Ground(scene, x, foot, Radius);
        var glaze = Tone.Tint(subject.Soft, 0.55f);
        Handle(scene, x, Top, Radius, Tall, glaze, handleRight ? 1 : -1);
        using var texture = new Texture(subject, subject.Crop(1.28f), 760);
        Body(scene, x, Top, Tall, _ => Radius, glaze, (angle, v) =>
        {
            var t = (v - 0.075f) / 0.85f;
            if (t is < 0 or > 1) return null;
            var u = 0.5f + ((angle + turn) * Radius / (Tall * 0.85f / texture.Aspect));
            return texture.At(u, t);
        });
        Mouth(scene, x, Top, Radius, glaze);
    }

    /// <summary>A small plain vase standing at (x, foot).</summary>
    public static void Vase(Scene scene, float x, float foot, float size, SKColor glaze)
    {
        var tall = 330 * size;
        float Profile(float v) => size * (v < 0.3f ? Maths.Mix(46, 40, Maths.Smooth(0, 0.3f, v)) + (v < 0.06f ? (0.06f - v) * 110 : 0) : Maths.Mix(40, 122, Maths.Smooth(0.3f, 0.66f, v)) - (44 * Maths.Smooth(0.72f, 1.05f, v)));
        using var shadow = new SKPath();
        shadow.AddOval(SKRect.Create(x - (90 * size), foot - (16 * size), 210 * size, 34 * size));
        scene.Shadow(shadow, 26, 4, 12, 0.42f);
        Body(scene, x, foot - tall, tall, Profile, glaze, (_, _) => null, 0.08f, matt: true);
        Mouth(scene, x, foot - tall, Profile(0) * 0.99f, glaze, 0.1f);
    }

    private static void Ground(Scene scene, float x, float foot, float radius)
    {
        using var wide = new SKPath();
        wide.AddOval(SKRect.Create(x - radius, foot - 20, (radius * 2) + 260, 150));
        scene.Shadow(wide, 30, 0, 42, 0.30f);
        using var near = new SKPath();
        near.AddOval(SKRect.Create(x - (radius * 0.98f), foot - 10, radius * 2.02f, 84));
        scene.Shadow(near, 10, 2, 12, 0.42f);
    }

    private static void Body(Scene scene, float cx, float top, float tall, Func<float, float> profile, SKColor glaze,
        Func<float, float, (float R, float G, float B)?> picture, float tilt = Tilt, bool matt = false)
    {
        var widest = 0f;
        for (var i = 0; i <= 40; i++) widest = MathF.Max(widest, profile(i / 40f));
        const int Samples = 1024;
        var radii = new float[Samples + 1];
        for (var i = 0; i <= Samples; i++) radii[i] = profile(i / (float)Samples);
        float At(float v) => radii[(int)(Maths.Clamp01(v) * Samples)];
        for (var y = (int)top - 4; y < top + tall + (widest * tilt) + 4; y++)
        {
            for (var x = (int)(cx - widest) - 2; x <= cx + widest + 2; x++)
            {
                var v = (y - top) / tall;
                var radius = At(v);
                var s = (x + 0.5f - cx) / radius;
                if (MathF.Abs(s) > 1.004f) continue;
                var cos = MathF.Sqrt(MathF.Max(0, 1 - (s * s)));
                v = (y - top - (radius * tilt * cos)) / tall;
                if (v < -0.002f) continue;
                var rounded = v > 0.965f ? (v - 0.965f) / 0.035f : 0;
                if (v > 1 || MathF.Abs(s) > 1 - (0.03f * rounded * rounded)) continue;
                var slope = (At(v + 0.02f) - At(v - 0.02f)) / (0.04f * tall);
                var angle = MathF.Asin(Math.Clamp(s, -1, 1));
                var (r, g, b) = picture(angle, v) ?? (glaze.Red, glaze.Green, glaze.Blue);
                var facing = (-0.62f * s) + (0.62f * cos) - (0.42f * slope);
                var lit = 0.62f + (0.42f * MathF.Max(0, facing)) - (0.30f * Maths.Smooth(0.55f, 1, s)) - (0.1f * Maths.Smooth(-0.85f, -1, s)) - (0.22f * rounded) - (0.08f * v);
                var gloss = matt ? 8 * MathF.Max(0, facing) : Gloss(angle, v);
                var bounce = 14 * Maths.Smooth(0.8f, 0.98f, s);
                scene.Put(x, y, (r * lit) + gloss + bounce, (g * lit) + gloss + bounce, (b * lit) + gloss + (bounce * 0.8f), Maths.Clamp01((1 - MathF.Abs(s)) * radius));
            }
        }
    }

    /// <summary>Two soft boxes in the glaze: a tall bright one on the left, a faint one on the right.</summary>
    private static float Gloss(float angle, float v)
    {
        var tall = Maths.Smooth(0.05f, 0.12f, v) * (1 - Maths.Smooth(0.72f, 0.9f, v));
        var left = Maths.Smooth(-0.86f, -0.80f, angle) * (1 - Maths.Smooth(-0.62f, -0.54f, angle));
        var bar = 1 - (0.5f * (Maths.Smooth(0.36f, 0.37f, v) - Maths.Smooth(0.39f, 0.40f, v)));
        var right = Maths.Smooth(0.84f, 0.92f, angle) * (1 - Maths.Smooth(1.0f, 1.1f, angle));
        return (66 * left * tall * bar) + (22 * right * tall);
    }

    private static void Mouth(Scene scene, float x, float y, float radius, SKColor glaze, float tilt = Tilt)
    {
        var outer = SKRect.Create(x - radius, y - (radius * tilt), radius * 2, radius * tilt * 2);
        using var paint = new SKPaint { IsAntialias = true };
        paint.Shader = SKShader.CreateLinearGradient(new SKPoint(outer.Left, 0), new SKPoint(outer.Right, 0), [Tone.Shade(glaze, 1.02f), Tone.Shade(glaze, 1.06f), Tone.Shade(glaze, 0.82f)], [0, 0.35f, 1], SKShaderTileMode.Clamp);
        scene.Canvas.DrawOval(outer, paint);
        var lip = radius * 0.05f;
        var inner = SKRect.Inflate(outer, -lip, -lip * 0.62f);
        paint.Shader = SKShader.CreateLinearGradient(new SKPoint(inner.Left, inner.Top), new SKPoint(inner.Right, inner.Bottom), [Tone.Shade(glaze, 0.46f), Tone.Shade(glaze, 0.7f), Tone.Shade(glaze, 0.92f)], [0, 0.45f, 1], SKShaderTileMode.Clamp);
        scene.Canvas.DrawOval(inner, paint);
        paint.Shader = null;
        (paint.IsStroke, paint.StrokeWidth, paint.Color) = (true, 2.4f, SKColors.White.WithAlpha(120));
        scene.Canvas.DrawArc(SKRect.Inflate(outer, -lip * 0.45f, -lip * 0.3f), 185, 95, false, paint);
    }

    private static void Handle(Scene scene, float x, float top, float radius, float tall, SKColor glaze, int side)
    {
        using var path = new SKPath();
        var (at, upper, lower) = (x + (side * (radius - 16)), top + (tall * 0.24f), top + (tall * 0.80f));
        path.MoveTo(at, upper);
        path.CubicTo(at + (side * 300), upper - 40, at + (side * 290), lower + 20, at, lower);
        foreach (var (width, shade, shift) in new[] { (74f, 0.60f, 0f), (66, 0.72f, -1), (54, 0.84f, -3), (38, 0.93f, -6), (22, 1.0f, -9), (9, 1.1f, -12) })
        {
            using var paint = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = width, Color = Tone.Shade(glaze, shade), StrokeCap = SKStrokeCap.Round };
            using var soft = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 4);
            if (width < 70) paint.MaskFilter = soft;
            scene.Canvas.Save();
            scene.Canvas.Translate(shift, shift);
            scene.Canvas.DrawPath(path, paint);
            scene.Canvas.Restore();
        }
    }
}
