using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Commerce.Orders;

/// <summary>
/// The first answer given under an Idempotency-Key, written in the transaction of its effect and replayed word for word: for orders refusals included; for changes of
/// stock, whose keys are <see cref="StockAttempt"/>'s, only what was done.
/// </summary>
public sealed class IdempotencyRecord
{
    public const int MaxKeyLength = 255;

    public required string Key { get; init; }

    /// <summary>SHA-256 of the request, so that the same key with another request is noticed.</summary>
    public required string Fingerprint { get; init; }

    public required bool Refused { get; init; }

    /// <summary>JSON of the <see cref="OrderView"/> or <see cref="StockLevel"/>, or of the <see cref="Refusal"/>.</summary>
    public required string Answer { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The <see cref="Fingerprint"/> of a request.</summary>
    internal static string FingerprintOf(object wish) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(wish)));

    /// <summary>The 64-bit name of the advisory lock that serialises requests under one key.</summary>
    public static long LockId(string key) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"orders:{key}")));
}

internal sealed class IdempotencyMapping : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_records");
        builder.HasKey(r => r.Key);
        builder.Property(r => r.Key).HasMaxLength(IdempotencyRecord.MaxKeyLength);
        builder.Property(r => r.Fingerprint).HasMaxLength(64);
        builder.HasIndex(r => r.CreatedAt).HasMethod("brin"); // only the housekeeping reads it, and rows lie in the order they came in
    }
}
