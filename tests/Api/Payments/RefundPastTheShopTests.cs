using System.Text.Json;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Payments;

/// <summary>What the shop has promised, while somebody refunds at Stripe without it.</summary>
public class RefundPastTheShopTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, "cancellation", 1)]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, "cancellation", 2)]
    [InlineData(JobKinds.RefundPayment, JobKinds.ApplyStripeEvent, "cancellation", 1)]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, "staff", 1)]
    public async Task A_cancelled_order_is_paid_back_whole_though_a_part_went_back_past_the_shop(string first, string second, string promised, int parts)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        if (promised == "staff") await ShopApi.OkAsync(desk.RefundAsync(new { }));
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        for (var part = 0; part < parts; part++)
            await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "900" });
        await shop.WaitForEventAsync("charge.refunded", intent);
        foreach (var kind in (string[])[first, second]) await shop.RunJobsAsync(kind);
        await shop.SettleAsync();

        var refunds = (await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().Select(r => (r.GetProperty("cause").GetString(), r.GetProperty("status").GetString())).Order();
        Assert.Contains(("cancellation", "succeeded"), refunds);
        Assert.Contains((promised, "failed"), refunds);
        Assert.Equal(parts, refunds.Count(r => r == ("stripe", "succeeded")));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        Assert.Equal(PaymentStatus.Refunded, (await desk.PaymentAsync()).Status);
    }

    [Theory]
    [InlineData(JobKinds.RefundPayment, JobKinds.ApplyStripeEvent)]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment)]
    public async Task A_cancelled_order_whose_money_all_went_back_past_the_shop_is_refunded(string first, string second)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent });
        await shop.WaitForEventAsync("charge.refunded", intent);
        foreach (var kind in (string[])[first, second]) await shop.RunJobsAsync(kind);
        await shop.SettleAsync();
        Assert.Equal((0, 0, PaymentStatus.Refunded), (await desk.StripeHasAsync(), await desk.LedgerHasAsync(), (await desk.PaymentAsync()).Status));
    }

    [Theory]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, false)]
    [InlineData(JobKinds.RefundPayment, JobKinds.ApplyStripeEvent, false)]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment, true)]
    [InlineData(JobKinds.RefundPayment, JobKinds.ApplyStripeEvent, true)]
    public async Task All_that_is_left_goes_back_as_staff_have_promised_though_a_part_went_back_past_the_shop(string first, string second, bool inParts)
    {
        var variant = await shop.AddGoodsAsync(stock: 5);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 2);
        if (inParts) await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } }, restock = true }));
        await ShopApi.OkAsync(desk.RefundAsync(new { restock = true }));
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "100" });
        await shop.WaitForEventAsync("charge.refunded", intent);
        foreach (var kind in (string[])[first, second]) await shop.RunJobsAsync(kind);
        await shop.SettleAsync();

        var order = await desk.ReadAsync();
        var refunds = order.GetProperty("refunds").EnumerateArray().ToList();
        var made = refunds.FindAll(r => r.GetProperty("status").GetString() == "succeeded");
        Assert.All(refunds.Except(made), broken => Assert.Equal(("staff", "failed"), (broken.GetProperty("cause").GetString(), broken.GetProperty("status").GetString())));
        Assert.Equal(desk.Purchase.TotalMinor, made.Sum(r => r.GetProperty("amount").GetProperty("amountMinor").GetInt64()));
        Assert.Equal(2, made.SelectMany(r => r.GetProperty("lines").EnumerateArray()).Sum(l => l.GetProperty("quantity").GetInt32()));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        Assert.Equal(PaymentStatus.Refunded, (await desk.PaymentAsync()).Status);
        Assert.DoesNotContain("failed", await desk.SeenAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await FailuresToldAsync(refunds));
        await using var db = shop.Open();
        Assert.Equal(5, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).OnHand);
    }

    [Theory]
    [InlineData(JobKinds.ApplyStripeEvent, JobKinds.RefundPayment)]
    [InlineData(JobKinds.RefundPayment, JobKinds.ApplyStripeEvent)]
    public async Task A_part_that_staff_have_promised_and_that_is_not_left_any_more_fails_and_they_are_told(string first, string second)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var (total, intent) = (desk.Purchase.TotalMinor, (await desk.PaymentAsync()).PaymentIntentId!);
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = total - 500 }));
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "900" });
        await shop.WaitForEventAsync("charge.refunded", intent);
        foreach (var kind in (string[])[first, second]) await shop.RunJobsAsync(kind);

        var refunds = (await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().ToList();
        Assert.Equal([("staff", "failed"), ("stripe", "succeeded")], refunds.Select(r => (r.GetProperty("cause").GetString(), r.GetProperty("status").GetString())).Order());
        Assert.Equal(1, await FailuresToldAsync(refunds));
        Assert.Equal($"failed {total - 500}, done 900; refunded 900", await desk.SeenAsync());
        Assert.Equal((total - 900, total - 900), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        await ShopApi.OkAsync(desk.RefundAsync(new { }));
        await shop.SettleAsync();
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
    }

    [Fact]
    public async Task A_promise_that_was_given_up_and_that_Stripe_had_made_all_the_same_is_made()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var (total, intent) = (desk.Purchase.TotalMinor, (await desk.PaymentAsync()).PaymentIntentId!);
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = total - 500 }));
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500 }));
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "100" });
        await shop.WaitForEventAsync("charge.refunded", intent);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent); // the newest promise is given up, and 400 promised instead
        await using (var db = shop.Open())
        {
            var givenUp = await db.Refunds.SingleAsync(r => db.Payments.Any(p => p.OrderId == r.OrderId && p.PaymentIntentId == intent) && r.AmountMinor == 500);
            Assert.Equal(RefundStatus.Failed, givenUp.Status);
            // Its job had asked already, and its answer is late.
            await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "500", ["metadata[refund_id]"] = givenUp.Id.ToString() });
        }
        await shop.SettleAsync();
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        var made = (await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().Where(r => r.GetProperty("status").GetString() == "succeeded").Select(r => r.GetProperty("amount").GetProperty("amountMinor").GetInt64());
        Assert.Equal(new[] { 100, 500, total - 600 }.Order(), made.Order());
    }

    [Fact]
    public async Task A_refund_made_at_Stripe_past_the_shop_is_found_and_counted()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = intent, ["amount"] = "900" });
        await shop.WaitForEventAsync("charge.refunded", intent);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);

        var refunds = (await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().Select(r => (r.GetProperty("cause").GetString(), r.GetProperty("status").GetString()));
        Assert.Equal([("stripe", "succeeded")], refunds);
        Assert.Equal("done 900; refunded 900", await desk.SeenAsync());
        Assert.Equal(desk.Purchase.TotalMinor - 900, await desk.StripeHasAsync());
        Assert.Equal(desk.Purchase.TotalMinor - 900, await desk.LedgerHasAsync());
    }

    [Fact]
    public async Task A_refund_past_the_shop_that_had_failed_when_it_was_heard_of_takes_no_promise_away()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        await shop.WebhookFaultAsync(new { events = 2, copiesMin = 0, copiesMax = 0 }); // refund.created and charge.refunded
        var past = (await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = (await desk.PaymentAsync()).PaymentIntentId! })).GetProperty("id").GetString();
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/refunds/{past}/failure", null));
        await shop.EventAsync(past!, "refund.failed");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        var refunds = (await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().Select(r => (r.GetProperty("cause").GetString(), r.GetProperty("status").GetString())).Order();
        Assert.Equal([("cancellation", "requested"), ("stripe", "failed")], refunds);
        await shop.SettleAsync();
        Assert.Equal((0, 0, PaymentStatus.Refunded), (await desk.StripeHasAsync(), await desk.LedgerHasAsync(), (await desk.PaymentAsync()).Status));
    }

    /// <summary>Mails to staff about these refunds.</summary>
    private async Task<int> FailuresToldAsync(IEnumerable<JsonElement> refunds)
    {
        var keys = refunds.Select(r => $"refund:{r.GetProperty("id").GetGuid()}").ToList();
        await using var db = shop.Open();
        return await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendRefundFailure && keys.Contains(r.DedupeKey!));
    }
}
