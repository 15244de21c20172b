using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api;

/// <summary>A shopper's steps over HTTP.</summary>
internal sealed record Purchase(ShopApi Shop, string Number, string Key, long TotalMinor)
{
    public static async Task<string> FillBasketAsync(ShopApi shop, Guid variant, int quantity = 1)
    {
        var basket = await TryFillBasketAsync(shop, variant, quantity);
        Assert.NotNull(basket);
        return basket;
    }

    /// <summary>Null when the shop does not have that many.</summary>
    public static async Task<string?> TryFillBasketAsync(ShopApi shop, Guid variant, int quantity = 1)
    {
        var basket = (await ShopApi.OkAsync(shop.Client.PostAsync("/api/v1/baskets", null))).GetProperty("id").GetString()!;
        using var answer = await shop.Client.PutAsJsonAsync($"/api/v1/baskets/{basket}/lines/{variant}", new { quantity });
        if (answer.StatusCode == HttpStatusCode.Conflict) return null;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return basket;
    }

    public static async Task<HttpResponseMessage> SendOrderAsync(ShopApi shop, string basketId, string? key = null, object? expectedTotal = null)
    {
        using var request = Order(basketId, key, expectedTotal);
        return await shop.Client.SendAsync(request);
    }

    public static HttpRequestMessage Order(string basketId, string? key = null, object? expectedTotal = null, string email = "ann@example.com", string countryCode = "DE") => new(HttpMethod.Post, "/api/v1/orders")
    {
        Headers = { { "Idempotency-Key", key ?? Guid.NewGuid().ToString() } },
        Content = JsonContent.Create(new
        {
            basketId,
            email,
            shippingAddress = new { name = "Ann Öztürk", line1 = "Straße 1", postalCode = "10115", city = "Berlin", countryCode },
            expectedTotal,
        }),
    };

    public static async Task<Purchase> PlaceAsync(ShopApi shop, Guid variant, int quantity = 1) => await PlaceAsync(shop, await FillBasketAsync(shop, variant, quantity));

    public static async Task<Purchase> PlaceAsync(ShopApi shop, string basketId)
    {
        var response = await SendOrderAsync(shop, basketId);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var order = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new Purchase(shop, order.GetProperty("number").GetString()!, order.GetProperty("key").GetString()!,
            order.GetProperty("total").GetProperty("amountMinor").GetInt64());
    }

    public async Task<HttpResponseMessage> SendAsync(string what) => await Shop.Client.PostAsync($"/api/v1/orders/{Number}/{what}?key={Key}", null);

    /// <summary>Id of the Checkout Session, which is the last part of its address.</summary>
    public async Task<string> OpenSessionAsync() => (await ShopApi.OkAsync(SendAsync("payment-session"))).GetProperty("url").GetString()!.Split('/')[^1];

    /// <summary>After an outage: waits for the circuit breaker to let calls through again.</summary>
    public async Task<string> OpenSessionOnceItWorksAsync()
    {
        for (var i = 0; i < 100 && (await SendAsync("payment-session")).StatusCode == HttpStatusCode.ServiceUnavailable; i++) await Task.Delay(200);
        return await OpenSessionAsync();
    }

    /// <summary>Types a test card into the payment page.</summary>
    public async Task PayAsync(string sessionId, string card = "4242424242424242")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["number"] = card, ["expiry"] = "12/40", ["cvc"] = "123", ["name"] = "Ann" });
        var response = await Shop.Stripe.PostAsync($"/c/pay/{sessionId}", form);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    public async Task<string> StatusAsync() =>
        (await ShopApi.OkAsync(Shop.Client.GetAsync($"/api/v1/orders/{Number}?key={Key}"))).GetProperty("status").GetString()!;

    /// <summary>What merchants' systems that listened when it was placed are told of it, in order.</summary>
    public async Task<List<string>> EventsAsync()
    {
        await using var db = Shop.Open();
        var order = await db.Orders.AsNoTracking().Include(o => o.Refunds).SingleAsync(o => o.Number == Number);
        Guid[] subjects = [order.Id, .. order.Refunds.Select(r => r.Id)];
        var told = await db.Set<OutboxRow>().AsNoTracking().Where(r => r.Kind == JobKinds.PublishEvent).OrderBy(r => r.Id).ToListAsync();
        return [.. told.Select(row => JsonElement.Parse(row.Arguments)).Where(e => subjects.Contains(e.GetProperty("subjectId").GetGuid())).Select(e => e.GetProperty("type").GetString()!)];
    }

    /// <summary>Paid, its stock sold and one receipt to be sent in its trace: each exactly once.</summary>
    public async Task AssertPaidOnceAsync(int quantity)
    {
        await using var db = Shop.Open();
        var order = await db.Orders.Include(o => o.Payment).SingleAsync(o => o.Number == Number);
        Assert.Equal((OrderStatus.Paid, PaymentStatus.Paid), (order.Status, order.Payment!.Status));
        var receipt = await db.Set<OutboxRow>().SingleAsync(r => r.Kind == JobKinds.SendReceipt && r.DedupeKey == $"order:{order.Id}");
        Assert.Equal(order.TraceParent, receipt.TraceParent);
        var movements = await db.StockMovements.Where(m => m.OrderId == order.Id).OrderBy(m => m.Id).ToListAsync();
        Assert.Equal([(MovementKind.Reserved, 0, quantity), (MovementKind.Sold, -quantity, -quantity)], movements.Select(m => (m.Kind, m.OnHandChange, m.ReservedChange)));
    }
}
