using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Commerce.Payments;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Telemetry;
using Stripe;

namespace Tests.Commerce.Payments;

public sealed class GatewayPipelineTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _outcomes = new();
    private readonly ConcurrentQueue<int> _circuit = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_circuit_that_opens_between_two_tries_does_not_hide_that_Stripe_has_answered()
    {
        using var pipeline = Build();
        var failures = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FailAsync(pipeline, HttpStatusCode.InternalServerError)));
        Assert.All(failures, failure => Assert.True(failure.HasAnswered)); // each had at least one answer of 500
        Assert.Contains(failures, failure => failure.InnerException is BrokenCircuitException);
        Assert.Equal(GatewayCircuit.Open, pipeline.Circuit);

        var untried = await FailAsync(pipeline, HttpStatusCode.InternalServerError);
        Assert.False(untried.HasAnswered); // no call was made, so its key is as good as new
    }

    [Fact]
    public async Task Its_state_and_the_outcome_of_every_call_are_metrics()
    {
        using var pipeline = Build();
        await pipeline.CallAsync("find-session", _ => Task.FromResult(1), CancellationToken.None);
        await Assert.ThrowsAsync<StripeException>(() => pipeline.CallAsync<int>("refund", _ => throw Answer(HttpStatusCode.BadRequest), CancellationToken.None));
        _listener.RecordObservableInstruments();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FailAsync(pipeline, HttpStatusCode.ServiceUnavailable)));
        await FailAsync(pipeline, HttpStatusCode.ServiceUnavailable);
        _listener.RecordObservableInstruments();
        Assert.Equal(["find-session ok", "refund refused"], _outcomes.Take(2));
        Assert.Equal("capture circuit-open", _outcomes.Last());
        Assert.Equal([0, 2], _circuit);
    }

    [Fact]
    public async Task What_Stripe_refuses_opens_no_circuit_and_is_not_tried_again()
    {
        using var pipeline = Build();
        var tries = 0;
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<StripeException>(() => pipeline.CallAsync<int>("refund", _ => { tries++; throw Answer(HttpStatusCode.PaymentRequired); }, CancellationToken.None));
        Assert.Equal((20, GatewayCircuit.Closed), (tries, pipeline.Circuit));
    }

    [Fact]
    public async Task More_calls_than_the_bulkhead_holds_are_turned_away_at_once()
    {
        using var pipeline = Build(atOnce: 2, waiting: 1);
        var gate = new TaskCompletionSource();
        var held = Enumerable.Range(0, 3).Select(_ => pipeline.CallAsync("capture", async token => { await gate.Task.WaitAsync(token); return 1; }, CancellationToken.None)).ToList();
        var refused = await Assert.ThrowsAsync<GatewayUnavailableException>(() => pipeline.CallAsync("capture", _ => Task.FromResult(1), CancellationToken.None));
        Assert.Contains("full", refused.Message);
        gate.SetResult();
        var answers = await Task.WhenAll(held);
        Assert.Equal([1, 1, 1], answers);
    }

    [Fact]
    public async Task A_call_that_fails_once_is_made_again()
    {
        using var pipeline = Build();
        var tries = 0;
        Assert.Equal(2, await pipeline.CallAsync("refund", _ => ++tries == 1 ? throw Answer(HttpStatusCode.Conflict) : Task.FromResult(tries), CancellationToken.None));
    }

    private GatewayPipeline Build(int atOnce = 64, int waiting = 256)
    {
        var options = Options.Create(new StripeOptions { SecretKey = "sk_test_1", WebhookSecret = "whsec_1", MaxConcurrentCalls = atOnce, MaxWaitingCalls = waiting });
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("shop.stripe.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
        };
        var pipeline = new GatewayPipeline(options, Options.Create(new TelemetryOptions()), NullLoggerFactory.Instance);
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            if (instrument.Meter == pipeline.Meter) _outcomes.Enqueue($"{Tag(tags, "stripe.operation")} {Tag(tags, "stripe.outcome")}");
        });
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) =>
        {
            if (instrument.Meter == pipeline.Meter) _circuit.Enqueue(value);
        });
        _listener.Start();
        return pipeline;
    }

    private static object? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
            if (key == name)
                return value;
        return null;
    }

    private static Task<GatewayUnavailableException> FailAsync(GatewayPipeline pipeline, HttpStatusCode status) =>
        Assert.ThrowsAsync<GatewayUnavailableException>(() => pipeline.CallAsync<int>("capture", _ => throw Answer(status), CancellationToken.None));

    private static StripeException Answer(HttpStatusCode status) => new(status, new StripeError(), "on purpose");
}
