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
    public static async Task<StaffDesk> PaidAsync(ShopApi shop, Guid variant, int quantity = 1, string card = "4242424242424242") =>
        await PaidAsync(await Purchase.PlaceAsync(shop, variant, quantity), card);

    public static async Task<StaffDesk> PaidAsync(Purchase purchase, string card = "4242424242424242")
    {
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

    /// <summary>The refunds that the shopper sees, and what counts as refunded.</summary>
    public async Task<string> SeenAsync()
    {
        var order = await ShopApi.OkAsync(Shop.Client.GetAsync($"/api/v1/orders/{Purchase.Number}?key={Purchase.Key}"));
        var refunds = order.GetProperty("refunds").EnumerateArray().Select(r => $"{r.GetProperty("status").GetString()} {r.GetProperty("amount").GetProperty("amountMinor").GetInt64()}");
        return $"{string.Join(", ", refunds)}; refunded {order.GetProperty("refunded").GetProperty("amountMinor").GetInt64()}";
    }

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

    /// <summary>A payment that somebody makes at Stripe for this order, past its page; its id.</summary>
    public async Task<string> PayAtStripeAsync(string card = "pm_card_visa", string capture = "automatic") =>
        await PayAtStripeAsync(Shop, await OrderIdAsync(), Purchase.TotalMinor, card, capture);

    /// <summary>A second page for this order, made at Stripe past the shop, and paid on; the id of the payment.</summary>
    public async Task<string> PayOnSecondPageAsync()
    {
        var order = (await OrderIdAsync()).ToString();
        var page = (await Shop.StripeAsync(HttpMethod.Post, "/v1/checkout/sessions", new()
        {
            ["mode"] = "payment",
            ["success_url"] = "https://shop.example/",
            ["customer_email"] = "ann@example.com",
            ["metadata[order_id]"] = order,
            ["payment_intent_data[metadata][order_id]"] = order,
            ["line_items[0][quantity]"] = "1",
            ["line_items[0][price_data][currency]"] = "eur",
            ["line_items[0][price_data][unit_amount]"] = $"{Purchase.TotalMinor}",
            ["line_items[0][price_data][product_data][name]"] = "Once more",
        })).GetProperty("id").GetString()!;
        await Purchase.PayAsync(page);
        return (await Shop.StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{page}")).GetProperty("payment_intent").GetString()!;
    }

    /// <inheritdoc cref="PayAtStripeAsync(string, string)"/>
    public static async Task<string> PayAtStripeAsync(ShopApi shop, Guid orderId, long amountMinor, string card = "pm_card_visa", string capture = "automatic") =>
        (await shop.StripeAsync(HttpMethod.Post, "/v1/payment_intents", new()
        {
            ["amount"] = $"{amountMinor}",
            ["currency"] = "eur",
            ["payment_method"] = card,
            ["capture_method"] = capture,
            ["confirm"] = "true",
            ["metadata[order_id]"] = orderId.ToString(),
            ["automatic_payment_methods[enabled]"] = "true",
            ["automatic_payment_methods[allow_redirects]"] = "never",
        })).GetProperty("id").GetString()!;

    /// <summary>What a payment beside the one that counts still holds, as the difference <c>paid-twice</c> says; null while there is none.</summary>
    public async Task<ReconciliationDifference?> SurplusAsync(string intentId)
    {
        await using var db = Shop.Open();
        return await db.ReconciliationDifferences.AsNoTracking().SingleOrDefaultAsync(d => d.Kind == DifferenceKind.PaidTwice && d.StripeId == intentId && d.ResolvedAt == null);
    }

    public static async Task AssertRefusedAsync(Task<HttpResponseMessage> call, HttpStatusCode status, string code)
    {
        var response = await call;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }
}
