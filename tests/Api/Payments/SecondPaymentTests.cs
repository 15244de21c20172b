using Commerce.Outbox;
using Commerce.Payments;

namespace Tests.Api.Payments;

/// <summary>A payment beside the one that paid the order, and a page beside the payment that counts.</summary>
public class SecondPaymentTests(ShopApi shop) : IClassFixture<ShopApi>
{
    [Theory]
    [InlineData("automatic", "paid")]
    [InlineData("manual", "authorised")]
    public async Task A_page_ends_with_its_time_when_something_else_has_paid_its_order(string capture, string status)
    {
        var desk = new StaffDesk(await Purchase.PlaceAsync(shop, shop.Tide));
        var page = await desk.Purchase.OpenSessionAsync();
        await desk.PayAtStripeAsync(capture: capture);
        await shop.ReconcileAsync();
        Assert.Equal((status, "open"), (await desk.Purchase.StatusAsync(), await PageAsync(page)));
        await ExpireAsync(desk);
        Assert.Equal("expired", await PageAsync(page));
        await shop.SettleAsync(); // the news of that page, too
        if (capture == "manual") await ShopApi.OkAsync(desk.PostAsync("capture"));
        await desk.Purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task A_page_whose_answer_was_lost_ends_so_too()
    {
        var desk = new StaffDesk(await Purchase.PlaceAsync(shop, shop.Tide));
        await shop.FaultAsync(new { kind = "ErrorAfter", path = "/v1/checkout/sessions", method = "POST" });
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await desk.Purchase.SendAsync("payment-session")).StatusCode);
        await shop.Stripe.DeleteAsync("/_emulator/faults");
        await shop.GatewayClosesAsync();
        var page = (await shop.StripeAsync(HttpMethod.Get, "/v1/checkout/sessions?limit=100")).GetProperty("data").EnumerateArray()
            .Single(s => s.GetProperty("client_reference_id").GetString() == desk.Purchase.Number).GetProperty("id").GetString()!;
        await desk.PayAtStripeAsync();
        await shop.ReconcileAsync();
        await ExpireAsync(desk);
        Assert.Equal(("paid", "expired"), (await desk.Purchase.StatusAsync(), await PageAsync(page)));
    }

    [Fact]
    public async Task Nothing_is_asked_of_Stripe_when_the_time_of_an_order_is_up_that_its_own_page_has_paid()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await shop.FaultAsync(new { kind = "Status", status = 503, path = "/v1/checkout/sessions", calls = 100 });
        await ExpireAsync(desk);
        await shop.Stripe.DeleteAsync("/_emulator/faults");
        await desk.Purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task A_second_payment_that_has_gone_back_stays_so_when_the_news_of_its_page_come_late()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        await shop.WebhookFaultAsync(new { events = 1, type = "checkout.session.completed", copiesMin = 0, copiesMax = 0 });
        var second = await desk.PayOnSecondPageAsync();
        await shop.StripeAsync(HttpMethod.Post, "/v1/refunds", new() { ["payment_intent"] = second });
        await shop.SettleAsync();
        Assert.True((await shop.ReconcileAsync()).HealedCount > 0);
        Assert.Null(await desk.SurplusAsync(second));
        await desk.Purchase.AssertPaidOnceAsync(1);
    }

    [Theory]
    [InlineData("won")]
    [InlineData("lost")]
    public async Task A_second_payment_that_the_bank_has_taken_back_is_a_difference_only_if_the_shop_gets_it_again(string outcome)
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var second = await desk.PayAtStripeAsync("pm_card_createDispute");
        await shop.WaitForEventAsync("charge.dispute.created", second);
        await shop.SettleAsync();
        Assert.Null(await desk.SurplusAsync(second));

        var dispute = (await shop.StripeAsync(HttpMethod.Get, $"/v1/disputes?payment_intent={second}")).GetProperty("data")[0].GetProperty("id").GetString()!;
        await shop.DecideDisputeAsync(second, outcome);
        await shop.SettleAsync();
        for (var i = 0; i < 2; i++, await shop.ReconcileAsync())
        {
            var surplus = await desk.SurplusAsync(second);
            Assert.Equal(outcome == "won" ? desk.Purchase.TotalMinor : null, surplus?.StripeMinor);
            if (surplus is not null) Assert.Contains($"Its dispute {dispute} is won", surplus.Detail, StringComparison.Ordinal);
        }
        Assert.Equal(desk.Purchase.TotalMinor, await desk.LedgerHasAsync());
        await desk.Purchase.AssertPaidOnceAsync(1);
    }

    [Fact]
    public async Task An_inquiry_about_a_second_payment_is_named_with_its_date()
    {
        var desk = await StaffDesk.PaidAsync(shop, shop.Tide);
        var second = await desk.PayAtStripeAsync("pm_card_createDisputeInquiry");
        await shop.WaitForEventAsync("charge.dispute.created", second);
        await shop.RunJobsAsync(JobKinds.ApplyStripeEvent);
        var surplus = await desk.SurplusAsync(second);
        Assert.Equal(desk.Purchase.TotalMinor, surplus!.StripeMinor);
        Assert.Matches(@"Its dispute du_\w+ is warning_needs_response, evidence is due by \d{4}-\d\d-\d\d\.", surplus.Detail);
    }

    private async Task ExpireAsync(StaffDesk desk)
    {
        var orderId = await desk.OrderIdAsync();
        await shop.InScopeAsync<PaymentVerbs>(payments => payments.ExpireReservationAsync(orderId, null, CancellationToken.None));
    }

    private async Task<string> PageAsync(string session) => (await shop.StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{session}")).GetProperty("status").GetString()!;
}
