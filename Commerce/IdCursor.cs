using System.Buffers.Text;

namespace Commerce;

/// <summary>A cursor over ids of version 7, which rise with time: base64url of the last item's sixteen bytes.</summary>
public static class IdCursor
{
    public const int Length = 22;

    public static string Write(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    /// <summary>Null for what no list has given out.</summary>
    public static Guid? Read(string cursor)
    {
        Span<byte> bytes = stackalloc byte[16];
        return cursor.Length == Length && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == bytes.Length
            ? new Guid(bytes, bigEndian: true)
            : null;
    }
}
