using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Commerce;

/// <summary>A cursor over rows numbered by PostgreSQL: base64url of the last item's number, as eight bytes, and the mark of its list, as <see cref="IdCursor"/> has one.</summary>
public static class RowCursor
{
    public const int Length = 12;

    private const int Size = sizeof(long) + 1;

    public static string Write(long id, [CallerMemberName] string list = "")
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        ListMark.Of(list, bytes[sizeof(long)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for what this list has not given out.</summary>
    public static long? Read(string cursor, [CallerMemberName] string list = "")
    {
        Span<byte> bytes = stackalloc byte[Size];
        return cursor.Length == Length && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == Size && ListMark.IsOf(list, bytes[sizeof(long)..])
            ? BinaryPrimitives.ReadInt64BigEndian(bytes)
            : null;
    }
}
