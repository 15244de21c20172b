using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Audit;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;

namespace Commerce.Stock;

/// <summary>Who changes stock, and why.</summary>
/// <param name="Reason">In the actor's own words, for the ledger and the audit trail.</param>
/// <param name="IdempotencyKey">The caller's name for this attempt: under one key a variant's stock is changed once. Null: the caller will not repeat it.</param>
public sealed record StockInstruction(Actor By, string? Reason = null, string? IdempotencyKey = null);

/// <summary>
/// One change of a variant's stock under its name. A caller who gives none gets one of its own all the same: the execution strategy begins anew when the answer
/// to a COMMIT is lost, and must find what it has done.
/// </summary>
internal sealed class StockAttempt(Guid variantId, object wish, string? idempotencyKey)
{
    // Hashed, because a caller's key may be as long as the column; with the variant, because that is what is locked.
    private readonly string _key = $"stock:{variantId:N}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey ?? Guid.NewGuid().ToString())))}";
    private readonly string _fingerprint = IdempotencyRecord.FingerprintOf(wish);

    /// <summary>What was answered under this name before; null when nothing was. The variant's stock is locked by the caller.</summary>
    public async Task<Outcome<StockLevel>?> FindAnswerAsync(ShopDb db, CancellationToken cancellation)
    {
        if (await db.IdempotencyRecords.AsNoTracking().FirstOrDefaultAsync(r => r.Key == _key, cancellation) is not { } record) return null;
        return record.Fingerprint == _fingerprint ? JsonSerializer.Deserialize<StockLevel>(record.Answer)! : OrderRefusals.Reused();
    }

    /// <summary>Adds the answer to the unit of work that it is the answer to.</summary>
    public void Remember(ShopDb db, StockLevel answer, DateTimeOffset now) => db.IdempotencyRecords.Add(new IdempotencyRecord
    {
        Key = _key,
        Fingerprint = _fingerprint,
        Refused = false,
        Answer = JsonSerializer.Serialize(answer),
        CreatedAt = now,
    });
}
