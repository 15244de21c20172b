using System.Buffers;
using System.Buffers.Text;
using System.ComponentModel;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Hybrid;

namespace Commerce.Catalog.Caching;

/// <summary>An answer as it goes over the wire: UTF-8 JSON and its entity tag. Never changed, so that every request shares the same bytes.</summary>
[ImmutableObject(true)]
public sealed class CachedAnswer(byte[] utf8)
{
    public ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>Strong, quoted: the first 128 bits of the SHA-256 of the bytes.</summary>
    public string ETag { get; } = $"\"{Base64Url.EncodeToString(SHA256.HashData(utf8).AsSpan(0, 16))}\"";
}

internal sealed class CachedAnswerSerializer : IHybridCacheSerializer<CachedAnswer>
{
    public CachedAnswer Deserialize(ReadOnlySequence<byte> source) => new(source.ToArray());

    public void Serialize(CachedAnswer value, IBufferWriter<byte> target) => target.Write(value.Utf8.Span);
}
