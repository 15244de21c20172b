using System.Buffers.Binary;
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
        return MarkedCursor.Write(bytes, sizeof(long), list);
    }

    /// <summary>Null for what this list has not given out.</summary>
    public static long? Read(string cursor, [CallerMemberName] string list = "")
    {
        Span<byte> bytes = stackalloc byte[Size];
        return MarkedCursor.TryRead(cursor, bytes, sizeof(long), list) ? BinaryPrimitives.ReadInt64BigEndian(bytes) : null;
    }
}
