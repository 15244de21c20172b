using System.Net.Http.Json;
using Commerce.Orders;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;
using Tests.Api.Staff;

namespace Tests.Api.Orders;

/// <summary>Fulfilment, refund, cancellation and capture with what they cannot take: a clear code, and the order as it was.</summary>
public class StaffOrderInputTests(StaffOrderInputTests.Shop shop) : IClassFixture<StaffOrderInputTests.Shop>
{
    [Theory]
    [InlineData("fulfilments", """{"lines":[{"position":1,"quantity":0}]}""", 400, "request.invalid")]
    [InlineData("fulfilments", """{"lines":[{"position":1,"quantity":-1}]}""", 400, "request.invalid")]
    [InlineData("fulfilments", """{"lines":[{"position":1,"quantity":1000001}]}""", 400, "request.invalid")]
    [InlineData("fulfilments", """{"lines":[{"position":1,"quantity":99999999999999}]}""", 400, "request.malformed")]
    [InlineData("fulfilments", """{"lines":[{"position":"first","quantity":1}]}""", 400, "request.malformed")]
    [InlineData("fulfilments", """{"lines":[{"position":0,"quantity":1}]}""", 400, "request.invalid")]
    [InlineData("fulfilments", """{"lines":[{"position":2,"quantity":1}]}""", 422, "orders.line-invalid")]
    [InlineData("fulfilments", """{"lines":[{"position":1,"quantity":3}]}""", 422, "orders.line-invalid")]
    [InlineData("fulfilments", """{"lines":[{"position":1,"quantity":1},{"position":1,"quantity":1}]}""", 422, "orders.line-invalid")]
    [InlineData("fulfilments", """{"lines":[null]}""", 400, "request.malformed")]
    [InlineData("fulfilments", """{"lines":[]}""", 400, "request.invalid")]
    [InlineData("fulfilments", """{"trackingUrl":"ftp://dhl.example"}{""", 400, "request.malformed")]
    [InlineData("fulfilments", "", 400, "request.malformed")]
    [InlineData("refunds", """{"amountMinor":0}""", 400, "request.invalid")]
    [InlineData("refunds", """{"amountMinor":-1}""", 400, "request.invalid")]
    [InlineData("refunds", """{"amountMinor":9223372036854775807}""", 422, "payments.refund-too-much")]
    [InlineData("refunds", """{"amountMinor":9223372036854775808}""", 400, "request.malformed")]
    [InlineData("refunds", """{"amountMinor":1.5}""", 400, "request.malformed")]
    [InlineData("refunds", """{"amountMinor":"1"}""", 400, "request.malformed")]
    [InlineData("refunds", """{"lines":[{"position":7,"quantity":1}]}""", 422, "orders.line-invalid")]
    [InlineData("refunds", """{"lines":[{"position":1,"quantity":3}]}""", 422, "orders.line-invalid")]
    [InlineData("refunds", """{"lines":[{"position":1,"quantity":1},{"position":1,"quantity":1}]}""", 422, "orders.line-invalid")]
    [InlineData("refunds", """{"lines":[null]}""", 400, "request.malformed")]
    [InlineData("cancellation", "{}", 400, "request.malformed")]
    [InlineData("cancellation", """{"restock":"yes"}""", 400, "request.malformed")]
    [InlineData("cancellation", """{"restock":null}""", 400, "request.malformed")]
    [InlineData("unsent/cancellation", "{}", 400, "request.malformed")]
    [InlineData("unsent/cancellation", """{"restock":true}""", 409, "orders.nothing-shipped")]
    public async Task What_cannot_be_is_refused_and_the_order_stays_as_it_was(string what, string body, int status, string code)
    {
        var before = await shop.Desk.ReadAsync();
        await RefusedAsync(shop.Desk.Url, what, body, status, code);
        Assert.Equal(before.GetRawText(), (await shop.Desk.ReadAsync()).GetRawText());
    }

    [Theory]
    [InlineData("fulfilments", "{}")]
    [InlineData("refunds", "{}")]
    [InlineData("cancellation", """{"restock":true}""")]
    [InlineData("unsent/cancellation", """{"restock":true}""")]
    [InlineData("capture", null)]
    public async Task Nothing_is_done_to_an_order_by_its_wrong_number_by_an_old_version_or_by_who_may_not(string what, string? body)
    {
        var before = await shop.Desk.ReadAsync();
        foreach (var number in (string[])["OG-0000-0000", "nonsense", Uri.EscapeDataString("OG-'; DROP")])
            await RefusedAsync($"/api/v1/admin/orders/{number}", what, body, 404, OrderRefusals.NotFound);
        await RefusedAsync(shop.Desk.Url, what, body, 412, OrderRefusals.VersionChanged, tag: "\"of another time\"");
        await RefusedAsync(shop.Desk.Url, what, body, 401, "accounts.sign-in-needed", who: shop.Client);
        using var reader = await shop.MachineAsync("orders:read", "stock:write", "catalog:write");
        await RefusedAsync(shop.Desk.Url, what, body, 403, "accounts.forbidden", who: reader);
        if (what is "fulfilments" or "refunds")
        {
            await RefusedAsync(shop.Desk.Url, what, body, 400, "request.malformed", key: null);
            await RefusedAsync(shop.Desk.Url, what, body, 400, "request.invalid", key: "short");
            await RefusedAsync(shop.Desk.Url, what, body, 400, "request.invalid", key: new string('k', 300));
        }
        Assert.Equal(before.GetRawText(), (await shop.Desk.ReadAsync()).GetRawText());
    }

    [Fact]
    public async Task Of_two_who_act_on_the_same_picture_of_an_order_one_is_told()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, quantity: 2);
        var tag = (await shop.Staff.GetAsync(desk.Url)).Headers.ETag!.Tag;
        var answers = await Task.WhenAll(
            desk.PostAsync("fulfilments", new { }, Guid.NewGuid().ToString(), tag),
            desk.PostAsync("refunds", new { }, Guid.NewGuid().ToString(), tag),
            desk.PostAsync("cancellation", new { restock = true }, ifMatch: tag));
        Assert.Single(answers, a => a.IsSuccessStatusCode);
        Assert.All(answers.Where(a => !a.IsSuccessStatusCode), a => Assert.Equal(412, (int)a.StatusCode));
        // A cancellation leaves two lines, for the money goes back; of one request they are all.
        var history = (await desk.ReadAsync()).GetProperty("history").EnumerateArray().Where(e => e.GetProperty("actor").GetProperty("name").GetString() == "staff@shop.test");
        Assert.Single(history.Select(e => (e.GetProperty("traceId").GetString(), e.GetProperty("reason").GetString())).Distinct());
    }

    [Fact]
    public async Task What_is_done_to_an_order_stands_in_its_history_with_who_and_why()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, quantity: 2);
        await ShopApi.OkAsync(desk.PostAsync("refunds", new { lines = new[] { new { position = 1, quantity = 1 } } }, Guid.NewGuid().ToString(), reason: "scratched"));
        Assert.Equal(("refunds.requested", "staff@shop.test", "scratched"), await shop.NewestAuditAsync($"order:{desk.Purchase.Number}"));
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }, reason: "called us"));
        await using var db = shop.Open();
        Assert.True(await db.AuditEntries.AnyAsync(e => e.Subject == $"order:{desk.Purchase.Number}" && e.Action == "orders.cancelled" && e.ActorName == "staff@shop.test" && e.Reason == "called us"));
    }

    private async Task RefusedAsync(string url, string what, string? body, int status, string code, string? tag = null, HttpClient? who = null, string? key = "a key of its own")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/{what}") { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Reason", "because");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        var response = await (who ?? shop.Staff).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{what}: {(int)response.StatusCode} {text}");
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("code").GetString());
    }

    /// <summary>A shop with one paid order of two units that no test here may change.</summary>
    public sealed class Shop(Fixture.PostgresFixture postgres, Fixture.RedisFixture redis) : ShopApi(postgres, redis), IAsyncLifetime
    {
        internal StaffDesk Desk { get; private set; } = null!;

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            Desk = await StaffDesk.PaidAsync(this, Tide, quantity: 2);
            await SettleAsync();
        }
    }
}
