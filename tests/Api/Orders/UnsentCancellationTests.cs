using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;
using Tests.Api.Staff;

namespace Tests.Api.Orders;

/// <summary>Orders of five units at 25 euros, of which two were sent before the money went another way than by their lines.</summary>
public class UnsentCancellationTests(ShopApi shop) : IClassFixture<ShopApi>
{
    private const string Verb = "unsent/cancellation";

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 5)]
    public async Task What_is_not_sent_of_an_order_that_was_charged_back_is_given_up_and_its_units_go_where_staff_say(bool restock, int onHand)
    {
        var (desk, variant) = await SentInPartAsync(card: "4000000000000259");
        await DecideAsync(desk, "lost");
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 3 } } }), HttpStatusCode.Conflict, PaymentRefusals.Disputed);
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("cancellation", new { restock }), HttpStatusCode.Conflict, OrderRefusals.AlreadyShipped);
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.PaidBack);
        Assert.Contains(desk.Purchase.Number, await PartlySentAsync());

        var order = await ShopApi.OkAsync(desk.PostAsync(Verb, new { restock }, reason: "charged back"));
        Assert.Equal(("paid", "fulfilled", 2, 3, 0, 0), (order.GetProperty("status").GetString(), order.GetProperty("fulfilmentStatus").GetString(),
            Units(order, "fulfilled"), Units(order, "cancelled"), Units(order, "returned"), Units(order, "unsent")));
        Assert.Equal((onHand, 0, onHand), await LevelAsync(variant));
        Assert.DoesNotContain(desk.Purchase.Number, await PartlySentAsync());
        Assert.Equal((0, 0, 0), (order.GetProperty("refunds").GetArrayLength(), await desk.JobsAsync(JobKinds.SendCancellation), await desk.LedgerHasAsync()));
        Assert.Equal(("orders.unsent-cancelled", "staff@shop.test", "charged back"), await shop.NewestAuditAsync($"order:{desk.Purchase.Number}"));

        var again = await ShopApi.OkAsync(desk.PostAsync(Verb, new { restock = true }));
        Assert.Equal(order.GetRawText(), again.GetRawText());
        Assert.Equal((onHand, 0, onHand), await LevelAsync(variant));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.AlreadyShipped);
        await using var db = shop.Open();
        Assert.Empty(await StockInvariants.CheckAsync(db, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_sent_of_an_order_that_was_refunded_whole_by_amount_is_given_up()
    {
        var (desk, variant) = await SentInPartAsync();
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = desk.Purchase.TotalMinor }));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal((8, 3, 5), await LevelAsync(variant));
        var order = await ShopApi.OkAsync(desk.PostAsync(Verb, new { restock = true }));
        Assert.Equal(("fulfilled", 3, 1), (order.GetProperty("fulfilmentStatus").GetString(), Units(order, "cancelled"), order.GetProperty("refunds").GetArrayLength()));
        Assert.Equal((8, 0, 8), await LevelAsync(variant));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
    }

    [Fact]
    public async Task What_was_paid_back_is_sent_only_to_who_insists()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = desk.Purchase.TotalMinor - 1 }));
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 1 }));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { carrier = "DHL" }), HttpStatusCode.Conflict, OrderRefusals.PaidBack);
        Assert.Equal("unfulfilled", (await desk.ReadAsync()).GetProperty("fulfilmentStatus").GetString());
        await ShopApi.OkAsync(desk.FulfilAsync(new { carrier = "DHL", evenUnpaid = true }));
        Assert.Equal("fulfilled", (await desk.ReadAsync()).GetProperty("fulfilmentStatus").GetString());
    }

    [Fact]
    public async Task While_the_shop_has_money_for_it_what_is_not_sent_is_refunded_by_line_instead()
    {
        var (desk, variant) = await SentInPartAsync();
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = desk.Purchase.TotalMinor - 500 }));
        var before = await desk.ReadAsync();
        using var refused = await desk.PostAsync(Verb, new { restock = true });
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((409, PaymentRefusals.Refundable, 500), ((int)refused.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("left").GetProperty("amountMinor").GetInt64()));
        Assert.Contains("by their lines", problem.GetProperty("detail").GetString());
        Assert.Equal((before.GetRawText(), (8, 3, 5)), ((await desk.ReadAsync()).GetRawText(), await LevelAsync(variant)));

        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500, lines = new[] { new { position = 1, quantity = 3 } }, restock = true }));
        Assert.Equal(("fulfilled", (8, 0, 8)), ((await desk.ReadAsync()).GetProperty("fulfilmentStatus").GetString(), await LevelAsync(variant)));
    }

    [Fact]
    public async Task An_order_of_which_nothing_was_sent_is_cancelled_as_a_whole_instead()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = desk.Purchase.TotalMinor }));
        await StaffDesk.AssertRefusedAsync(desk.PostAsync(Verb, new { restock = true }), HttpStatusCode.Conflict, OrderRefusals.NothingShipped);
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        await StaffDesk.AssertRefusedAsync(desk.PostAsync(Verb, new { restock = true }), HttpStatusCode.Conflict, OrderRefusals.NotPaid);
    }

    [Fact]
    public async Task Of_two_who_send_and_give_up_the_same_units_at_once_one_is_told()
    {
        var (desk, variant) = await SentInPartAsync();
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = desk.Purchase.TotalMinor }));
        using var read = await shop.Staff.GetAsync(desk.Url);
        var tag = read.Headers.ETag!.Tag;
        var answers = await Task.WhenAll(desk.PostAsync(Verb, new { restock = true }, ifMatch: tag), desk.PostAsync("fulfilments", new { evenUnpaid = true }, Guid.NewGuid().ToString(), tag));
        Assert.Equal([true, false], answers.Select(a => a.IsSuccessStatusCode).OrderDescending());
        Assert.Equal(412, (int)answers.Single(a => !a.IsSuccessStatusCode).StatusCode);
        var order = await desk.ReadAsync();
        var given = Units(order, "cancelled");
        Assert.Equal((5, answers[0].IsSuccessStatusCode ? 3 : 0), (Units(order, "fulfilled") + given, given));
        Assert.Equal((5 + given, 0, 5 + given), await LevelAsync(variant));
    }

    [Fact]
    public async Task When_the_dispute_is_won_after_all_what_was_given_up_is_paid_back_and_no_more()
    {
        var (desk, variant) = await SentInPartAsync(card: "4000000000000259");
        await ShopApi.OkAsync(desk.PostAsync(Verb, new { restock = true }));
        await DecideAsync(desk, "won");
        var refund = Assert.Single((await desk.ReadAsync()).GetProperty("refunds").EnumerateArray());
        Assert.Equal(("cancellation", 7500, 3), (refund.GetProperty("cause").GetString(), refund.GetProperty("amount").GetProperty("amountMinor").GetInt64(),
            refund.GetProperty("lines")[0].GetProperty("quantity").GetInt32()));
        await shop.SettleAsync();
        Assert.Equal((desk.Purchase.TotalMinor - 7500, desk.Purchase.TotalMinor - 7500), (await desk.LedgerHasAsync(), await desk.StripeHasAsync()));
        Assert.Equal((8, 0, 8), await LevelAsync(variant));
        var order = await desk.ReadAsync();
        Assert.Equal((2, 3, 0), (Units(order, "fulfilled"), Units(order, "cancelled"), Units(order, "returned")));
    }

    [Fact]
    public async Task When_the_dispute_is_won_after_all_nothing_is_paid_back_that_was_given_by_amount_before()
    {
        var (desk, variant) = await SentInPartAsync();
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 7500 }));
        await shop.SettleAsync();
        await shop.ChargeBackAsync((await desk.PaymentAsync()).PaymentIntentId!);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await ShopApi.OkAsync(desk.PostAsync(Verb, new { restock = true }));
        await DecideAsync(desk, "won");
        await shop.SettleAsync();
        Assert.Equal((1, desk.Purchase.TotalMinor - 7500, desk.Purchase.TotalMinor - 7500),
            ((await desk.ReadAsync()).GetProperty("refunds").GetArrayLength(), await desk.LedgerHasAsync(), await desk.StripeHasAsync()));
        Assert.Equal((8, 0, 8), await LevelAsync(variant));
    }

    private async Task<(StaffDesk Desk, Guid Variant)> SentInPartAsync(string card = "4242424242424242")
    {
        var variant = await shop.AddGoodsAsync(stock: 10);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 5, card);
        if (card != "4242424242424242")
        {
            await shop.WaitForEventAsync("charge.dispute.created", (await desk.PaymentAsync()).PaymentIntentId!);
            await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        }
        await ShopApi.OkAsync(desk.FulfilAsync(new { lines = new[] { new { position = 1, quantity = 2 } }, evenUnpaid = true }));
        Assert.Equal((8, 3, 5), await LevelAsync(variant));
        return (desk, variant);
    }

    private async Task DecideAsync(StaffDesk desk, string outcome)
    {
        await shop.DecideDisputeAsync((await desk.PaymentAsync()).PaymentIntentId!, outcome);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
    }

    private async Task<List<string?>> PartlySentAsync() =>
        [.. (await ShopApi.OkAsync(shop.Staff.GetAsync("/api/v1/admin/orders?fulfilment=partial&limit=100"))).GetProperty("items").EnumerateArray().Select(o => o.GetProperty("number").GetString())];

    private async Task<(int OnHand, int Unsent, int Available)> LevelAsync(Guid variant)
    {
        var level = Assert.Single((await ShopApi.OkAsync(shop.Staff.GetAsync($"/api/v1/admin/stock?variantId={variant}"))).GetProperty("items").EnumerateArray());
        return (level.GetProperty("onHand").GetInt32(), level.GetProperty("unsent").GetInt32(), level.GetProperty("available").GetInt32());
    }

    private static int Units(JsonElement order, string which) => order.GetProperty("lines")[0].GetProperty(which).GetInt32();
}
