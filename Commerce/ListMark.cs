using System.Security.Cryptography;
using System.Text;

namespace Commerce;

/// <summary>A few bytes that tell the lists apart whose cursors look alike, the same in every process.</summary>
internal static class ListMark
{
    public static void Of(string list, Span<byte> mark) => SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, mark.Length).CopyTo(mark);

    public static bool IsOf(string list, ReadOnlySpan<byte> mark)
    {
        Span<byte> own = stackalloc byte[mark.Length];
        Of(list, own);
        return mark.SequenceEqual(own);
    }
}
