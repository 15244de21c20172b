using System.Diagnostics;
using Stripe;
using Stripe.Checkout;

namespace Tests.Stripe;

public sealed class WebhookTests : IAsyncLifetime
{
    private StripeRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await StripeRun.StartAsync();

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    [Fact]
    public async Task A_purchase_is_told_in_signed_events()
    {
        var session = await BuyAsync();
        await _run.Receiver.WaitUntilAsync(() => _run.Receiver.Types.Count == 4, "four events");

        Assert.Equal(["charge.succeeded", "checkout.session.completed", "payment_intent.created", "payment_intent.succeeded"], _run.Receiver.Types.Order());
        var completed = _run.Receiver.Received.Single(delivery => delivery.Event.Type == "checkout.session.completed").Event;
        var about = Assert.IsType<Session>(completed.Data.Object);
        Assert.Equal((session.Id, "paid", "OG-1"), (about.Id, about.PaymentStatus, about.Metadata["order"]));
        Assert.Equal(StripeConfiguration.ApiVersion, completed.ApiVersion);
    }

    [Fact]
    public async Task No_trace_context_is_sent_although_the_process_traces()
    {
        using var source = new ActivitySource("Tests");
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using (source.StartActivity("purchase"))
            await BuyAsync();
        await _run.Receiver.WaitForAsync("checkout.session.completed");
        Assert.All(_run.Receiver.Received, delivery => Assert.DoesNotContain(delivery.Headers.Keys, name =>
            name.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage" or "request-id" or "correlation-context"));
    }

    [Fact]
    public async Task A_refused_event_comes_again_with_the_same_id()
    {
        _run.Receiver.Answer = 503;
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.Client.V1.Checkout.Sessions.ExpireAsync(session.Id);
        await _run.Receiver.WaitForAsync("checkout.session.expired", 2);
        _run.Receiver.Answer = 200;
        await _run.Receiver.WaitForAsync("checkout.session.expired", 3);

        Assert.Single(_run.Receiver.Received.Select(delivery => delivery.Event.Id).Distinct());
        await Task.Delay(1000);
        Assert.Equal(3, _run.Receiver.Received.Count);
    }

    [Fact]
    public async Task A_refund_is_told_with_the_charge_and_by_itself()
    {
        var session = await BuyAsync();
        var paid = await _run.Client.V1.Checkout.Sessions.GetAsync(session.Id);
        await _run.Client.V1.Refunds.CreateAsync(new RefundCreateOptions { PaymentIntent = paid.PaymentIntentId, Amount = 490 });
        await _run.Receiver.WaitForAsync("charge.refunded");
        await _run.Receiver.WaitForAsync("refund.created");
        var charge = _run.Receiver.Received.Select(delivery => delivery.Event.Data.Object).OfType<Charge>().Last(charge => charge.AmountRefunded > 0);
        Assert.Equal((490, false), (charge.AmountRefunded, charge.Refunded));
    }

    [Fact]
    public async Task An_event_can_be_delivered_several_times()
    {
        await _run.ControlAsync("webhooks/faults", new { type = "checkout.session.completed", copiesMin = 3, copiesMax = 3 });
        await BuyAsync();
        await _run.Receiver.WaitForAsync("checkout.session.completed", 3);
        Assert.Single(_run.Receiver.Received.Where(delivery => delivery.Event.Type == "checkout.session.completed").Select(delivery => delivery.Event.Id).Distinct());
    }

    [Fact]
    public async Task An_event_can_be_lost_and_sent_again_by_hand()
    {
        await _run.ControlAsync("webhooks/faults", new { type = "checkout.session.completed", copiesMin = 0, copiesMax = 0 });
        await BuyAsync();
        await _run.Receiver.WaitForAsync("payment_intent.succeeded");
        await Task.Delay(500);
        Assert.DoesNotContain("checkout.session.completed", _run.Receiver.Types);

        var lost = Assert.Single((await _run.Client.V1.Events.ListAsync(new EventListOptions { Type = "checkout.session.completed" })).Data);
        await _run.ControlAsync($"webhooks/{lost.Id}/resend");
        await _run.Receiver.WaitForAsync("checkout.session.completed");
    }

    [Fact]
    public async Task Events_can_be_held_back_and_released_in_reverse()
    {
        await _run.ControlAsync("webhooks/faults", new { events = 4, hold = true });
        await BuyAsync();
        await Task.Delay(500);
        Assert.Empty(_run.Receiver.Received);

        await _run.ControlAsync("webhooks/release?order=reverse&gapMilliseconds=400");
        await _run.Receiver.WaitUntilAsync(() => _run.Receiver.Received.Count == 4, "four events");
        Assert.Equal(["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded", "payment_intent.created"], _run.Receiver.Types);
    }

    [Fact]
    public async Task A_delayed_event_comes_late_and_survives_a_restart()
    {
        await _run.ControlAsync("webhooks/faults", new { events = 4, delayMinMilliseconds = 1500, delayMaxMilliseconds = 1500 });
        var watch = Stopwatch.StartNew();
        await BuyAsync();
        await _run.RestartAsync();
        Assert.Empty(_run.Receiver.Received);
        await _run.Receiver.WaitForAsync("checkout.session.completed");
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.4, 20);
    }

    private async Task<Session> BuyAsync()
    {
        var session = await _run.Client.V1.Checkout.Sessions.CreateAsync(Orders.Session());
        await _run.PayAsync(session.Url, "4242424242424242");
        return session;
    }
}
