using System.Diagnostics;
using System.Text.Json;
using Commerce.Baskets;

namespace Commerce.Orders;

/// <summary>The wish to order a basket.</summary>
/// <param name="IdempotencyKey">Chosen by the client, one per attempt: under one key there is at most one order and one answer.</param>
/// <param name="ExpectedTotal">What the shopper was shown; another total is refused instead of charged. Null: whatever it costs.</param>
/// <param name="ShippingCode">The chosen method of sending; null: the shop's first that fits.</param>
/// <param name="Shopper">Who asks. Not part of what a key stands for: a session may end between an attempt and its repetition.</param>
public sealed record PlaceOrder(string IdempotencyKey, string BasketId, string Email, Address ShippingAddress, Money? ExpectedTotal, string? ShippingCode = null, Shopper Shopper = default)
{
    internal string Fingerprint() => IdempotencyRecord.FingerprintOf(new { BasketId, Email, ShippingAddress, ExpectedTotal, ShippingCode });
}

/// <summary>A wish on its way into a batch, with the trace of the request it came in.</summary>
internal sealed record Placing(PlaceOrder Wish)
{
    public string Fingerprint { get; } = Wish.Fingerprint();
    public string? TraceParent { get; } = Activity.Current?.Id;
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;
}

/// <summary>What was answered under the key, now or the first time.</summary>
/// <param name="Answer">JSON of the <see cref="OrderView"/>; null when refused.</param>
public sealed record PlacingAnswer(string? Answer, Refusal? Refusal)
{
    internal static PlacingAnswer Replay(IdempotencyRecord record, string fingerprint)
    {
        if (record.Fingerprint != fingerprint)
            return new(null, new Refusal(OrderRefusals.KeyReused, "This Idempotency-Key was used for another request."));
        return record.Refused
            ? new(null, JsonSerializer.Deserialize<Refusal>(record.Answer, OrderView.Json))
            : new(record.Answer, null);
    }
}

/// <summary>The shop takes no more orders at this moment: the queue in front of the stock is full. Trying again a little later is right.</summary>
public sealed class OrderQueueFullException() : Exception("The queue of orders is full.");
