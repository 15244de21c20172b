using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Bench.Load;
using Bench.Measuring;

namespace Bench.Servers;

/// <summary>Everything an order passes: the Api, the Stripe emulator and a worker, each in a process of its own, and shoppers who buy over HTTP.</summary>
internal sealed class CheckoutFloor : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Card = new() { ["number"] = "4242424242424242", ["expiry"] = "12/40", ["cvc"] = "123", ["name"] = "Ann" };

    private readonly Laboratory _laboratory;
    private readonly Shop _shop;
    private readonly Child _stripe;
    private readonly Child _api;
    private readonly Child _worker;
    private readonly HttpClient _http;
    private readonly HttpClient _bank;

    private CheckoutFloor(Laboratory laboratory, Shop shop, Child stripe, Child api, Child worker)
    {
        (_laboratory, _shop, _stripe, _api, _worker) = (laboratory, shop, stripe, api, worker);
        _http = new HttpClient { BaseAddress = api.Address };
        _bank = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = stripe.Address };
    }

    /// <param name="laboratory">Where.</param>
    /// <param name="shop">Whose catalogue.</param>
    /// <param name="connectionString">How Api and worker reach its database.</param>
    /// <param name="redis">Which Redis.</param>
    /// <param name="more">Further settings of Api and worker.</param>
    public static async Task<CheckoutFloor> OpenAsync(Laboratory laboratory, Shop shop, string connectionString, string redis, params (string, string)[] more)
    {
        var port = Child.FreePort();
        var folder = Path.Combine(laboratory.Folder, $"stripe-{port}");
        var stripe = await Child.StartAsync("stripe", "Local.Stripe", laboratory.Folder, [], 0,
            ("Stripe__DataFolder", folder), ("Stripe__WebhookUrl", $"http://127.0.0.1:{port}/webhooks/stripe"), ("Stripe__WebhookSecret", Laboratory.WebhookSecret),
            ("Logging__LogLevel__Default", "Error"));
        (string, string)[] settings = [.. await laboratory.ServiceAsync(connectionString, redis), ("Stripe__ApiBase", stripe.Address.ToString()), .. more];
        var api = await Child.StartAsync("api", "Api", laboratory.Folder, [], port, settings);
        var worker = await Child.StartAsync("worker", "Bench", laboratory.Folder, ["worker"], 0, settings);
        return laboratory.Keep(new CheckoutFloor(laboratory, shop, stripe, api, worker));
    }

    /// <summary>Of Api, worker and PostgreSQL; neither the emulator's nor the shoppers'.</summary>
    public TimeSpan Cpu() => CpuTime.Of(_api.ProcessId, _worker.ProcessId) + CpuTime.OfTree(_laboratory.PostgresId);

    /// <summary>Empties the emulator, which remembers every payment.</summary>
    public async Task ResetAsync() => (await _bank.PostAsync("/_emulator/reset", null)).EnsureSuccessStatusCode();

    /// <summary>So many shoppers buy one order after the other; the turn ends when every order is paid.</summary>
    public async Task<Work> RunAsync(int buyers, TimeSpan window)
    {
        var started = Stopwatch.GetTimestamp();
        var work = await ClosedLoop.RunAsync(buyers, window, async buyer => await BuyAsync(buyer + 1));
        await SettledAsync();
        return work with { Took = Stopwatch.GetElapsedTime(started) };
    }

    /// <summary>From an empty basket to the card.</summary>
    public async Task BuyAsync(int product)
    {
        var basket = (await AskAsync(_http.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString();
        await AskAsync(_http.PutAsync($"/api/v1/baskets/{basket}/lines/{Shop.FirstVariant(product)}", Json(new { quantity = 1 })));
        await AskAsync(_http.GetAsync($"/api/v1/shipping-rates?countryCode=DE&basketId={basket}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
            Content = Json(new { basketId = basket, email = "ann@example.com", shippingAddress = new { name = "Ann", line1 = "Street 1", postalCode = "10115", city = "Berlin", countryCode = "DE" } }),
        };
        var order = await AskAsync(_http.SendAsync(request));
        var address = $"/api/v1/orders/{order.GetProperty("number").GetString()}/payment-session?key={order.GetProperty("key").GetString()}";
        var session = (await AskAsync(_http.PostAsync(address, null))).GetProperty("url").GetString()!.Split('/')[^1];
        using var card = new FormUrlEncodedContent(Card);
        using var paid = await _bank.PostAsync($"/c/pay/{session}", card);
        if (paid.StatusCode != HttpStatusCode.SeeOther) throw new InvalidOperationException($"The card was not taken: {paid.StatusCode}");
    }

    /// <summary>Waits until every order is paid and no job is left that is due.</summary>
    public async Task SettledAsync()
    {
        var clock = Stopwatch.StartNew();
        while (await _shop.ReadAsync<bool>("""
            SELECT EXISTS (SELECT 1 FROM orders WHERE status = 'AwaitingPayment')
                OR EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND run_after <= now()) OR EXISTS (SELECT 1 FROM outbox WHERE state IN ('dispatched', 'running'))
            """))
        {
            if (clock.Elapsed > Patience) throw new InvalidOperationException("Some orders never became paid.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _bank.Dispose();
        foreach (var child in new[] { _worker, _api, _stripe }) await child.DisposeAsync();
    }

    private static async Task<JsonElement> AskAsync(Task<HttpResponseMessage> call)
    {
        using var response = await call;
        var body = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
        using var json = JsonDocument.Parse(body);
        return json.RootElement.Clone();
    }

    private static ByteArrayContent Json(object value) => new(JsonSerializer.SerializeToUtf8Bytes(value)) { Headers = { ContentType = new("application/json") } };
}
