using System.Net;
using System.Text;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api;

public class PaymentTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string Completed = "checkout.session.completed";

    [Fact]
    public async Task A_paid_order_takes_its_stock_and_leaves_one_receipt_whoever_tells_of_it()
    {
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide, 2);
        var session = await purchase.OpenSessionAsync();
        Assert.Equal(session, await purchase.OpenSessionAsync());
        Assert.Equal("awaiting-payment", (await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"))).GetProperty("status").GetString());
        await purchase.PayAsync(session);
        await shop.EventAsync(session, Completed);
        await Task.WhenAll(shop.RunJobsAsync(JobKinds.ApplyStripeEvent), purchase.SendAsync("payment-confirmation"), purchase.SendAsync("payment-confirmation"));

        Assert.Equal("paid", await purchase.StatusAsync());
        await purchase.AssertPaidOnceAsync(2);
        Assert.Equal(HttpStatusCode.Conflict, (await purchase.SendAsync("payment-session")).StatusCode);
    }

    [Fact]
    public async Task Webhook_and_redirect_at_the_same_time_make_one_receipt_each_of_20_times()
    {
        for (var i = 0; i < 20; i++)
        {
            var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
            var session = await purchase.OpenSessionAsync();
            await purchase.PayAsync(session);
            await shop.EventAsync(session, Completed);
            await Task.WhenAll(purchase.SendAsync("payment-confirmation"), shop.RunJobsAsync(JobKinds.ApplyStripeEvent), purchase.SendAsync("payment-confirmation"));
            await purchase.AssertPaidOnceAsync(1);
        }
    }

    [Fact]
    public async Task An_event_that_comes_five_times_is_stored_and_applied_once()
    {
        await shop.WebhookFaultAsync(new { type = Completed, copiesMin = 5, copiesMax = 5 });
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        var session = await purchase.OpenSessionAsync();
        await purchase.PayAsync(session);
        await shop.EventAsync(session, Completed);
        await Task.Delay(1000);
        await using var db = shop.Open();
        var stored = await db.StripeEvents.SingleAsync(e => e.ObjectId == session && e.Type == Completed);
        Assert.Equal(1, await db.Set<OutboxRow>().CountAsync(r => r.DedupeKey == stored.Id));
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task A_lost_webhook_is_made_up_for_by_the_redirect()
    {
        await shop.WebhookFaultAsync(new { type = Completed, copiesMin = 0, copiesMax = 0 });
        var purchase = await Purchase.PlaceAsync(shop, shop.Tide);
        await purchase.PayAsync(await purchase.OpenSessionAsync());
        Assert.Equal("paid", (await ShopApi.OkAsync(purchase.SendAsync("payment-confirmation"))).GetProperty("status").GetString());
        await purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task A_body_that_Stripe_did_not_sign_is_refused_and_not_stored()
    {
        using var body = new StringContent("""{"id":"evt_forged","object":"event","type":"checkout.session.completed","data":{"object":{"id":"cs_1","object":"checkout.session"}}}""", Encoding.UTF8, "application/json");
        body.Headers.Add("Stripe-Signature", $"t={DateTimeOffset.UtcNow.ToUnixTimeSeconds()},v1={new string('0', 64)}");
        var response = await shop.Client.PostAsync("/webhooks/stripe", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(PaymentRefusals.SignatureInvalid, await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Client.PostAsync("/webhooks/stripe", new StringContent("nonsense"))).StatusCode);
        await using var db = shop.Open();
        Assert.False(await db.StripeEvents.AnyAsync(e => e.Id == "evt_forged"));
    }

    [Fact]
    public void The_pinned_version_is_the_one_the_library_speaks() =>
        Assert.Equal(StripeGateway.ApiVersion, global::Stripe.StripeConfiguration.ApiVersion);
}
