using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Payments;

/// <summary>A member of staff at work on one order, over HTTP.</summary>
internal sealed record StaffDesk(Purchase Purchase)
{
    private ShopApi Shop => Purchase.Shop;

    public string Url => $"/api/v1/admin/orders/{Purchase.Number}";

    /// <summary>An order that was paid, or authorised where the shop captures by hand.</summary>
    public static async Task<StaffDesk> PaidAsync(ShopApi shop, Guid variant, int quantity = 1, string card = "4242424242424242")
    {
        var purchase = await Purchase.PlaceAsync(shop, variant, quantity);
        await purchase.PayAsync(await purchase.OpenSessionAsync(), card);
        await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"));
        return new StaffDesk(purchase);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, string? key = null, string? ifMatch = null, string? reason = "because")
    {
        using var request = new HttpRequestMessage(method, $"{Url}/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        request.Headers.TryAddWithoutValidation("X-Reason", reason ?? "");
        return await Shop.Staff.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null, string? key = null, string? ifMatch = null, string? reason = "because") =>
        SendAsync(HttpMethod.Post, path, body ?? new { }, key, ifMatch, reason);

    public Task<HttpResponseMessage> RefundAsync(object body, string? key = null) => PostAsync("refunds", body, key ?? Guid.NewGuid().ToString());

    public Task<HttpResponseMessage> FulfilAsync(object body, string? key = null) => PostAsync("fulfilments", body, key ?? Guid.NewGuid().ToString());

    public Task<JsonElement> ReadAsync() => ShopApi.OkAsync(Shop.Staff.GetAsync(Url));

    public async Task<Guid> OrderIdAsync()
    {
        await using var db = Shop.Open();
        return await db.Orders.Where(o => o.Number == Purchase.Number).Select(o => o.Id).SingleAsync();
    }

    public async Task<Payment> PaymentAsync()
    {
        await using var db = Shop.Open();
        return await db.Payments.AsNoTracking().SingleAsync(p => db.Orders.Any(o => o.Id == p.OrderId && o.Number == Purchase.Number));
    }

    /// <summary>What Stripe has for this order: captured less refunded, as the emulator tells it.</summary>
    public async Task<long> StripeHasAsync()
    {
        var intent = (await PaymentAsync()).PaymentIntentId;
        var state = await ShopApi.OkAsync(Shop.Stripe.GetAsync("/_emulator/state"));
        return state.GetProperty("charges").EnumerateArray().Where(c => c.GetProperty("payment_intent").GetString() == intent)
            .Sum(c => c.GetProperty("amount_captured").GetInt64() - c.GetProperty("amount_refunded").GetInt64());
    }

    /// <summary>What the shop's ledger says it has for this order.</summary>
    public async Task<long> LedgerHasAsync()
    {
        var id = await OrderIdAsync();
        await using var db = Shop.Open();
        return await db.PaymentMovements.Where(m => m.OrderId == id).SumAsync(m => m.AmountMinor);
    }

    public async Task<int> JobsAsync(string kind)
    {
        var key = $"order:{await OrderIdAsync()}";
        await using var db = Shop.Open();
        return await db.Set<OutboxRow>().CountAsync(r => r.Kind == kind && r.DedupeKey == key);
    }

    public static async Task AssertRefusedAsync(Task<HttpResponseMessage> call, HttpStatusCode status, string code)
    {
        var response = await call;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }
}
