using System.Text.Json;

namespace Tests.Api.Experiments;

/// <summary>What Stripe did for one order, in minor units. Charges are those that took or hold money.</summary>
internal sealed record StripeMoney(int Charges, long CapturedMinor, long RefundedMinor, long DisputedMinor)
{
    public long HasMinor => CapturedMinor - RefundedMinor + DisputedMinor;
}

/// <summary>The emulator's side of the story, read whole.</summary>
internal sealed class StripeSide
{
    private readonly ILookup<Guid, JsonElement> _charges;
    private readonly ILookup<string, long> _disputed;

    private StripeSide(ILookup<Guid, JsonElement> charges, ILookup<string, long> disputed) => (_charges, _disputed) = (charges, disputed);

    /// <summary>Those somebody was charged for.</summary>
    public IEnumerable<Guid> Orders => _charges.Where(c => c.Any(IsMoney)).Select(c => c.Key);

    public static async Task<StripeSide> ReadAsync(HttpClient stripe)
    {
        var state = await ShopApi.OkAsync(stripe.GetAsync("/_emulator/state"));
        var orderOf = state.GetProperty("payment_intents").EnumerateArray()
            .Where(i => i.GetProperty("metadata").TryGetProperty("order_id", out _))
            .ToDictionary(i => i.GetProperty("id").GetString()!, i => i.GetProperty("metadata").GetProperty("order_id").GetGuid());
        var charges = state.GetProperty("charges").EnumerateArray().Where(c => orderOf.ContainsKey(c.GetProperty("payment_intent").GetString()!));
        var disputed = state.GetProperty("disputes").EnumerateArray().SelectMany(d => d.GetProperty("balance_transactions").EnumerateArray()
            .Select(m => (Charge: d.GetProperty("charge").GetString()!, Amount: m.GetProperty("amount").GetInt64())));
        return new StripeSide(charges.ToLookup(c => orderOf[c.GetProperty("payment_intent").GetString()!]), disputed.ToLookup(d => d.Charge, d => d.Amount));
    }

    public StripeMoney Of(Guid orderId) => new(
        _charges[orderId].Count(IsMoney),
        _charges[orderId].Sum(c => c.GetProperty("amount_captured").GetInt64()),
        _charges[orderId].Sum(c => c.GetProperty("amount_refunded").GetInt64()),
        _charges[orderId].Sum(c => _disputed[c.GetProperty("id").GetString()!].Sum()));

    private static bool IsMoney(JsonElement charge) => charge.GetProperty("status").GetString() == "succeeded";
}
