using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Tests.Api.Experiments;

/// <summary>What a buyer was told of an order; nothing, where the answer was lost. Times are since the history began.</summary>
internal sealed record Told(string Key, string BasketId, HttpStatusCode? Status, string Body, TimeSpan From, TimeSpan To)
{
    public bool IsOrder => Status == HttpStatusCode.Created;

    /// <summary>Whether the buyer knows no more than before: no answer, or one that says to ask again.</summary>
    public bool IsOpen => Status is null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError || Code == global::Commerce.Orders.OrderRefusals.InFlight;

    /// <summary>Of a refusal.</summary>
    public string? Code => IsOrder || Body.Length == 0 || Body[0] != '{' ? null : Parse().TryGetProperty("code", out var code) ? code.GetString() : null;

    public TimeSpan Took => To - From;

    public JsonElement Parse() => JsonDocument.Parse(Body).RootElement;

    public Purchase Purchase(ShopApi shop) =>
        new(shop, Parse().GetProperty("number").GetString()!, Parse().GetProperty("key").GetString()!, Parse().GetProperty("total").GetProperty("amountMinor").GetInt64());
}

/// <summary>Everything the driver of an experiment was told, for the <see cref="Checker"/> to hold against what became of it.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Told> _told = [];
    private readonly ConcurrentQueue<string> _paid = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public IReadOnlyCollection<Told> Told => _told;

    /// <summary>Numbers of the orders whose buyers saw their card accepted.</summary>
    public IReadOnlyCollection<string> Paid => _paid;

    /// <summary>Sends an order and notes what comes back, or that nothing does.</summary>
    public Task<Told> PlaceAsync(HttpClient node, string basketId, string? key = null, string email = "ann@example.com")
    {
        key ??= Guid.NewGuid().ToString();
        return NoteAsync(key, basketId, async () =>
        {
            using var request = Purchase.Order(basketId, key, email: email);
            using var response = await node.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        });
    }

    private async Task<Told> NoteAsync(string key, string basketId, Func<Task<(HttpStatusCode Status, string Body)>> order)
    {
        var from = _clock.Elapsed;
        Told told;
        try
        {
            var (status, body) = await order();
            told = new Told(key, basketId, status, body, from, _clock.Elapsed);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or TaskCanceledException)
        {
            told = new Told(key, basketId, null, lost.Message, from, _clock.Elapsed);
        }
        Add(told);
        return told;
    }

    public void Add(Told told) => _told.Enqueue(told);

    /// <summary>Asks again under the same key until there is an answer.</summary>
    public Task<Told> InsistAsync(HttpClient node, string basketId, string key) => InsistAsync(() => PlaceAsync(node, basketId, key));

    /// <summary>The same for a buyer in a crowd.</summary>
    public Task<Told> InsistAsync(Buyer buyer, string basketId, string key) => InsistAsync(() => NoteAsync(key, basketId, () => buyer.OrderAsync(basketId, key)));

    private static async Task<Told> InsistAsync(Func<Task<Told>> place)
    {
        var told = await place();
        for (var i = 0; told.IsOpen && i < 200; i++, told = await place()) await Task.Delay(50);
        return told;
    }

    /// <summary>Pays with a card; false when the page can no longer be paid.</summary>
    public async Task<bool> PayAsync(Purchase purchase, string sessionId, string card = "4242424242424242")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["number"] = card, ["expiry"] = "12/40", ["cvc"] = "123", ["name"] = "Ann" });
        using var response = await purchase.Shop.Stripe.PostAsync($"/c/pay/{sessionId}", form);
        var isPaid = response.StatusCode == HttpStatusCode.SeeOther && !response.Headers.Location!.OriginalString.EndsWith("/challenge", StringComparison.Ordinal);
        if (isPaid) _paid.Enqueue(purchase.Number);
        return isPaid;
    }

    /// <summary>Whether any two requests of one group were under way at the same time: then it was a race.</summary>
    public static bool HasRaced(IEnumerable<IEnumerable<Told>> groups) => groups.Any(group =>
    {
        var ordered = group.OrderBy(t => t.From).ToList();
        return ordered.Zip(ordered.Skip(1)).Any(pair => pair.Second.From < pair.First.To);
    });

    /// <summary>In milliseconds.</summary>
    public static double Percentile(IEnumerable<TimeSpan> times, double percent)
    {
        var ordered = times.Order().ToList();
        return ordered.Count == 0 ? 0 : ordered[Math.Min(ordered.Count - 1, (int)(ordered.Count * percent / 100))].TotalMilliseconds;
    }
}
