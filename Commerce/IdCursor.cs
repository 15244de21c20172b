using System.Runtime.CompilerServices;

namespace Commerce;

/// <summary>
/// A cursor over ids of version 7, which rise with time: base64url of the last item's sixteen bytes and the mark of its list. A list is known by the method that reads it;
/// without the mark a cursor of one would be a place in every other, and the page that it begins there be taken for the next.
/// </summary>
public static class IdCursor
{
    public const int Length = 24;

    private const int IdSize = 16;
    private const int Size = IdSize + 2;

    public static string Write(Guid id, [CallerMemberName] string list = "")
    {
        Span<byte> bytes = stackalloc byte[Size];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return MarkedCursor.Write(bytes, IdSize, list);
    }

    /// <summary>Null for what this list has not given out.</summary>
    public static Guid? Read(string cursor, [CallerMemberName] string list = "")
    {
        Span<byte> bytes = stackalloc byte[Size];
        return MarkedCursor.TryRead(cursor, bytes, IdSize, list) ? new Guid(bytes[..IdSize], bigEndian: true) : null;
    }
}
