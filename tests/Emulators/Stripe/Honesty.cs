using Stripe;
using Stripe.Checkout;

namespace Tests.Stripe;

/// <summary>What must hold at the emulator and at Stripe alike: the same tests run against both.</summary>
public abstract class Honesty
{
    protected abstract StripeClient Client { get; }

    [Fact]
    public async Task A_session_comes_back_as_it_was_created()
    {
        var created = await Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        var read = await Client.V1.Checkout.Sessions.GetAsync(created.Id, new SessionGetOptions { Expand = ["line_items"] });

        Assert.StartsWith("cs_test_", created.Id, StringComparison.Ordinal);
        Assert.Equal((created.Id, "open", "unpaid", "payment"), (read.Id, read.Status, read.PaymentStatus, read.Mode));
        Assert.Equal((9800 + 490, 9800, "eur"), (read.AmountTotal, read.AmountSubtotal, read.Currency));
        Assert.Equal(("OG-1", "ada@example.com"), (read.ClientReferenceId, read.CustomerEmail));
        Assert.Equal("OG-1", read.Metadata["order"]);
        Assert.Null(read.PaymentIntentId);
        Assert.False(read.Livemode);
        var line = Assert.Single(read.LineItems.Data);
        Assert.Equal((2, 9800, "Print “Moiré” A3"), (line.Quantity, line.AmountTotal, line.Description));
        Assert.Equal(4900, line.Price.UnitAmount);
        Assert.True(Uri.TryCreate(read.Url, UriKind.Absolute, out _));
    }

    [Fact]
    public async Task An_expired_session_cannot_be_expired_again()
    {
        var session = await Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        var expired = await Client.V1.Checkout.Sessions.ExpireAsync(session.Id);
        Assert.Equal("expired", expired.Status);
        Assert.Null(expired.Url);

        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Checkout.Sessions.ExpireAsync(session.Id));
        Assert.Equal((400, "invalid_request_error"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type));
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Checkout.Sessions.GetAsync("cs_test_nothing"));
        Assert.Equal((404, "invalid_request_error", "resource_missing"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type, refusal.StripeError.Code));
        Assert.StartsWith("req_", refusal.StripeResponse.RequestId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_would_expire_too_soon_is_refused()
    {
        var options = Orders.Session();
        options.ExpiresAt = DateTime.UtcNow.AddMinutes(5);
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Checkout.Sessions.CreateAsync(options));
        Assert.Equal((400, "expires_at"), ((int)refusal.HttpStatusCode, refusal.StripeError.Param));
    }

    [Fact]
    public async Task A_key_replays_its_first_answer_and_refuses_other_parameters()
    {
        var key = new RequestOptions { IdempotencyKey = Guid.NewGuid().ToString() };
        var first = await Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900), key);
        var second = await Client.V1.PaymentIntents.CreateAsync(Orders.Intent(4900), key);
        Assert.Equal(first.Id, second.Id);
        Assert.True(second.StripeResponse.Headers.TryGetValues("Idempotent-Replayed", out var replayed) && replayed.Single() == "true");

        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.PaymentIntents.CreateAsync(Orders.Intent(5000), key));
        Assert.Equal((400, "idempotency_error"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type));
    }

    [Fact]
    public async Task A_card_that_pays_leads_to_a_charge_that_can_be_refunded_in_parts()
    {
        var intent = await Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        Assert.Equal(("succeeded", 4900), (intent.Status, intent.AmountReceived));
        Assert.Equal(("succeeded", true, true, "4242"), (intent.LatestCharge.Status, intent.LatestCharge.Paid, intent.LatestCharge.Captured, intent.LatestCharge.PaymentMethodDetails.Card.Last4));

        var part = await Client.V1.Refunds.CreateAsync(new RefundCreateOptions { PaymentIntent = intent.Id, Amount = 1900, Reason = "requested_by_customer" });
        Assert.Equal(("succeeded", 1900, intent.LatestChargeId), (part.Status, part.Amount, part.ChargeId));
        var tooMuch = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Refunds.CreateAsync(new RefundCreateOptions { PaymentIntent = intent.Id, Amount = 4900 }));
        Assert.Equal(400, (int)tooMuch.HttpStatusCode);
        var rest = await Client.V1.Refunds.CreateAsync(new RefundCreateOptions { Charge = intent.LatestChargeId });
        Assert.Equal(3000, rest.Amount);
        var again = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Refunds.CreateAsync(new RefundCreateOptions { Charge = intent.LatestChargeId }));
        Assert.Equal("charge_already_refunded", again.StripeError.Code);

        var charge = await Client.V1.Charges.GetAsync(intent.LatestChargeId);
        Assert.Equal((4900, true), (charge.AmountRefunded, charge.Refunded));
        var refunds = await Client.V1.Refunds.ListAsync(new RefundListOptions { PaymentIntent = intent.Id });
        Assert.Equal([rest.Id, part.Id], refunds.Data.Select(refund => refund.Id));
        var kept = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Refunds.CancelAsync(part.Id));
        Assert.Equal((400, "invalid_request_error"), ((int)kept.HttpStatusCode, kept.StripeError.Type));
    }

    [Theory]
    [InlineData("xxx")]
    [InlineData("zzz")]
    public async Task A_currency_that_nobody_has_is_refused(string currency)
    {
        var options = Orders.Intent(4900);
        options.Currency = currency;
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.PaymentIntents.CreateAsync(options));
        Assert.Equal((400, "invalid_request_error", "currency"), ((int)refusal.HttpStatusCode, refusal.StripeError.Type, refusal.StripeError.Param));
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", null)]
    public async Task A_declined_card_is_a_card_error_with_its_reason(string method, string code, string? declineCode)
    {
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900, method)));
        Assert.Equal((402, "card_error", code), ((int)refusal.HttpStatusCode, refusal.StripeError.Type, refusal.StripeError.Code));
        Assert.Equal(declineCode, declineCode is null ? null : refusal.StripeError.DeclineCode);

        var intent = await Client.V1.PaymentIntents.GetAsync(refusal.StripeError.PaymentIntent.Id);
        Assert.Equal(("requires_payment_method", code), (intent.Status, intent.LastPaymentError.Code));
    }

    [Fact]
    public async Task A_manual_capture_takes_less_than_was_authorised()
    {
        var options = Orders.Paid(4900);
        options.CaptureMethod = "manual";
        var intent = await Client.V1.PaymentIntents.CreateAsync(options);
        Assert.Equal(("requires_capture", 4900, 0), (intent.Status, intent.AmountCapturable, intent.AmountReceived));

        var captured = await Client.V1.PaymentIntents.CaptureAsync(intent.Id, new PaymentIntentCaptureOptions { AmountToCapture = 4000 });
        Assert.Equal(("succeeded", 0, 4000), (captured.Status, captured.AmountCapturable, captured.AmountReceived));
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.PaymentIntents.CancelAsync(intent.Id));
        Assert.Equal("payment_intent_unexpected_state", refusal.StripeError.Code);
    }

    [Fact]
    public async Task A_cancelled_authorisation_refunds_nothing()
    {
        var options = Orders.Paid(4900);
        options.CaptureMethod = "manual";
        var intent = await Client.V1.PaymentIntents.CreateAsync(options);
        var cancelled = await Client.V1.PaymentIntents.CancelAsync(intent.Id, new PaymentIntentCancelOptions { CancellationReason = "abandoned" });
        Assert.Equal(("canceled", "abandoned", 0), (cancelled.Status, cancelled.CancellationReason, cancelled.AmountCapturable));
        var charge = await Client.V1.Charges.GetAsync(intent.LatestChargeId);
        Assert.Equal((false, 0, 0), (charge.Refunded, charge.AmountRefunded, charge.AmountCaptured));
    }

    [Fact]
    public async Task A_disputed_charge_cannot_be_refunded_and_a_dispute_that_is_won_gives_the_money_back()
    {
        var intent = await Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900, "pm_card_createDispute"));
        var dispute = await EventuallyAsync(async () => (await Client.V1.Disputes.ListAsync(new DisputeListOptions { PaymentIntent = intent.Id })).Data.FirstOrDefault());
        Assert.Equal(("needs_response", 4900, "fraudulent", intent.LatestChargeId), (dispute.Status, dispute.Amount, dispute.Reason, dispute.ChargeId));
        Assert.Equal(-4900, Assert.Single(dispute.BalanceTransactions).Amount);
        Assert.True((await Client.V1.Charges.GetAsync(intent.LatestChargeId)).Disputed);
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.Refunds.CreateAsync(new RefundCreateOptions { PaymentIntent = intent.Id }));
        Assert.Equal((400, "charge_disputed"), ((int)refusal.HttpStatusCode, refusal.StripeError.Code));

        await Client.V1.Disputes.UpdateAsync(dispute.Id, new DisputeUpdateOptions { Evidence = new() { UncategorizedText = "winning_evidence" }, Submit = true });
        var won = await EventuallyAsync(async () => await Client.V1.Disputes.GetAsync(dispute.Id) is { Status: "won" } closed ? closed : null);
        Assert.Equal([-4900, 4900], won.BalanceTransactions.Select(movement => movement.Amount).Order());
    }

    [Fact]
    public async Task A_dispute_that_is_given_up_is_lost()
    {
        var intent = await Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900, "pm_card_createDispute"));
        var dispute = await EventuallyAsync(async () => (await Client.V1.Disputes.ListAsync(new DisputeListOptions { PaymentIntent = intent.Id })).Data.FirstOrDefault());
        Assert.Equal("lost", (await Client.V1.Disputes.CloseAsync(dispute.Id)).Status);
    }

    private static async Task<T> EventuallyAsync<T>(Func<Task<T?>> look) where T : class
    {
        for (var i = 0; i < 60; i++, await Task.Delay(500))
            if (await look() is { } found)
                return found;
        throw new TimeoutException("It did not come within 30 s.");
    }

    [Fact]
    public async Task Lists_page_from_the_newest_without_gap_or_repetition()
    {
        var made = new List<string>();
        for (var i = 0; i < 3; i++)
            made.Insert(0, (await Client.V1.PaymentIntents.CreateAsync(Orders.Intent(1000 + i))).Id);

        var first = await Client.V1.PaymentIntents.ListAsync(new PaymentIntentListOptions { Limit = 2 });
        Assert.Equal(made[..2], first.Data.Select(intent => intent.Id));
        Assert.True(first.HasMore);
        var second = await Client.V1.PaymentIntents.ListAsync(new PaymentIntentListOptions { Limit = 1, StartingAfter = made[1] });
        Assert.Equal([made[2]], second.Data.Select(intent => intent.Id));
        var back = await Client.V1.PaymentIntents.ListAsync(new PaymentIntentListOptions { Limit = 2, EndingBefore = made[2] });
        Assert.Equal(made[..2], back.Data.Select(intent => intent.Id));
    }

    [Fact]
    public async Task Events_tell_what_happened_in_the_object_s_words()
    {
        var intent = await Client.V1.PaymentIntents.CreateAsync(Orders.Paid(4900));
        Event? found = null;
        for (var i = 0; i < 20 && found is null; i++)
        {
            var events = await Client.V1.Events.ListAsync(new EventListOptions { Type = "payment_intent.succeeded", Limit = 20 });
            found = events.Data.FirstOrDefault(happened => happened.Data.Object is PaymentIntent about && about.Id == intent.Id);
            await Task.Delay(found is null ? 500 : 0);
        }
        Assert.NotNull(found);
        var read = await Client.V1.Events.GetAsync(found.Id);
        Assert.Equal((found.Id, "payment_intent.succeeded"), (read.Id, read.Type));
        Assert.Equal("succeeded", Assert.IsType<PaymentIntent>(read.Data.Object).Status);
    }

    [Fact]
    public async Task An_unknown_parameter_is_refused_by_name()
    {
        var options = Orders.Intent(4900);
        options.AddExtraParam("no_such_thing", "1");
        var refusal = await Assert.ThrowsAsync<StripeException>(() => Client.V1.PaymentIntents.CreateAsync(options));
        Assert.Equal((400, "parameter_unknown", "no_such_thing"), ((int)refusal.HttpStatusCode, refusal.StripeError.Code, refusal.StripeError.Param));
    }
}

/// <summary>The suite against the emulator.</summary>
public sealed class HonestyOfTheEmulator : Honesty, IAsyncLifetime
{
    private StripeRun _run = null!;

    protected override StripeClient Client => _run.Client;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();
}

/// <summary>The suite against Stripe, in test mode, when STRIPE_TEST_KEY holds a test key.</summary>
public sealed class HonestyOfStripe : Honesty
{
    protected override StripeClient Client
    {
        get
        {
            var key = Environment.GetEnvironmentVariable("STRIPE_TEST_KEY");
            Assert.SkipWhen(string.IsNullOrEmpty(key), "STRIPE_TEST_KEY is not set: nothing was compared with real Stripe.");
            Assert.Contains("_test_", key, StringComparison.Ordinal);
            return new StripeClient(key);
        }
    }
}
