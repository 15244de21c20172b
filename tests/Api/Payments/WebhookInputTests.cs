using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Payments;

/// <summary>What Stripe, or somebody else, puts into the letter box.</summary>
public class WebhookInputTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Two_events_in_one_millisecond_each_delivered_ten_times_at_once_are_stored_once_and_leave_one_job_each()
    {
        var moment = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string[] ids = [$"evt_{_id}_a", $"evt_{_id}_b"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(Event(ids[i % 2], moment), moment)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await using var db = shop.Open();
        Assert.Equal(ids, await db.StripeEvents.Where(e => ids.Contains(e.Id)).OrderBy(e => e.Id).Select(e => e.Id).ToListAsync());
        Assert.Equal(ids, await db.Set<OutboxRow>().Where(r => r.Kind == JobKinds.ApplyStripeEvent && ids.Contains(r.DedupeKey!)).OrderBy(r => r.DedupeKey).Select(r => r.DedupeKey).ToListAsync());
    }

    [Fact]
    public async Task A_declined_and_a_paid_card_leave_the_events_that_the_watchdog_counts()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        var session = await purchase.OpenSessionAsync();
        var orderId = (await new StaffDesk(purchase).OrderIdAsync()).ToString();
        using (var declined = new FormUrlEncodedContent(new Dictionary<string, string> { ["number"] = "4000000000000002", ["expiry"] = "12/40", ["cvc"] = "123", ["name"] = "Ann" }))
            await shop.Stripe.PostAsync($"/c/pay/{session}", declined);
        await shop.WaitForEventAsync("payment_intent.payment_failed", orderId);
        await purchase.PayAsync(session);
        await shop.WaitForEventAsync("payment_intent.succeeded", orderId);
    }

    public static TheoryData<string> TooLong =>
    [
        .. new[]
        {
            """{"id":"LONG","type":"checkout.session.completed","data":{"object":{"id":"cs_1"}}}""",
            """{"id":"evt_1","type":"LONG","data":{"object":{"id":"cs_1"}}}""",
            """{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"LONG"}}}""",
        }.Select(body => body.Replace("LONG", new string('x', 5000), StringComparison.Ordinal)),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"evt_1","type":"checkout.session.completed"}""")]
    [InlineData("""{"id":"evt_1","type":"checkout.session.completed","data":null}""")]
    [InlineData("""{"id":"evt_1","type":"checkout.session.completed","data":{"object":[]}}""")]
    [InlineData("""{"id":null,"type":"checkout.session.completed","data":{"object":{"id":"cs_1"}}}""")]
    [InlineData("""{"id":"evt_1","type":null,"data":{"object":{"id":"cs_1"}}}""")]
    [InlineData("""{"id":7,"type":"checkout.session.completed","data":{"object":{"id":"cs_1"}}}""")]
    [InlineData("""{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1"}}""")]
    [MemberData(nameof(TooLong))]
    public async Task What_is_no_event_is_refused_even_when_its_signature_is_right_and_nothing_is_stored(string body)
    {
        await AssertRefusedAsync(SendAsync(body, DateTimeOffset.UtcNow.ToUnixTimeSeconds()), "payments.event-invalid");
        await using var db = shop.Open();
        Assert.False(await db.StripeEvents.AnyAsync(e => e.Payload == body || e.Id == "evt_1")); // the emulator's own may come in meanwhile
    }

    [Fact]
    public async Task An_event_is_refused_when_it_was_signed_long_ago_by_somebody_else_or_for_another_body()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await AssertRefusedAsync(SendAsync(Event($"evt_{_id}", now), now - 600));
        await AssertRefusedAsync(SendAsync(Event($"evt_{_id}", now), now, secret: "whsec_another"));
        await AssertRefusedAsync(SendAsync(Event($"evt_{_id}", now), now, signed: Event($"evt_{_id}_x", now)));
        await AssertRefusedAsync(shop.Client.PostAsync("/webhooks/stripe", new StringContent(Event($"evt_{_id}", now))));
        await using var db = shop.Open();
        Assert.False(await db.StripeEvents.AnyAsync(e => e.Id.StartsWith($"evt_{_id}")));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(new string(' ', 600 * 1024), now)).StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string body, long at, string secret = "whsec_test", string? signed = null)
    {
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at}.{signed ?? body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Stripe-Signature", $"t={at},v1={Convert.ToHexStringLower(hash)}");
        return await shop.Client.SendAsync(request);
    }

    private static string Event(string id, long created) =>
        JsonSerializer.Serialize(new { id, @object = "event", type = "checkout.session.completed", created, data = new { @object = new { id = "cs_nobody", @object = "checkout.session" } } });

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> call, string code = "payments.signature-invalid")
    {
        var response = await call;
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
