using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Commerce.Media;

/// <summary>Configuration section <c>Media</c>.</summary>
public sealed class MediaOptions
{
    /// <summary>Where the masters lie; created if missing.</summary>
    [Required]
    public string Folder { get; set; } = "";
}

/// <summary>A master in the store.</summary>
public sealed record StoredImage(string Hash, int Width, int Height);

/// <summary>
/// The masters of all pictures, each once, under the SHA-256 of its bytes: <c>{folder}/{first two digits}/{hash}.{ext}</c>.
/// The proxy derives sizes and formats from them on demand.
/// </summary>
public sealed class MediaStore(IOptions<MediaOptions> options)
{
    /// <summary>Bytes; larger files are refused.</summary>
    public const int MaxBytes = 25 * 1024 * 1024;

    /// <summary>Bytes; the size of a picture is told before.</summary>
    private const int MaxHeaderBytes = 1024 * 1024;

    /// <summary>Keeps the picture; null when the bytes are no PNG, JPEG or WebP, or not all of one.</summary>
    public async Task<StoredImage?> KeepAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        if (ImageHeader.Read(file.Span) is not { } header) return null;
        var hash = Convert.ToHexStringLower(SHA256.HashData(file.Span));
        var folder = Path.Combine(Folder, hash[..2]);
        var path = Path.Combine(folder, $"{hash}.{header.Extension}");
        if (!File.Exists(path))
        {
            if (!await PictureDecoder.CanDecodeAsync(file, cancellation)) return null;
            Directory.CreateDirectory(folder);
            var draft = Path.Combine(folder, $".{Guid.NewGuid():N}");
            await File.WriteAllBytesAsync(draft, file, cancellation);
            File.Move(draft, path, overwrite: true); // readers see the whole file or none
        }
        return new StoredImage(hash, header.Width, header.Height);
    }

    /// <summary>A master by its file name, <c>{hash}.{ext}</c>; null when there is none.</summary>
    public async Task<StoredImage?> FindAsync(string name, CancellationToken cancellation)
    {
        var hash = Path.GetFileNameWithoutExtension(name);
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower) || PathOf(hash) is not { } path) return null;
        await using var file = File.OpenRead(path);
        var start = new byte[(int)Math.Min(file.Length, MaxHeaderBytes)];
        await file.ReadExactlyAsync(start, cancellation);
        return ImageHeader.Read(start) is { } header ? new StoredImage(hash, header.Width, header.Height) : null;
    }

    /// <summary>Where a master lies; null when there is none.</summary>
    public string? PathOf(string hash)
    {
        var folder = Path.Combine(Folder, hash[..2]);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{hash}.*").FirstOrDefault() : null;
    }

    private string Folder => options.Value.Folder is { Length: > 0 } folder
        ? folder
        : throw new InvalidOperationException("Media__Folder is not set: there is no place for the masters of the pictures.");
}
