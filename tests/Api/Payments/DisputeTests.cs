using System.Net;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Api.Payments;

public class DisputeTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string DisputingCard = "4000000000000259";

    [Theory]
    [InlineData("won", "reinstated")]
    [InlineData("lost", "withdrawn")]
    public async Task A_dispute_is_seen_on_its_order_from_opening_to_end_and_counted_in_the_ledger(string outcome, string funds)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, card: DisputingCard);
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.WaitForEventAsync("charge.dispute.created", intent);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        var dispute = (await desk.ReadAsync()).GetProperty("disputes")[0];
        Assert.Equal(("needs_response", "withdrawn", "fraudulent"),
            (dispute.GetProperty("status").GetString(), dispute.GetProperty("funds").GetString(), dispute.GetProperty("reason").GetString()));
        Assert.True(dispute.GetProperty("evidenceDueBy").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        Assert.Equal((0, 0), (await desk.LedgerHasAsync(), RefundableOf(await desk.ReadAsync())));
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { }), HttpStatusCode.Conflict, PaymentRefusals.Disputed);

        Assert.Contains(desk.Purchase.Number, await FindAsync("disputed=true"));
        Assert.Contains(desk.Purchase.Number, await FindAsync("openDispute=true"));
        Assert.Contains(desk.Purchase.Number, await FindAsync("disputed=true&openDispute=true"));

        await shop.DecideDisputeAsync(intent, outcome);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        var order = await desk.ReadAsync();
        Assert.Equal((outcome, funds), (order.GetProperty("disputes")[0].GetProperty("status").GetString(), order.GetProperty("disputes")[0].GetProperty("funds").GetString()));
        var left = outcome == "won" ? desk.Purchase.TotalMinor : 0;
        Assert.Equal((left, left), (await desk.LedgerHasAsync(), RefundableOf(order)));
        Assert.Contains("disputes.closed", order.GetProperty("history").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
        Assert.Contains(desk.Purchase.Number, await FindAsync("disputed=true"));
        Assert.DoesNotContain(desk.Purchase.Number, await FindAsync("openDispute=true"));
    }

    private async Task<IEnumerable<string?>> FindAsync(string query) =>
        (await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/orders?limit=100&{query}"))).GetProperty("items").EnumerateArray().Select(o => o.GetProperty("number").GetString());

    [Fact]
    public async Task An_order_charged_back_before_it_was_sent_is_cancelled_and_its_units_are_for_sale_again()
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 4, card: DisputingCard);
        await shop.WaitForEventAsync("charge.dispute.created", (await desk.PaymentAsync()).PaymentIntentId!);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { }), HttpStatusCode.Conflict, PaymentRefusals.Disputed);

        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        var order = await desk.ReadAsync();
        Assert.Equal(("cancelled", 4, 0), (order.GetProperty("status").GetString(), order.GetProperty("lines")[0].GetProperty("cancelled").GetInt32(), order.GetProperty("refunds").GetArrayLength()));
        var level = (await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/stock?variantId={variant}"))).GetProperty("items")[0];
        Assert.Equal((10, 0, 10), (level.GetProperty("onHand").GetInt32(), level.GetProperty("unsent").GetInt32(), level.GetProperty("available").GetInt32()));
        Assert.Equal((1, 0), (await desk.JobsAsync(JobKinds.SendCancellation), await desk.LedgerHasAsync()));

        // Won after all: the money is with the shop again, but it is the shopper's, and no unit is taken back a second time.
        await shop.DecideDisputeAsync((await desk.PaymentAsync()).PaymentIntentId!, "won");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await shop.SettleAsync();
        var refund = Assert.Single((await desk.ReadAsync()).GetProperty("refunds").EnumerateArray());
        Assert.Equal(("cancellation", "succeeded", desk.Purchase.TotalMinor),
            (refund.GetProperty("cause").GetString(), refund.GetProperty("status").GetString(), refund.GetProperty("amount").GetProperty("amountMinor").GetInt64()));
        await using var db = shop.Open();
        Assert.Equal((10, 0, 0), ((await db.StockItems.SingleAsync(s => s.VariantId == variant)).OnHand, await desk.LedgerHasAsync(), await desk.StripeHasAsync()));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task A_part_that_a_lost_dispute_brings_back_is_counted_and_owed_only_where_it_was_not_given_before(long refundedMinor)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        if (refundedMinor > 0) await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = refundedMinor }));
        await shop.SettleAsync();
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.ChargeBackAsync(intent);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));

        await shop.DecideDisputeAsync(intent, "lost&returned=1000");
        await shop.SettleAsync();
        var order = await desk.ReadAsync();
        Assert.Equal(("lost", "withdrawn"), (order.GetProperty("disputes")[0].GetProperty("status").GetString(), order.GetProperty("disputes")[0].GetProperty("funds").GetString()));
        Assert.Equal((1000 - refundedMinor, 0), (await desk.LedgerHasAsync(), (await shop.ReconcileAsync()).DifferenceCount));
        // Stripe refunds nothing of a charge that was charged back: what it refuses, staff are told.
        var refunds = order.GetProperty("refunds").EnumerateArray().Select(r => (r.GetProperty("cause").GetString(), r.GetProperty("status").GetString(), r.GetProperty("amount").GetProperty("amountMinor").GetInt64()));
        Assert.Equal([refundedMinor > 0 ? ("staff", "succeeded", 1000L) : ("cancellation", "failed", 1000L)], refunds);
    }

    [Theory]
    [InlineData("4000000000000259")]
    [InlineData("4000000000001976")] // an inquiry
    public async Task Staff_are_told_of_a_dispute_once_however_often_and_in_whatever_order_Stripe_tells_of_it(string card)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, card: card);
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.WaitForEventAsync("charge.dispute.created", intent);
        var disputeId = (await shop.StripeAsync(HttpMethod.Get, $"/v1/disputes?payment_intent={intent}")).GetProperty("data")[0].GetProperty("id").GetString()!;
        // The bank's file comes first, then what opened the dispute, then that again.
        await shop.StripeAsync(HttpMethod.Post, $"/v1/disputes/{disputeId}", new() { ["metadata[seen]"] = "yes" });
        await shop.EventAsync(disputeId, "charge.dispute.updated");
        foreach (var type in (string[])["charge.dispute.updated", "charge.dispute.created", "charge.dispute.updated", "charge.dispute.created"])
        {
            await using (var db = shop.Open())
                await db.StripeEvents.Where(e => e.ObjectId == disputeId).ExecuteUpdateAsync(set => set.SetProperty(e => e.AppliedAt, (DateTimeOffset?)null));
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ApplyAsync(disputeId, type)));
        }
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await shop.ReconcileAsync();
        await shop.DecideDisputeAsync(intent, "lost");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        Assert.Equal(1, await NoticesAsync(desk));
    }

    [Fact]
    public async Task Nobody_is_told_of_a_dispute_that_is_decided_when_it_is_first_heard_of()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, card: DisputingCard);
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.WaitForEventAsync("charge.dispute.created", intent);
        await shop.DecideDisputeAsync(intent, "lost");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        Assert.Equal("lost", (await desk.ReadAsync()).GetProperty("disputes")[0].GetProperty("status").GetString());
        Assert.Equal(0, await NoticesAsync(desk));
    }

    private async Task ApplyAsync(string disputeId, string type)
    {
        string id;
        await using (var db = shop.Open()) id = await db.StripeEvents.Where(e => e.ObjectId == disputeId && e.Type == type).Select(e => e.Id).FirstAsync();
        await shop.InScopeAsync<PaymentVerbs>(payments => payments.ApplyEventAsync(id, null, CancellationToken.None));
    }

    private async Task<int> NoticesAsync(StaffDesk desk)
    {
        var orderId = await desk.OrderIdAsync();
        await using var db = shop.Open();
        var dispute = await db.Disputes.SingleAsync(d => d.OrderId == orderId);
        return await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendDisputeNotice && r.DedupeKey == $"dispute:{dispute.Id}");
    }

    [Fact]
    public async Task An_inquiry_takes_no_money()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, card: "4000000000001976");
        await shop.WaitForEventAsync("charge.dispute.created", (await desk.PaymentAsync()).PaymentIntentId!);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        Assert.Equal("not-taken", (await desk.ReadAsync()).GetProperty("disputes")[0].GetProperty("funds").GetString());
        Assert.Equal((desk.Purchase.TotalMinor, desk.Purchase.TotalMinor), (await desk.LedgerHasAsync(), RefundableOf(await desk.ReadAsync())));
    }

    private static long RefundableOf(System.Text.Json.JsonElement order) => order.GetProperty("payment").GetProperty("refundable").GetProperty("amountMinor").GetInt64();
}

/// <summary>A shop that sells in euros and whose account at Stripe settles in dollars.</summary>
public sealed class DollarAccountShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override IReadOnlyList<string> StripeSettings => ["--Stripe:SettlementCurrency", "usd", "--Stripe:ExchangeRate", "1.1"];
}

public class ConvertedDisputeTests(DollarAccountShop shop) : IClassFixture<DollarAccountShop>
{
    [Theory]
    [InlineData("won")]
    [InlineData("lost")]
    public async Task A_dispute_that_moves_money_of_another_currency_is_no_difference(string outcome)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, card: "4000000000000259");
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.WaitForEventAsync("charge.dispute.created", intent);
        await shop.SettleAsync();
        Assert.Equal((0, 0), ((await shop.ReconcileAsync()).DifferenceCount, await desk.LedgerHasAsync()));

        var dispute = (await shop.StripeAsync(HttpMethod.Get, $"/v1/disputes?payment_intent={intent}")).GetProperty("data")[0];
        Assert.Equal(((long)decimal.Round(desk.Purchase.TotalMinor * -1.1m), "usd"),
            (dispute.GetProperty("balance_transactions")[0].GetProperty("amount").GetInt64(), dispute.GetProperty("balance_transactions")[0].GetProperty("currency").GetString()));
        await shop.DecideDisputeAsync(intent, outcome);
        await shop.SettleAsync();
        Assert.Equal((0, outcome == "won" ? desk.Purchase.TotalMinor : 0), ((await shop.ReconcileAsync()).DifferenceCount, await desk.LedgerHasAsync()));
    }
}
