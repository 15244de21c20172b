using Local.Demo.Numbers;
using Local.Demo.Print;
using SkiaSharp;

namespace Local.Demo.Goods;

/// <summary>Things made of cloth, lit from their folds: cushion, tea towel, tote bag, and the weave seen close.</summary>
internal static class Clothware
{
    public static void Cushion(Scene scene, Subject subject)
    {
        const float CenterX = 800, CenterY = 930, Half = 575;
        using var texture = new Texture(subject, subject.Crop(1), 1150);
        using var ground = new SKPath();
        ground.AddOval(SKRect.Create(CenterX - 520, CenterY + 470, 1180, 130));
        scene.Shadow(ground, 20, 6, 40, 0.34f);
        ground.Reset();
        ground.AddOval(SKRect.Create(CenterX - 440, CenterY + 492, 880, 60));
        scene.Shadow(ground, 6, 4, 14, 0.42f);
        var noise = new Noise(new Rng((ulong)subject.Seed, 8));
        var folds = new Field(1300, 1300, 10, (x, y) => noise.Fbm(x * 0.0042f, y * 0.0042f, 3));
        var foldsX = new Field(1300, 1300, 10, (x, y) => (folds.At(x + 6, y) - folds.At(x - 6, y)) * 3.4f);
        var foldsY = new Field(1300, 1300, 10, (x, y) => (folds.At(x, y + 6) - folds.At(x, y - 6)) * 3.4f);
        for (var y = (int)(CenterY - Half); y < CenterY + Half; y++)
        {
            for (var x = (int)(CenterX - Half); x < CenterX + Half; x++)
            {
                var (p, q) = ((x - CenterX) / Half, (y - CenterY) / Half);
                var (u, v) = (p / (1 - (0.085f * (1 - (q * q)))), q / (1 - (0.085f * (1 - (p * p)))));
                var (u2, v2) = (u * u, v * v);
                var edge = 1 - MathF.Max(MathF.Max(u2, v2), ((u2 * u2 * u2) + (v2 * v2 * v2)) * 0.62f);
                if (edge < 0) continue;
                var corner = u2 * v2;
                var (fx, fy) = (x - CenterX + 640, y - CenterY + 640);
                var wrinkle = 0.16f + (0.75f * corner) + (0.3f * MathF.Max(u2 * u2, v2 * v2));
                var (dx, dy) = (foldsX.Near(fx, fy) * wrinkle, foldsY.Near(fx, fy) * wrinkle);
                var (nx, ny) = ((u * u2 * 0.95f) + (u * 0.16f) + dx, (v * v2 * 0.95f) + (v * 0.16f) + dy);
                var length = 1 / MathF.Sqrt(1 + (nx * nx) + (ny * ny));
                var facing = ((-0.45f * nx) - (0.6f * ny) + 0.66f) * length;
                var seam = edge < 0.028f ? 0.80f + (edge * 7) : 1;
                var lit = (0.46f + (0.72f * MathF.Max(0, facing))) * seam * Weft(x, y, 0.055f);
                var (r, g, b) = texture.At(0.5f + (u * 0.5f * (1 + (0.05f * u2))) + (dx * 0.01f), 0.5f + (v * 0.5f * (1 + (0.05f * v2))) + (dy * 0.01f));
                scene.Put(x, y, (r * lit) + 4, g * lit + 3, b * lit, Maths.Clamp01(edge * Half * 0.5f));
            }
        }
    }

    public static void Towel(Scene scene, Subject subject)
    {
        var area = SKRect.Create(440, 330, 720, 1230);
        using var shape = new SKPath();
        shape.AddRect(area);
        scene.Shadow(shape, 40, 46, 34, 0.28f);
        scene.Shadow(shape, 12, 14, 10, 0.24f);
        using var texture = new Texture(subject, subject.Crop(1130 / 640f), 640);
        Hang(scene, area, subject, 1, (u, v) =>
        {
            var (s, t) = ((u - 0.05f) / 0.90f, (v - 0.035f) / 0.93f);
            return s is < 0 or > 1 || t is < 0 or > 1 ? null : texture.At(s, t);
        });
        Rail(scene, area);
    }

    public static void Tote(Scene scene, Subject subject)
    {
        var area = SKRect.Create(400, 700, 800, 900);
        using var shape = new SKPath();
        shape.AddRoundRect(area, 18, 18);
        Strap(scene, area, 14, 0.86f);
        scene.Shadow(shape, 44, 52, 38, 0.28f);
        scene.Shadow(shape, 12, 14, 10, 0.26f);
        using var texture = new Texture(subject, SKRect.Inflate(subject.Frame, 8, 8), 520);
        var paper = subject.Palette.Paper;
        Hang(scene, area, subject, 0.62f, (u, v) =>
        {
            var (s, t) = (0.5f + ((u - 0.5f) * area.Width / 520), (v - 0.115f) * area.Height / (520 * texture.Aspect));
            if (s is < 0 or > 1 || t is < 0 or > 1) return null;
            var (r, g, b) = texture.At(s, t);
            // Ink on cotton: the paper's white becomes the cloth's own colour; dark papers are printed as a solid panel.
            return subject.Palette.Dark ? (r, g, b) : (r / paper.Red * 240, g / paper.Green * 231, b / paper.Blue * 212);
        });
        Strap(scene, area, 0, 1);
    }

    /// <summary>The weave of a printed textile from close by.</summary>
    public static void Weave(Scene scene, Subject subject)
    {
        var crop = subject.Crop(1.25f);
        var rng = new Rng((ulong)subject.Seed, 9);
        var size = crop.Width * 0.46f;
        var (left, top) = (crop.Left + (rng.Unit() * (crop.Width - size)), crop.Top + (rng.Unit() * (crop.Height - (size * 1.25f))));
        using var texture = new Texture(subject, SKRect.Create(left, top, size, size * 1.25f), 900);
        var noise = new Noise(rng);
        var folds = new Field(Scene.Width, Scene.Height, 12, (x, y) => noise.Fbm((x * 0.0011f) + (y * 0.0007f), (y * 0.0009f) - (x * 0.0006f), 2));
        var light = new Field(Scene.Width, Scene.Height, 12, (x, y) => 0.97f + ((folds.At(x + 5, y + 5) - folds.At(x - 5, y - 5)) * 3.2f));
        const float Thread = 9;
        for (var y = 0; y < Scene.Height; y++)
        {
            for (var x = 0; x < Scene.Width; x++)
            {
                var (column, row) = ((int)MathF.Floor(x / Thread), (int)MathF.Floor(y / Thread));
                var over = ((column + row) & 1) == 0;
                var (s, t) = ((x / Thread) - column - 0.5f, (y / Thread) - row - 0.5f);
                var across = over ? s : t;
                var along = over ? t : s;
                var slub = 1 + ((Grain.Speck[Grain.At(column * 7, over ? column : row)] - 128) * 0.0011f);
                var thread = (1.06f - (across * across * 1.15f) - (along * along * 0.5f) + (0.12f * (over ? -s : -t))) * slub;
                var (r, g, b) = texture.At((column + (over ? 0.5f : 0.5f + s)) * Thread / Scene.Width, (row + (over ? 0.5f + t : 0.5f)) * Thread / Scene.Height);
                var lit = thread * light.Near(x, y);
                scene.Put(x, y, (r * lit) + 3, (g * lit) + 2, b * lit, 1);
            }
        }
    }

    private static float Weft(int x, int y, float strength)
    {
        var over = (((x >> 2) + (y >> 2)) & 1) == 0;
        var within = over ? (x & 3) - 1.5f : (y & 3) - 1.5f;
        return 1 + (strength * (0.35f - (within * within * 0.35f))) + ((Grain.Speck[Grain.At(over ? x >> 2 : x, over ? y : y >> 2)] - 128) * 0.0004f);
    }

    private static void Hang(Scene scene, SKRect area, Subject subject, float depth, Func<float, float, (float R, float G, float B)?> picture)
    {
        var rng = new Rng((ulong)subject.Seed, 10);
        var waves = Enumerable.Range(0, 4).Select(i => (Pitch: rng.Range(1.6f, 3.4f) * (i + 1), Phase: rng.Range(0, Maths.Tau), Lean: rng.Range(-1.2f, 1.2f), High: 1f / (i + 1.4f))).ToArray();
        float Height(float u, float v)
        {
            var sum = 0f;
            foreach (var (pitch, phase, lean, high) in waves) sum += high * Maths.Sin((u * pitch * 3.1f) + phase + (lean * v));
            return sum * (0.25f + (0.75f * v)) * depth;
        }

        var heights = new Field(area.Width + 40, area.Height + 40, 8, (x, y) => Height((x - 16) / area.Width, (y - 8) / area.Height));
        var slopes = new Field(area.Width + 40, area.Height + 40, 8, (x, y) => (Height(((x - 16) / area.Width) + 0.006f, (y - 8) / area.Height) - Height(((x - 16) / area.Width) - 0.006f, (y - 8) / area.Height)) / 0.012f);
        for (var y = (int)area.Top - 2; y < area.Bottom + 16; y++)
        {
            for (var x = (int)area.Left - 12; x < area.Right + 12; x++)
            {
                var v = (y - area.Top) / area.Height;
                var u = (x - area.Left) / area.Width;
                var h = heights.Near(x - area.Left + 16, y - area.Top + 8);
                var slope = slopes.Near(x - area.Left + 16, y - area.Top + 8);
                var bottom = 1 + (h * 0.0075f);
                var side = 0.006f * Maths.Sin((v * 5.2f) + waves[0].Phase) * depth * v;
                var inside = MathF.Min(MathF.Min((u - side) * area.Width, (1 + side - u) * area.Width), MathF.Min(v * area.Height, (bottom - v) * area.Height));
                if (inside < 0) continue;
                var s = u + (slope * 0.0012f);
                var t = v / bottom;
                var (r, g, b) = picture(s, t) ?? (240, 231, 212);
                var hem = inside is > 17 and < 19.5f ? 0.93f : inside < 17 ? 0.985f : 1;
                var lit = (0.955f - (slope * 0.026f) + (h * 0.022f) - (0.06f * v)) * hem * Weft(x, y, 0.06f);
                scene.Put(x, y, r * lit, g * lit, b * lit, Maths.Clamp01(inside));
            }
        }
    }

    private static void Rail(Scene scene, SKRect area)
    {
        var rail = SKRect.Create(area.Left - 110, area.Top - 18, area.Width + 220, 34);
        using var shape = new SKPath();
        shape.AddRoundRect(rail, 17, 17);
        scene.Shadow(shape, 16, 24, 9, 0.3f);
        using var wood = new SKPaint { IsAntialias = true, Shader = SKShader.CreateLinearGradient(new SKPoint(0, rail.Top), new SKPoint(0, rail.Bottom), [new SKColor(0xE0, 0xBD, 0x8D), new SKColor(0xC7, 0x9C, 0x68), new SKColor(0x86, 0x61, 0x3A)], SKShaderTileMode.Clamp) };
        scene.Canvas.DrawPath(shape, wood);
        using var cord = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = 5, Color = new SKColor(0x6E, 0x56, 0x3C) };
        using var line = new SKPath();
        line.MoveTo(rail.Left + 40, rail.MidY);
        line.LineTo(rail.MidX, 120);
        line.LineTo(rail.Right - 40, rail.MidY);
        scene.Canvas.DrawPath(line, cord);
        Peg(scene, rail.MidX, 116);
    }

    private static void Strap(Scene scene, SKRect area, float shift, float shade)
    {
        using var path = new SKPath();
        path.MoveTo(area.Left + 190 + shift, area.Top + 70);
        path.CubicTo(area.Left + 200 + shift, 420, area.MidX - 40 + shift, 290, area.MidX + (shift * 0.4f), 262 - (shift * 0.4f));
        path.CubicTo(area.MidX + 40 + shift, 290, area.Right - 200 + shift, 420, area.Right - 190 + shift, area.Top + 70);
        using var stroke = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = 46, StrokeJoin = SKStrokeJoin.Round };
        using var outline = new SKPath();
        stroke.GetFillPath(path, outline);
        scene.Shadow(outline, 18, 22, 10, 0.26f);
        foreach (var (width, tone) in new[] { (46f, 0.86f), (40f, 0.95f), (30f, 1f) })
        {
            (stroke.StrokeWidth, stroke.Color) = (width, Tone.Shade(new SKColor(236, 226, 206), tone * shade));
            scene.Canvas.DrawPath(path, stroke);
        }

        if (shift == 0) Peg(scene, area.MidX, 262);
    }

    private static void Peg(Scene scene, float x, float y)
    {
        using var knob = new SKPath();
        knob.AddCircle(x, y, 27);
        scene.Shadow(knob, 12, 16, 8, 0.4f);
        using var paint = new SKPaint { IsAntialias = true, Shader = SKShader.CreateRadialGradient(new SKPoint(x - 9, y - 10), 40, [new SKColor(0xEE, 0xCF, 0xA0), new SKColor(0xB9, 0x8C, 0x58), new SKColor(0x7C, 0x58, 0x33)], SKShaderTileMode.Clamp) };
        scene.Canvas.DrawPath(knob, paint);
    }
}
