using Local.Demo.Numbers;

namespace Local.Demo.Print;

/// <summary>A plate while it prints: looks up coverage, breaks it up with the ink's texture and lays it on the colour below.</summary>
internal readonly unsafe struct Film
{
    private readonly byte* _coverage;
    private readonly int _stride, _width, _height, _shiftX, _shiftY, _textureX, _textureY;
    private readonly float _r, _g, _b, _density, _grain;
    private readonly bool _opaque;

    public Film(Plate plate, Rng press)
    {
        fixed (byte* start = plate.Coverage) _coverage = start;
        (_stride, _width, _height) = (plate.Stride, plate.Sheet.PixelWidth, plate.Sheet.PixelHeight);
        (_shiftX, _shiftY) = ((int)MathF.Round(plate.Shift.X * plate.Sheet.Scale), (int)MathF.Round(plate.Shift.Y * plate.Sheet.Scale));
        (_textureX, _textureY) = (press.Int(1024), press.Int(1024));
        (_density, _grain, _opaque) = (plate.Density, plate.Grain, plate.Opaque);
        var unit = plate.Opaque ? 1f : 1 / 255f;
        (_r, _g, _b) = (plate.Ink.Red * unit, plate.Ink.Green * unit, plate.Ink.Blue * unit);
    }

    public void Print(int x, int y, int fibre, ref float r, ref float g, ref float b)
    {
        var (fromX, fromY) = (x + _shiftX, y + _shiftY);
        if ((uint)fromX >= (uint)_width || (uint)fromY >= (uint)_height) return;
        int raw = _coverage[(fromY * _stride) + fromX];
        if (raw == 0) return;
        var at = Grain.At(x + _textureX, y + _textureY);
        int speck = Grain.Speck[at];
        var c = raw * (1 / 255f);
        if (raw < 255)
        {
            int dust = Grain.Dust[at];
            var broken = Maths.Clamp01(((raw - dust) * (1 / 80f)) + 0.5f);
            c += (broken - c) * (_grain > 0 ? _grain : 0.18f);
        }

        c *= _density * (0.94f + (Grain.Mottle[at] * (0.06f / 255)));
        if (speck < 9) c *= 0.72f + (fibre * 0.004f);
        if (_opaque)
        {
            (r, g, b) = (r + ((_r - r) * c), g + ((_g - g) * c), b + ((_b - b) * c));
            return;
        }

        (r, g, b) = (r * (1 - (c * (1 - _r))), g * (1 - (c * (1 - _g))), b * (1 - (c * (1 - _b))));
    }
}
