using System.Net;
using Stripe;

namespace Tests.Stripe;

/// <summary>3-D Secure of an intent that was made by the API, without a Checkout Session and without Stripe.js.</summary>
public sealed class ChallengeTests : IAsyncLifetime
{
    private const string ReturnUrl = "https://shop.example/back?order=OG-1";
    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Theory]
    [InlineData("pm_card_authenticationRequired", "automatic", "complete", "succeeded", "succeeded", "succeeded")]
    [InlineData("pm_card_authenticationRequired", "manual", "complete", "succeeded", "requires_capture", "succeeded")]
    [InlineData("pm_card_authenticationRequired", "automatic", "fail", "failed", "requires_payment_method", null)]
    [InlineData("pm_card_threeDSecureRequiredChargeDeclined", "automatic", "complete", "failed", "requires_payment_method", "failed")]
    public async Task The_holder_answers_on_a_page_and_goes_back_to_the_shop(string card, string capture, string answer, string told, string status, string? charge)
    {
        var intent = await ConfirmAsync(card, capture, ReturnUrl);
        var next = intent.NextAction;
        Assert.Equal(("requires_action", "redirect_to_url", ReturnUrl), (intent.Status, next.Type, next.RedirectToUrl.ReturnUrl));
        using (var asked = await _run.Http.GetAsync(next.RedirectToUrl.Url))
        {
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
            Assert.Contains("Is it you who pays €49.00?", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains("form-action 'self' https://shop.example", asked.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
        Assert.Empty((await _run.Client.V1.Charges.ListAsync()).Data);

        var back = $"{ReturnUrl}&payment_intent={intent.Id}&payment_intent_client_secret={intent.ClientSecret}&redirect_status={told}";
        for (var i = 0; i < 2; i++) // the second time somebody went back in the browser
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["answer"] = answer });
            var answered = await Page.ReadAsync(await _run.Http.PostAsync(next.RedirectToUrl.Url, form));
            Assert.Equal((HttpStatusCode.SeeOther, back), (answered.Status, answered.Location));
        }
        Assert.Equal(back, (await Page.ReadAsync(await _run.Http.GetAsync(next.RedirectToUrl.Url))).Location);
        var after = await _run.Client.V1.PaymentIntents.GetAsync(intent.Id);
        Assert.Equal((status, (string?)null), (after.Status, after.NextAction?.Type));
        Assert.Equal(charge, (await _run.Client.V1.Charges.ListAsync()).Data.SingleOrDefault()?.Status);
    }

    [Fact]
    public async Task Who_says_nowhere_to_go_on_is_left_to_Stripe_s_own_script()
    {
        var intent = await ConfirmAsync("pm_card_authenticationRequired", "automatic", returnUrl: null);
        Assert.Equal(("requires_action", "use_stripe_sdk", (string?)null), (intent.Status, intent.NextAction.Type, intent.NextAction.RedirectToUrl?.Url));
        using var page = await _run.Http.GetAsync($"/c/authenticate/{intent.ClientSecret}");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task Only_who_knows_the_intent_s_secret_answers_for_its_holder()
    {
        var intent = await ConfirmAsync("pm_card_authenticationRequired", "automatic", ReturnUrl);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["answer"] = "complete" });
        foreach (var guess in (string[])[$"{intent.Id}_secret_guess", intent.Id, "pi_nothing_secret_x"])
            Assert.Equal(HttpStatusCode.NotFound, (await Page.ReadAsync(await _run.Http.PostAsync($"/c/authenticate/{guess}", form))).Status);
        Assert.Equal("requires_action", (await _run.Client.V1.PaymentIntents.GetAsync(intent.Id)).Status);
    }

    [Fact]
    public async Task A_card_that_asks_is_declined_where_its_holder_is_not_there()
    {
        var options = Orders.Intent(4900);
        (options.Confirm, options.OffSession, options.PaymentMethod) = (true, true, "pm_card_authenticationRequired");
        var refused = await Assert.ThrowsAsync<StripeException>(() => _run.Client.V1.PaymentIntents.CreateAsync(options));
        Assert.Equal(("authentication_required", "authentication_required", "requires_payment_method"), (refused.StripeError.Code, refused.StripeError.DeclineCode, refused.StripeError.PaymentIntent.Status));
        Assert.Equal((true, "never"), (refused.StripeError.PaymentIntent.AutomaticPaymentMethods.Enabled, refused.StripeError.PaymentIntent.AutomaticPaymentMethods.AllowRedirects));
        options.PaymentMethod = "pm_card_visa";
        Assert.Equal("succeeded", (await _run.Client.V1.PaymentIntents.CreateAsync(options)).Status);
    }

    private async Task<PaymentIntent> ConfirmAsync(string card, string capture, string? returnUrl)
    {
        var options = Orders.Intent(4900);
        options.AutomaticPaymentMethods = null;
        options.CaptureMethod = capture;
        var intent = await _run.Client.V1.PaymentIntents.CreateAsync(options);
        return await _run.Client.V1.PaymentIntents.ConfirmAsync(intent.Id, new PaymentIntentConfirmOptions { PaymentMethod = card, ReturnUrl = returnUrl });
    }
}
