using System.Net;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Payments;
using Commerce.Stock;
using Microsoft.EntityFrameworkCore;
using Tests.Api.Payments;

namespace Tests.Api;

public class LatePaymentTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData(true, OrderStatus.Paid, PaymentStatus.Paid, 0, "order.paid")]
    [InlineData(false, OrderStatus.Expired, PaymentStatus.Refunded, 1, "order.refunded")]
    public async Task A_payment_for_an_expired_order_ends_in_an_order_or_in_a_refund(bool stockIsThere, OrderStatus order, PaymentStatus payment, int refunds, string lastEvent)
    {
        await shop.AddListenerAsync();
        var variant = await shop.AddGoodsAsync(stock: 1);
        var (purchase, session) = await PayTooLateAsync(variant);
        if (!stockIsThere) await Purchase.PlaceAsync(shop, variant);
        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/refunds", method = "POST" });
        await shop.EventAsync(session, "checkout.session.completed");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        if (refunds > 0) await Assert.ThrowsAsync<GatewayUnavailableException>(() => shop.RunJobsAsync(JobKinds.RefundPayment));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        await shop.Stripe.DeleteAsync("/_emulator/faults");

        await AssertAsync(purchase, order, payment, reserved: false);
        var intent = (await ReadAsync(purchase)).Payment!.PaymentIntentId;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/refunds?payment_intent={intent}") { Headers = { { "Authorization", "Bearer sk_test_1" } } };
        Assert.Equal(refunds, (await ShopApi.OkAsync(shop.Stripe.SendAsync(request))).GetProperty("data").GetArrayLength());
        await using var after = shop.Open();
        var key = $"order:{(await ReadAsync(purchase)).Id}";
        Assert.Equal(1 - refunds, await after.Set<OutboxRow>().CountAsync(r => r.Kind == JobKinds.SendReceipt && r.DedupeKey == key));
        Assert.Equal(["order.placed", "order.expired", lastEvent], await purchase.EventsAsync());
        var trail = await after.AuditEntries.Where(e => e.Subject == $"order:{purchase.Number}").OrderBy(e => e.Id).ToListAsync();
        Assert.Equal(trail.Select(e => e.At).Order(), trail.Select(e => e.At));
        if (refunds > 0) Assert.All(trail.Where(e => e.Action is "orders.paid-too-late" or "refunds.requested"), e => Assert.Equal("Paid when the order was expired", e.Reason));
        Assert.Equal(refunds > 0, trail.Exists(e => e.Action == "orders.paid-too-late"));
    }

    [Fact]
    public async Task Money_of_an_order_that_never_had_units_is_sent_once_more_without_any()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var (purchase, session) = await PayTooLateAsync(variant);
        await Purchase.PlaceAsync(shop, variant);
        await shop.EventAsync(session, "checkout.session.completed");
        foreach (var kind in (string[])[JobKinds.ApplyStripeEvent, JobKinds.RefundPayment]) await shop.RunJobsAsync(kind);
        var desk = new StaffDesk(purchase);
        var atStripe = (await desk.ReadAsync()).GetProperty("refunds")[0].GetProperty("stripeRefundId").GetString()!;
        await ShopApi.OkAsync(shop.Stripe.PostAsync($"/_emulator/refunds/{atStripe}/failure", null));
        await shop.EventAsync(atStripe, "refund.failed");
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        await AssertAsync(purchase, OrderStatus.Expired, PaymentStatus.RefundDue, reserved: false);

        await StaffDesk.AssertRefusedAsync(desk.RefundAsync(new { lines = new[] { new { position = 1, quantity = 1 } } }), HttpStatusCode.UnprocessableEntity, OrderRefusals.LineInvalid);
        var again = await ShopApi.OkAsync(desk.RefundAsync(new { restock = true }));
        Assert.Equal((purchase.TotalMinor, 0), (again.GetProperty("amount").GetProperty("amountMinor").GetInt64(), again.GetProperty("lines").GetArrayLength()));
        await shop.RunJobsAsync(JobKinds.RefundPayment);
        await AssertAsync(purchase, OrderStatus.Expired, PaymentStatus.Refunded, reserved: false);
        var order = await desk.ReadAsync();
        Assert.Equal(("expired", 0), (order.GetProperty("status").GetString(), order.GetProperty("lines")[0].GetProperty("cancelled").GetInt32()));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
        await using var db = shop.Open();
        var item = await db.StockItems.SingleAsync(s => s.VariantId == variant);
        Assert.Equal((1, 1), (item.OnHand, item.Reserved));
    }

    [Fact]
    public async Task Late_money_that_was_disputed_before_it_went_back_goes_back_when_the_dispute_is_won()
    {
        var variant = await shop.AddGoodsAsync(stock: 1);
        var (purchase, session) = await PayTooLateAsync(variant, card: "4000000000000259");
        await Purchase.PlaceAsync(shop, variant);
        await shop.EventAsync(session, "checkout.session.completed");
        await shop.SettleAsync();
        var desk = new StaffDesk(purchase);
        await shop.WaitForEventAsync("charge.dispute.created", (await desk.PaymentAsync()).PaymentIntentId!);
        await shop.SettleAsync();
        var order = await desk.ReadAsync();
        Assert.Equal(("expired", "failed"), (order.GetProperty("status").GetString(), Assert.Single(order.GetProperty("refunds").EnumerateArray()).GetProperty("status").GetString()));

        await shop.DecideDisputeAsync((await desk.PaymentAsync()).PaymentIntentId!, "won");
        await shop.SettleAsync();
        var refunds = (await desk.ReadAsync()).GetProperty("refunds");
        Assert.Equal((2, "late-payment", "succeeded", purchase.TotalMinor), (refunds.GetArrayLength(), refunds[1].GetProperty("cause").GetString(), refunds[1].GetProperty("status").GetString(),
            refunds[1].GetProperty("amount").GetProperty("amountMinor").GetInt64()));
        Assert.Equal((0, 0), (await desk.StripeHasAsync(), await desk.LedgerHasAsync()));
    }

    /// <summary>What a shop sees that was restored from before the payment: it expired the order, Stripe took the money.</summary>
    private async Task<(Purchase Purchase, string Session)> PayTooLateAsync(Guid variant, string card = "4242424242424242")
    {
        var purchase = await Purchase.PlaceAsync(shop, variant);
        var session = await purchase.OpenSessionAsync();
        await purchase.PayAsync(session, card);
        await using var db = shop.Open();
        var placed = await db.Orders.Include(o => o.Payment).SingleAsync(o => o.Number == purchase.Number);
        placed.Expire(DateTimeOffset.UtcNow);
        await db.Database.ExecuteSqlAsync($"UPDATE payments SET status = 'Closed' WHERE order_id = {placed.Id}");
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.ReleaseReservationsAsync(placed.Id, DateTimeOffset.UtcNow, CancellationToken.None);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return (purchase, session);
    }

    private async Task<Order> ReadAsync(Purchase purchase)
    {
        await using var db = shop.Open();
        return await db.Orders.AsNoTracking().Include(o => o.Payment).SingleAsync(o => o.Number == purchase.Number);
    }

    private async Task AssertAsync(Purchase purchase, OrderStatus status, PaymentStatus payment, bool reserved)
    {
        var order = await ReadAsync(purchase);
        Assert.Equal((status, payment), (order.Status, order.Payment!.Status));
        await using var db = shop.Open();
        Assert.Equal(reserved, await db.Reservations.AnyAsync(r => r.OrderId == order.Id && r.State == ReservationState.Held));
    }
}
