using System.Net;
using System.Text.Json;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Fixture;

namespace Tests.Api.Payments;

/// <summary>A shop that takes the money by hand.</summary>
public sealed class CautiousShop(PostgresFixture postgres, RedisFixture redis) : ShopApi(postgres, redis)
{
    protected override CaptureMode Capture => CaptureMode.Manual;
}

public class ManualCaptureTests(CautiousShop shop) : IClassFixture<CautiousShop>
{
    [Fact]
    public async Task An_authorised_order_keeps_its_stock_and_is_paid_when_staff_capture_it_once_however_often_they_click()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        Assert.Equal(("authorised", 0), (await desk.Purchase.StatusAsync(), await desk.StripeHasAsync()));
        Assert.Equal(0, await desk.JobsAsync(JobKinds.SendReceipt));
        await StaffDesk.AssertRefusedAsync(desk.FulfilAsync(new { }), HttpStatusCode.Conflict, OrderRefusals.NotPaid);
        await shop.RunJobsAsync(JobKinds.ExpireReservation, onlyDue: false);
        Assert.Equal("authorised", await desk.Purchase.StatusAsync());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ShopApi.OkAsync(desk.PostAsync("capture"))));
        Assert.Equal("paid", (await ShopApi.OkAsync(desk.PostAsync("capture"))).GetProperty("status").GetString());
        await desk.Purchase.AssertPaidOnceAsync(1);
        Assert.Equal((desk.Purchase.TotalMinor, desk.Purchase.TotalMinor), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
    }

    [Fact]
    public async Task A_capture_of_what_Stripe_does_not_know_is_refused_clearly_and_the_order_is_as_it_was()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var orderId = await desk.OrderIdAsync();
        await using var db = shop.Open();
        await db.Payments.Where(p => p.OrderId == orderId).ExecuteUpdateAsync(p => p.SetProperty(x => x.PaymentIntentId, $"pi_{orderId:N}"));
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("capture"), HttpStatusCode.BadGateway, PaymentRefusals.GatewayRefused);
        Assert.Equal(("authorised", 0), (await desk.Purchase.StatusAsync(), await desk.LedgerHasAsync()));
    }

    [Fact]
    public async Task A_capture_that_was_answered_500_after_the_money_was_taken_is_no_second_charge()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/payment_intents", method = "POST" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await desk.PostAsync("capture")).StatusCode);
        HttpResponseMessage answer;
        for (var i = 0; (answer = await desk.PostAsync("capture")).StatusCode == HttpStatusCode.ServiceUnavailable && i < 100; i++) await Task.Delay(200);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await desk.Purchase.AssertPaidOnceAsync(1);
        Assert.Equal(desk.Purchase.TotalMinor, await desk.StripeHasAsync());
    }

    [Fact]
    public async Task An_order_whose_capture_never_reached_Stripe_can_be_cancelled_when_Stripe_is_back()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var desk = await StaffDesk.PaidAsync(shop, variant);
        await shop.FaultAsync(new { kind = "Status", status = 503, path = "/v1/payment_intents", method = "POST", calls = 100_000 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await desk.PostAsync("capture")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CancelAsync(desk)).StatusCode);
        Assert.Equal("authorised", await desk.Purchase.StatusAsync());
        await shop.Stripe.DeleteAsync("/_emulator/faults");
        await shop.GatewayClosesAsync();

        await ShopApi.OkAsync(CancelAsync(desk));
        await ShopApi.OkAsync(CancelAsync(desk));
        Assert.Equal(("cancelled", PaymentStatus.Closed), (await desk.Purchase.StatusAsync(), (await desk.PaymentAsync()).Status));
        Assert.Equal((1, 0, 0), (await desk.JobsAsync(JobKinds.SendCancellation), await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        await Purchase.PlaceAsync(shop, variant); // its stock is free again
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("capture"), HttpStatusCode.Conflict, PaymentRefusals.NothingToCapture);
    }

    [Fact]
    public async Task Cancelling_after_a_capture_whose_answer_was_lost_gives_the_money_back()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/payment_intents", method = "POST" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await desk.PostAsync("capture")).StatusCode);
        await shop.GatewayClosesAsync();
        await ShopApi.OkAsync(CancelAsync(desk));
        await shop.SettleAsync();
        Assert.Equal(("cancelled", PaymentStatus.Refunded), (await desk.Purchase.StatusAsync(), (await desk.PaymentAsync()).Status));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
    }

    [Fact]
    public async Task Capture_and_cancellation_at_the_same_moment_have_one_outcome_and_nobody_is_out_of_money()
    {
        for (var round = 0; round < 8; round++)
        {
            var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
            var answers = await Task.WhenAll([.. Enumerable.Range(0, 3).Select(_ => desk.PostAsync("capture")), .. Enumerable.Range(0, 2).Select(_ => CancelAsync(desk))]);
            Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 200 or 409 or 422, $"{answer.StatusCode}"));
            await shop.SettleAsync();
            Assert.Equal("cancelled", await desk.Purchase.StatusAsync());
            Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
            Assert.Contains((await desk.PaymentAsync()).Status, new[] { PaymentStatus.Closed, PaymentStatus.Refunded });
        }
    }

    private static Task<HttpResponseMessage> CancelAsync(StaffDesk desk) => desk.PostAsync("cancellation", new { restock = true });

    [Fact]
    public async Task A_cancelled_authorisation_is_given_back_and_nothing_is_charged()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var desk = await StaffDesk.PaidAsync(shop, variant);
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        await shop.RunJobsAsync(JobKinds.VoidPayment);
        Assert.Equal(("cancelled", PaymentStatus.Closed), (await desk.Purchase.StatusAsync(), (await desk.PaymentAsync()).Status));
        var intent = await shop.StripeAsync(HttpMethod.Get, $"/v1/payment_intents/{(await desk.PaymentAsync()).PaymentIntentId}");
        Assert.Equal("canceled", intent.GetProperty("status").GetString());
        Assert.Equal((1, 0), (await desk.JobsAsync(JobKinds.SendCancellation), await desk.LedgerHasAsync()));
        await Purchase.PlaceAsync(shop, variant);
        await StaffDesk.AssertRefusedAsync(desk.PostAsync("capture"), HttpStatusCode.Conflict, PaymentRefusals.NothingToCapture);
    }

    [Theory]
    [InlineData("cancel", "payment_intent.canceled", OrderStatus.Cancelled, ReservationState.Released)]
    [InlineData("capture", "charge.captured", OrderStatus.Paid, ReservationState.Consumed)]
    public async Task What_happens_to_a_promise_at_Stripe_past_the_shop_happens_to_the_order(string verb, string type, OrderStatus status, ReservationState stock)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var intent = (await desk.PaymentAsync()).PaymentIntentId!;
        await shop.StripeAsync(HttpMethod.Post, $"/v1/payment_intents/{intent}/{verb}", []);
        await shop.WaitForEventAsync(type, intent);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await using var db = shop.Open();
        var order = await db.Orders.SingleAsync(o => o.Number == desk.Purchase.Number);
        Assert.Equal((status, stock), (order.Status, (await db.Reservations.SingleAsync(r => r.OrderId == order.Id)).State));
        Assert.Equal(await desk.StripeHasAsync(), await desk.LedgerHasAsync());
    }

    [Fact]
    public async Task A_part_that_staff_take_at_Stripe_is_what_the_order_its_receipt_and_the_audit_trail_say_was_paid()
    {
        var (part, whole) = (await StaffDesk.PaidAsync(shop, shop.Tide), await StaffDesk.PaidAsync(shop, shop.Tide));
        Assert.Equal(0, await PaidMinorAsync(part));
        var intent = (await part.PaymentAsync()).PaymentIntentId!;
        await shop.StripeAsync(HttpMethod.Post, $"/v1/payment_intents/{intent}/capture", new() { ["amount_to_capture"] = "500" });
        await shop.WaitForEventAsync("charge.captured", intent);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await ShopApi.OkAsync(whole.PostAsync("capture"));

        Assert.Equal((500, whole.Purchase.TotalMinor), (await PaidMinorAsync(part), await PaidMinorAsync(whole)));
        var order = await part.ReadAsync();
        Assert.Equal((500, 1), (order.GetProperty("payment").GetProperty("refundable").GetProperty("amountMinor").GetInt64(), await part.JobsAsync(JobKinds.SendReceipt)));
        var details = PaidLineOf(order).GetProperty("details");
        Assert.Equal((500, part.Purchase.TotalMinor), (details.GetProperty("captured").GetProperty("amountMinor").GetInt64(), details.GetProperty("total").GetProperty("amountMinor").GetInt64()));
        Assert.Equal(JsonValueKind.Null, PaidLineOf(await whole.ReadAsync()).GetProperty("details").ValueKind);
    }

    private async Task<long> PaidMinorAsync(StaffDesk desk) =>
        (await ShopApi.OkAsync(shop.Client.GetAsync($"/api/v1/orders/{desk.Purchase.Number}?key={desk.Purchase.Key}"))).GetProperty("paid").GetProperty("amountMinor").GetInt64();

    private static JsonElement PaidLineOf(JsonElement order) => order.GetProperty("history").EnumerateArray().Single(line => line.GetProperty("action").GetString() == "orders.paid");

    [Fact]
    public async Task A_second_promise_is_a_difference_while_it_lasts_and_its_end_is_not_the_end_of_the_first()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var second = await desk.PayAtStripeAsync(capture: "manual");
        await shop.ReconcileAsync();
        Assert.Equal(("authorised", desk.Purchase.TotalMinor), (await desk.Purchase.StatusAsync(), (await desk.SurplusAsync(second))?.StripeMinor));
        await shop.StripeAsync(HttpMethod.Post, $"/v1/payment_intents/{second}/cancel", []);
        await shop.WaitForEventAsync("payment_intent.canceled", second);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        Assert.Null(await desk.SurplusAsync(second));
        await shop.ReconcileAsync();
        Assert.Equal(("authorised", 0), (await desk.Purchase.StatusAsync(), await desk.JobsAsync(JobKinds.SendCancellation)));
        await ShopApi.OkAsync(desk.PostAsync("capture"));
        await desk.Purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task Money_taken_beside_a_promise_is_a_difference_and_goes_back_when_the_promise_ends()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var (first, second) = ((await desk.PaymentAsync()).PaymentIntentId!, await desk.PayAtStripeAsync());
        await shop.ReconcileAsync();
        Assert.Equal(("authorised", desk.Purchase.TotalMinor), (await desk.Purchase.StatusAsync(), (await desk.SurplusAsync(second))?.StripeMinor));
        await shop.StripeAsync(HttpMethod.Post, $"/v1/payment_intents/{first}/cancel", []);
        await shop.WaitForEventAsync("payment_intent.canceled", first);
        await shop.SettleAsync();
        Assert.Equal("cancelled", await desk.Purchase.StatusAsync());
        await shop.ReconcileAsync();
        await shop.SettleAsync();
        Assert.Equal((second, PaymentStatus.Refunded), ((await desk.PaymentAsync()).PaymentIntentId, (await desk.PaymentAsync()).Status));
        Assert.Equal((0, 0, null), (await desk.StripeHasAsync(), await desk.LedgerHasAsync(), await desk.SurplusAsync(second)));
    }

    [Fact]
    public async Task A_promise_that_ended_before_the_shop_heard_of_it_keeps_no_stock()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var desk = new StaffDesk(await Purchase.PlaceAsync(shop, variant));
        var page = await desk.Purchase.OpenSessionAsync();
        await shop.WebhookFaultAsync(new { events = 10, copiesMin = 0, copiesMax = 0 });
        await desk.Purchase.PayAsync(page);
        var intent = (await shop.StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{page}")).GetProperty("payment_intent").GetString();
        await shop.StripeAsync(HttpMethod.Post, $"/v1/payment_intents/{intent}/cancel", []);
        await shop.Stripe.DeleteAsync("/_emulator/webhooks/faults");
        var orderId = await desk.OrderIdAsync();
        await shop.InScopeAsync<PaymentVerbs>(payments => payments.ExpireReservationAsync(orderId, null, CancellationToken.None));
        Assert.Equal(("expired", PaymentStatus.Closed), (await desk.Purchase.StatusAsync(), (await desk.PaymentAsync()).Status));
        await Purchase.PlaceAsync(shop, variant);
    }

    [Fact]
    public async Task Money_taken_past_the_shop_after_a_cancellation_goes_back()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await shop.StripeAsync(HttpMethod.Post, $"/v1/payment_intents/{(await desk.PaymentAsync()).PaymentIntentId}/capture", []);
        await ShopApi.OkAsync(desk.PostAsync("cancellation", new { restock = true }));
        await shop.RunJobsAsync(JobKinds.VoidPayment);
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        Assert.Equal(("cancelled", PaymentStatus.Refunded), (await desk.Purchase.StatusAsync(), (await desk.PaymentAsync()).Status));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
    }
}
