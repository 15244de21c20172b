using System.Net;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Microsoft.EntityFrameworkCore;

namespace Tests.Api.Payments;

public class RefundTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Fact]
    public async Task A_part_is_refunded_by_its_line_and_goes_back_into_stock()
    {
        var variant = await shop.AddGoodsAsync(stock: 5);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 3);
        var refund = await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 2 } }, restock = true }));
        Assert.Equal((5000, "requested"), (refund.GetProperty("amount").GetProperty("amountMinor").GetInt64(), refund.GetProperty("status").GetString()));
        await shop.RunJobsAsync(JobKinds.RefundPayment);

        var order = await desk.ReadAsync();
        Assert.Equal("succeeded", order.GetProperty("refunds")[0].GetProperty("status").GetString());
        Assert.Equal((0, 2, 0, 1), (Units(order, "fulfilled"), Units(order, "cancelled"), Units(order, "returned"), Units(order, "unsent")));
        await using var db = shop.Open();
        Assert.Equal(4, (await db.StockItems.SingleAsync(s => s.VariantId == variant)).OnHand);
        var key = $"refund:{refund.GetProperty("id").GetGuid()}";
        Assert.Equal(1, await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendRefundNotice && r.DedupeKey == key));
        Assert.Equal(await desk.StripeHasAsync(), await desk.LedgerHasAsync());
        var seen = await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{desk.Purchase.Number}?key={desk.Purchase.Key}"));
        Assert.Equal(("done", 5000), (seen.GetProperty("refunds")[0].GetProperty("status").GetString(), seen.GetProperty("refunded").GetProperty("amountMinor").GetInt64()));
        var (line, paidBack) = (seen.GetProperty("lines")[0], Assert.Single(seen.GetProperty("refunds")[0].GetProperty("lines").EnumerateArray()));
        Assert.Equal((3, 2, 0), (line.GetProperty("quantity").GetInt32(), line.GetProperty("cancelled").GetInt32(), line.GetProperty("returned").GetInt32()));
        Assert.Equal((line.GetProperty("title").GetString(), 2), (paidBack.GetProperty("title").GetString(), paidBack.GetProperty("quantity").GetInt32()));

        await ShopApi.OkAsync(desk.FulfilAsync(new { }));
        await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } } }));
        line = (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{desk.Purchase.Number}?key={desk.Purchase.Key}"))).GetProperty("lines")[0];
        Assert.Equal((2, 1), (line.GetProperty("cancelled").GetInt32(), line.GetProperty("returned").GetInt32()));
        Assert.Equal([2, 1], (await desk.ReadAsync()).GetProperty("refunds").EnumerateArray().Select(r => r.GetProperty("lines")[0].GetProperty("quantity").GetInt32()));
    }

    [Fact]
    public async Task Never_more_goes_back_than_was_captured_however_many_ask_at_once()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => desk.RefundAsync(new { amountMinor = 1000 })));
        Assert.Equal(desk.Purchase.TotalMinor / 1000, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { amountMinor = 1000 }), HttpStatusCode.UnprocessableEntity, PaymentRefusals.RefundTooMuch);
        await ShopApi.OkAsync(desk.RefundAsync(new { }));
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { }), HttpStatusCode.Conflict, PaymentRefusals.NothingToRefund);
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        Assert.Equal(PaymentStatus.Refunded, (await desk.PaymentAsync()).Status);
    }

    [Fact]
    public async Task One_key_is_one_refund_and_its_job_may_run_twice_and_meet_an_answer_of_500_after_the_money_went()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var key = Guid.NewGuid().ToString();
        var refunds = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 700 }, key))));
        Assert.Single(refunds.Select(r => r.GetProperty("id").GetGuid()).Distinct());
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { amountMinor = 800 }, key), HttpStatusCode.UnprocessableEntity, OrderRefusals.KeyReused);

        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/refunds", method = "POST" });
        await Assert.ThrowsAsync<GatewayUnavailableException>(() => shop.RunJobsAsync(JobKinds.RefundPayment));
        Assert.Equal("requested", (await desk.ReadAsync()).GetProperty("refunds")[0].GetProperty("status").GetString());
        await Task.WhenAll(shop.RunJobsAsync(JobKinds.RefundPayment), shop.RunJobsAsync(JobKinds.RefundPayment));
        Assert.Equal(desk.Purchase.TotalMinor - 700, await desk.StripeHasAsync());
        Assert.Equal(desk.Purchase.TotalMinor - 700, await desk.LedgerHasAsync());
    }

    [Fact]
    public async Task A_refund_that_the_bank_sends_back_is_with_the_shop_again()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500 }));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        var atStripe = (await desk.ReadAsync()).GetProperty("refunds")[0].GetProperty("stripeRefundId").GetString();
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/refunds/{atStripe}/failure", null));
        await shop.EventAsync(atStripe!, "refund.failed");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        var order = await desk.ReadAsync();
        Assert.Equal("failed", order.GetProperty("refunds")[0].GetProperty("status").GetString());
        Assert.Equal("failed 500; refunded 0", await desk.SeenAsync());
        Assert.Equal(desk.Purchase.TotalMinor, order.GetProperty("payment").GetProperty("refundable").GetProperty("amountMinor").GetInt64());
        Assert.Equal(await desk.StripeHasAsync(), await desk.LedgerHasAsync());
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = desk.Purchase.TotalMinor }));
        Assert.Equal($"failed 500, under-way {desk.Purchase.TotalMinor}; refunded {desk.Purchase.TotalMinor}", await desk.SeenAsync());
    }

    [Fact]
    public async Task Only_an_order_that_had_a_refund_is_read_with_a_statement_about_them()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var without = await CountAsync();
        await ShopApi.OkAsync(desk.RefundAsync(new { amountMinor = 500 }));
        Assert.Equal(without + 1, await CountAsync());

        async Task<int> CountAsync()
        {
            await desk.SeenAsync();
            var before = shop.Statements.Count;
            await desk.SeenAsync();
            return shop.Statements.Count - before;
        }
    }

    [Fact]
    public async Task Units_whose_refund_failed_are_refunded_again_by_their_line_and_taken_back_once()
    {
        var variant = await shop.AddGoodsAsync(stock: 5);
        var desk = await StaffDesk.PaidAsync(shop, variant, quantity: 3);
        object two = new { lines = new[] { new { position = 1, quantity = 2 } }, restock = true };
        await ShopApi.OkAsync(desk.RefundAsync(two));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        var (first, left) = ((await desk.ReadAsync()).GetProperty("refunds")[0], await AvailableAsync(variant));
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/refunds/{first.GetProperty("stripeRefundId").GetString()}/failure", null));
        await shop.EventAsync(first.GetProperty("stripeRefundId").GetString()!, "refund.failed");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await using (var db = shop.Open())
            Assert.Equal(1, await db.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendRefundFailure && r.DedupeKey == $"refund:{first.GetProperty("id").GetGuid()}"));

        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 4 } } }), HttpStatusCode.UnprocessableEntity, OrderRefusals.LineInvalid);
        var second = await ShopApi.OkAsync(desk.RefundAsync(two));
        Assert.Equal(first.GetProperty("amount").GetRawText(), second.GetProperty("amount").GetRawText());
        Assert.Equal(left, await AvailableAsync(variant)); // they lie there already
        var line = (await desk.ReadAsync()).GetProperty("lines")[0];
        Assert.Equal((2, 1), (line.GetProperty("cancelled").GetInt32(), line.GetProperty("unsent").GetInt32()));
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(two), HttpStatusCode.UnprocessableEntity, OrderRefusals.LineInvalid);
        await ShopApi.OkAsync(desk.RefundAsync(new { restock = true })); // the third, and what it was sent for
        await shop.SettleAsync();
        Assert.Equal((0, left + 1), (await desk.StripeHasAsync(), await AvailableAsync(variant)));
    }

    [Fact]
    public async Task A_line_with_tax_on_top_is_paid_back_to_the_cent_also_when_the_first_of_two_refunds_failed()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide, quantity: 3);
        var id = await desk.OrderIdAsync();
        await using (var db = shop.Open()) // three units and their tax rarely come to a number that three divide
            await db.Database.ExecuteSqlAsync($"UPDATE order_lines SET net_minor = net_minor - 1, gross_minor = gross_minor - 1 WHERE order_id = {id}");
        var first = await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } } }));
        var second = await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 2 } } }));
        Assert.Equal([2899, 5800], new[] { first, second }.Select(AmountOf));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        var atStripe = (await desk.ReadAsync()).GetProperty("refunds")[0].GetProperty("stripeRefundId").GetString()!;
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/refunds/{atStripe}/failure", null));
        await shop.EventAsync(atStripe, "refund.failed");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        Assert.Equal(2899, AmountOf(await ShopApi.OkAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } } }))));
    }

    private static long AmountOf(System.Text.Json.JsonElement refund) => refund.GetProperty("amount").GetProperty("amountMinor").GetInt64();

    private async Task<int> AvailableAsync(Guid variant)
    {
        await using var db = shop.Open();
        return await db.StockItems.Where(s => s.VariantId == variant).SumAsync(s => s.OnHand - s.Reserved);
    }

    [Fact]
    public async Task Nobody_refunds_without_saying_why_nor_what_is_not_paid()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("refunds", new { }, Guid.NewGuid().ToString(), reason: null), HttpStatusCode.BadRequest, "audit.reason-missing");
        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { amountMinor = -5 }), HttpStatusCode.BadRequest, "request.invalid");
        var unpaid = new StaffDesk(await Purchase.PlaceAsync(shop, shop.Tide));
        await StaffDesk.AssertRefusedAsync(unpaid.RefundAsync(new { }), HttpStatusCode.Conflict, PaymentRefusals.NothingToRefund);
        Assert.Empty((await desk.ReadAsync()).GetProperty("refunds").EnumerateArray());
    }

    private static int Units(System.Text.Json.JsonElement order, string what) => order.GetProperty("lines")[0].GetProperty(what).GetInt32();
}
