using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;
using Stripe;

namespace Commerce.Payments;

/// <summary>
/// What every call to Stripe goes through: a time-out in all, a bulkhead, retries (every writing call carries an idempotency key, so a repeat
/// is the same call), a circuit breaker, a time-out per try. Its state is a metric: <c>shop.stripe.circuit</c> (0 closed, 1 half open, 2 open)
/// and <c>shop.stripe.calls</c> by operation and outcome.
/// </summary>
public sealed class GatewayPipeline : IDisposable
{
    /// <summary>What its telemetry is known by.</summary>
    internal const string Name = "stripe";

    private const int CallsBeforeJudgement = 6;
    private const double FailureRatio = 0.5;
    private static readonly TimeSpan AllTries = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Judged = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Open = TimeSpan.FromSeconds(5);

    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline _pipeline;
    internal Meter Meter { get; } = new("Commerce");
    private readonly Counter<long> _calls;

    public GatewayPipeline(IOptions<StripeOptions> options, IOptions<TelemetryOptions> telemetry, ILoggerFactory logging)
    {
        _calls = Meter.CreateCounter<long>("shop.stripe.calls", "{call}", "Calls to Stripe, by operation and outcome: ok, refused, unavailable, circuit-open, full");
        Meter.CreateObservableGauge("shop.stripe.circuit", () => (int)Circuit, "{state}", "The circuit breaker to Stripe: 0 closed, 1 half open, 2 open");
        _pipeline = new ResiliencePipelineBuilder { Name = Name }
            .ConfigureTelemetry(new TelemetryOptions(telemetry.Value) { LoggerFactory = logging })
            .AddTimeout(AllTries)
            .AddConcurrencyLimiter(options.Value.MaxConcurrentCalls, options.Value.MaxWaitingCalls)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(300),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
                FailureRatio = FailureRatio,
                MinimumThroughput = CallsBeforeJudgement,
                SamplingDuration = Judged,
                BreakDuration = Open,
                StateProvider = _circuit,
            })
            .AddTimeout(OneTry)
            .Build();
    }

    /// <summary>What <c>shop.stripe.circuit</c> says.</summary>
    public GatewayCircuit Circuit => _circuit.CircuitState switch
    {
        CircuitState.Closed => GatewayCircuit.Closed,
        CircuitState.HalfOpen => GatewayCircuit.HalfOpen,
        _ => GatewayCircuit.Open,
    };

    /// <summary>Calls Stripe.</summary>
    /// <exception cref="GatewayUnavailableException">No usable answer.</exception>
    /// <exception cref="StripeException">Stripe said no.</exception>
    public async Task<T> CallAsync<T>(string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        // Of any try: once the circuit opens between two tries, the last exception no longer tells.
        var answered = false;
        var outcome = "refused";
        try
        {
            var result = await _pipeline.ExecuteAsync(async token =>
            {
                try
                {
                    return await call(token);
                }
                catch (StripeException error) when (error.HttpStatusCode >= HttpStatusCode.InternalServerError)
                {
                    answered = true;
                    throw;
                }
            }, cancellation);
            outcome = "ok";
            return result;
        }
        catch (Exception error) when (Unavailable(error) is { } why)
        {
            outcome = why;
            throw new GatewayUnavailableException($"Stripe gave no usable answer ({why}): {error.Message}", answered, error);
        }
        finally
        {
            _calls.Add(1, new("stripe.operation", operation), new("stripe.outcome", outcome));
        }
    }

    public void Dispose() => Meter.Dispose();

    private static string? Unavailable(Exception error) => error switch
    {
        BrokenCircuitException => "circuit-open",
        RateLimiterRejectedException => "full",
        _ => IsTransient(error) ? "unavailable" : null,
    };

    /// <summary>Stripe's own fault, or the network's: 5xx, 429, 409 (another call under the same key is running), no answer.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        StripeException { HttpStatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict } => true,
        StripeException stripe => (int)stripe.HttpStatusCode is 0 or >= 500,
        HttpRequestException or TimeoutRejectedException or IOException => true,
        _ => false,
    };
}

/// <summary>The state of the circuit breaker to Stripe.</summary>
public enum GatewayCircuit
{
    Closed,

    /// <summary>One call is let through to see.</summary>
    HalfOpen,

    /// <summary>No call is made.</summary>
    Open,
}
