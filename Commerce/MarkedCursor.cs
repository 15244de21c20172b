using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Commerce;

/// <summary>A cursor as text: base64url of a place and the mark of its list, a few bytes that tell the lists apart whose places look alike, the same in every process.</summary>
internal static class MarkedCursor
{
    /// <param name="bytes">The place, and room for the mark behind it.</param>
    /// <param name="placeSize">Bytes of the place.</param>
    /// <param name="list">What the list is called.</param>
    public static string Write(Span<byte> bytes, int placeSize, string list)
    {
        Mark(list, bytes[placeSize..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Fills <paramref name="bytes"/> with the place and its mark; false for what this list has not given out.</summary>
    public static bool TryRead(string cursor, Span<byte> bytes, int placeSize, string list)
    {
        if (cursor.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written) || written != bytes.Length) return false;
        Span<byte> own = stackalloc byte[bytes.Length - placeSize];
        Mark(list, own);
        return bytes[placeSize..].SequenceEqual(own);
    }

    private static void Mark(string list, Span<byte> mark) => SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, mark.Length).CopyTo(mark);
}
