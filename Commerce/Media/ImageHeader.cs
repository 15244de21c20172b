using System.Buffers.Binary;

namespace Commerce.Media;

/// <summary>What the first bytes of a picture say: its format and its size in pixels.</summary>
public sealed record ImageHeader(string Extension, int Width, int Height)
{
    /// <summary>Pictures wider or higher than this are refused.</summary>
    public const int MaxPixels = 20_000;

    /// <summary>So are pictures with more pixels than this in all: decoded they fill memory, however small the file is.</summary>
    public const long MaxArea = 100_000_000;

    /// <summary>Reads PNG, JPEG and WebP; null for anything else, and for sizes that cannot be.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> file)
    {
        var header = Png(file) ?? WebP(file) ?? Jpeg(file);
        return header is { Width: > 0 and <= MaxPixels, Height: > 0 and <= MaxPixels } && (long)header.Width * header.Height <= MaxArea ? header : null;
    }

    // 89 'PNG' 0D 0A 1A 0A, length, 'IHDR', width, height (big endian). PNG specification, 11.2.1.
    private static ImageHeader? Png(ReadOnlySpan<byte> file) =>
        file.Length >= 24 && file[0] == 0x89 && file[1..8].SequenceEqual("PNG\r\n\u001a\n"u8) && file[12..16].SequenceEqual("IHDR"u8)
            ? new("png", BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]))
            : null;

    // Segments FF xx, length; the frame header (C0 to CF, save C4, C8 and CC) holds precision, height, width. ITU T.81, B.2.2.
    private static ImageHeader? Jpeg(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || file[0] != 0xFF || file[1] != 0xD8) return null;
        var at = 2;
        while (at + 9 < file.Length)
        {
            if (file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == 0xFF) { at++; continue; } // fill byte
            if (marker is 0x01 or >= 0xD0 and <= 0xD7) { at += 2; continue; } // markers without a length
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return new("jpg", BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }
        return null;
    }

    // 'RIFF' size 'WEBP', then VP8 (lossy), VP8L (lossless) or VP8X (extended). RFC 9649.
    private static ImageHeader? WebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30 || !file.StartsWith("RIFF"u8) || !file[8..12].SequenceEqual("WEBP"u8)) return null;
        var chunk = file[12..16];
        if (chunk.SequenceEqual("VP8 "u8))
            return new("webp", BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF);
        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return new("webp", (int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }
        return chunk.SequenceEqual("VP8X"u8)
            ? new("webp", 1 + (file[24] | file[25] << 8 | file[26] << 16), 1 + (file[27] | file[28] << 8 | file[29] << 16))
            : null;
    }
}
