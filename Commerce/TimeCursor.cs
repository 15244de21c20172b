using System.Buffers.Binary;
using System.Buffers.Text;

namespace Commerce;

/// <summary>A cursor over a moment and, where moments are equal, an id: base64url of the last item's ticks and its id's sixteen bytes.</summary>
public static class TimeCursor
{
    public const int Length = 32;

    public static string Write(DateTimeOffset at, Guid id)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.UtcTicks);
        id.TryWriteBytes(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for what no list has given out.</summary>
    public static (DateTimeOffset At, Guid Id)? Read(string cursor)
    {
        Span<byte> bytes = stackalloc byte[24];
        if (cursor.Length != Length || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written) || written != bytes.Length) return null;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks < DateTimeOffset.UnixEpoch.Ticks || ticks > DateTimeOffset.MaxValue.Ticks ? null : (new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..]));
    }
}
