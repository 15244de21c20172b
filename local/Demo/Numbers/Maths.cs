using System.Runtime.CompilerServices;

namespace Local.Demo.Numbers;

/// <summary>Small functions of the drawing code; sine is a polynomial, so pictures do not depend on the C library's.</summary>
internal static class Maths
{
    public const float Tau = 6.2831853f;
    public const float Golden = 2.3999632f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fade(float t) => t * t * t * ((t * ((t * 6) - 15)) + 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Mix(float a, float b, float t) => a + ((b - a) * t);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp01(float v) => v < 0 ? 0 : v > 1 ? 1 : v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smooth(float from, float to, float v)
    {
        var t = Clamp01((v - from) / (to - from));
        return t * t * (3 - (2 * t));
    }

    /// <summary>Sine of radians; error below 2e-6, odd polynomial on [-pi/2, pi/2] after range reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sin(float radians)
    {
        var turns = radians * 0.15915494f;
        turns -= MathF.Floor(turns + 0.5f);
        var folded = turns > 0.25f ? 0.5f - turns : turns < -0.25f ? -0.5f - turns : turns;
        var x = folded * Tau;
        var s = x * x;
        return x * (1 + (s * (-0.16666667f + (s * (0.0083333310f + (s * (-0.00019840874f + (s * 2.7525562e-6f))))))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cos(float radians) => Sin(radians + 1.5707963f);
}
