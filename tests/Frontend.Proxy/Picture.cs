using System.Security.Cryptography;
using NetVips;

namespace Tests;

/// <summary>Masters as the importer leaves them: named by the hash of their bytes. Every call makes another picture.</summary>
internal static class Picture
{
    private static int _seed;

    public static string Store(string folder, int width, int height, string extension = "png")
    {
        using var noise = Image.Gaussnoise(width, height, sigma: 30, mean: 120, seed: Interlocked.Increment(ref _seed));
        using var coordinates = Image.Xyz(width, height);
        using var wave = ((coordinates[0] * 0.03).Sin() + 1) * 90;
        using var picture = noise.Bandjoin(wave + (noise * 0.2), noise + (wave * 0.3)).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return Store(folder, picture.WriteToBuffer($".{extension}"), extension);
    }

    public static string StoreTransparent(string folder, int width, int height)
    {
        using var picture = (Image.Black(width, height, bands: 4) + 0).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return Store(folder, picture.PngsaveBuffer(), "png");
    }

    private static string Store(string folder, byte[] bytes, string extension)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Directory.CreateDirectory(Path.Combine(folder, hash[..2]));
        File.WriteAllBytes(Path.Combine(folder, hash[..2], $"{hash}.{extension}"), bytes);
        return hash;
    }
}
