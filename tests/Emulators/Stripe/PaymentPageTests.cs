using System.Net;
using Stripe.Checkout;

namespace Tests.Stripe;

public sealed class PaymentPageTests : IAsyncLifetime
{
    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task The_page_shows_the_order_and_says_that_it_is_a_test()
    {
        var options = Orders.Session();
        options.LineItems[0].PriceData.ProductData.Name = "<script>alert(1)</script>";
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(options);
        using var response = await _run.Http.GetAsync(session.Url);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Contains("€102.90", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("Test emulator", html, StringComparison.Ordinal);
        Assert.Contains("4000 0000 0000 9995", html, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://shop.example", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_card_4242_pays_and_leads_back_to_the_shop()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        var page = await _run.PayAsync(session.Url, "4242 4242 4242 4242");
        Assert.Equal((HttpStatusCode.SeeOther, $"https://shop.example/orders/OG-1?key=k&session_id={session.Id}"), (page.Status, page.Location));

        var paid = await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id, new SessionGetOptions { Expand = ["payment_intent.latest_charge"] });
        Assert.Equal(("complete", "paid", "succeeded"), (paid.Status, paid.PaymentStatus, paid.PaymentIntent.Status));
        Assert.Equal(10_290, paid.PaymentIntent.LatestCharge.AmountCaptured);
        Assert.Equal("OG-1", paid.PaymentIntent.Metadata["order"]);
        Assert.Equal("ada@example.com", paid.CustomerDetails.Email);
    }

    [Fact]
    public async Task A_paid_session_cannot_be_paid_again()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4242424242424242");
        var second = await _run.PayAsync(session.Url, "4242424242424242");
        Assert.Contains("Already paid", second.Html, StringComparison.Ordinal);
        Assert.Single((await _run.Client.V1.Charges.ListAsync()).Data);
    }

    [Fact]
    public async Task Twenty_windows_that_pay_at_once_make_one_charge()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _run.PayAsync(session.Url, "4242424242424242")));
        Assert.Single((await _run.Client.V1.Charges.ListAsync()).Data);
    }

    [Theory]
    [InlineData("4000000000000002", "Your card was declined.")]
    [InlineData("4000000000009995", "Your card has insufficient funds.")]
    [InlineData("4000000000000069", "Your card has expired.")]
    public async Task A_declined_card_says_so_and_another_may_be_tried(string number, string message)
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        var declined = await _run.PayAsync(session.Url, number);
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.Status);
        Assert.Contains(message, declined.Html, StringComparison.Ordinal);
        Assert.Equal("open", (await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id)).Status);

        Assert.Equal(HttpStatusCode.SeeOther, (await _run.PayAsync(session.Url, "4242424242424242")).Status);
        var charges = await _run.Client.V1.Charges.ListAsync();
        Assert.Equal(["succeeded", "failed"], charges.Data.Select(charge => charge.Status));
        Assert.Single(charges.Data.Select(charge => charge.PaymentIntentId).Distinct());
    }

    [Theory]
    [InlineData("4000002500003155")]
    [InlineData("4000000000003220")]
    public async Task A_3_D_Secure_card_pays_only_after_the_holder_has_confirmed(string number)
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        var asked = await _run.PayAsync(session.Url, number);
        Assert.Equal((HttpStatusCode.SeeOther, $"/c/pay/{session.Id}/challenge"), (asked.Status, asked.Location));
        Assert.Empty((await _run.Client.V1.Charges.ListAsync()).Data);

        var failed = await _run.AnswerChallengeAsync(session.Url, "fail");
        Assert.Contains("unable to authenticate", failed.Html, StringComparison.Ordinal);
        Assert.Empty((await _run.Client.V1.Charges.ListAsync()).Data);

        await _run.PayAsync(session.Url, number);
        var done = await _run.AnswerChallengeAsync(session.Url, "complete");
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        var charge = Assert.Single((await _run.Client.V1.Charges.ListAsync()).Data);
        Assert.Equal(("succeeded", "authenticated"), (charge.Status, charge.PaymentMethodDetails.Card.ThreeDSecure.Result));
    }

    [Theory]
    [InlineData("4242424242424241", "04/40", "123", "Your card number is invalid.")]
    [InlineData("4111111111111111", "04/40", "123", "not one of the test cards")]
    [InlineData("4242424242424242", "04/20", "123", "expiration date is in the past")]
    [InlineData("4242424242424242", "13/40", "123", "month and year")]
    [InlineData("4242424242424242", "04/40", "12", "security code has 3 digits")]
    [InlineData("", "", "", "Give a card number")]
    public async Task A_form_with_a_mistake_says_what_and_charges_nothing(string number, string expiry, string cvc, string message)
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        var page = await _run.PayAsync(session.Url, number, expiry, cvc);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains(message, page.Html, StringComparison.Ordinal);
        Assert.Empty((await _run.StateAsync())["payment_intents"]!.AsArray());
    }

    [Fact]
    public async Task A_manual_capture_completes_the_session_unpaid_until_it_is_captured()
    {
        var options = Orders.Session();
        options.PaymentIntentData.CaptureMethod = "manual";
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(options);
        await _run.PayAsync(session.Url, "4242424242424242");
        var complete = await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id);
        Assert.Equal(("complete", "unpaid"), (complete.Status, complete.PaymentStatus));

        await _run.Client.V1.PaymentIntents.CaptureAsync(complete.PaymentIntentId);
        Assert.Equal("paid", (await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id)).PaymentStatus);
    }

    [Fact]
    public async Task A_session_expires_by_itself_and_takes_no_payment_afterwards()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4000000000000002");
        await _run.ControlAsync("clock", new { advanceSeconds = 41 * 60 });
        await _run.Receiver.WaitForAsync("checkout.session.expired");

        var late = await _run.PayAsync(session.Url, "4242424242424242");
        Assert.Equal(HttpStatusCode.Gone, late.Status);
        Assert.Contains("has expired", late.Html, StringComparison.Ordinal);
        var expired = await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id, new SessionGetOptions { Expand = ["payment_intent"] });
        Assert.Equal(("expired", "canceled"), (expired.Status, expired.PaymentIntent.Status));
        Assert.Contains("payment_intent.canceled", _run.Receiver.Types);
    }

    [Fact]
    public async Task A_session_nobody_made_is_not_found()
    {
        using var response = await _run.Http.GetAsync("/c/pay/cs_test_nothing");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
