using System.Buffers.Text;

namespace Commerce;

/// <summary>A cursor over rows numbered by PostgreSQL: base64url of the last item's number, as eight bytes.</summary>
public static class RowCursor
{
    private const int Length = 11;

    public static string Write(long id) => Base64Url.EncodeToString(BitConverter.GetBytes(id));

    /// <summary>Null for what no list has given out.</summary>
    public static long? Read(string cursor)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return cursor.Length == Length && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == bytes.Length
            ? BitConverter.ToInt64(bytes)
            : null;
    }
}
