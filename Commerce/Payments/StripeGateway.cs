using System.Net;
using Commerce.Orders;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;
using Polly.Timeout;
using Stripe;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>
/// The calls the shop makes to Stripe, each through one Polly pipeline: time-out per try and in all, retries (every writing call carries
/// an idempotency key, so a repeat is the same call), circuit breaker.
/// </summary>
/// <exception cref="GatewayUnavailableException">From every method, when Stripe gives no usable answer.</exception>
public sealed class StripeGateway : IDisposable
{
    /// <summary>The version of Stripe's API these calls were written against; a test holds it to the library's.</summary>
    public const string ApiVersion = "2026-10-28.endive";

    internal const string PipelineName = "stripe";

    private const string OrderIdField = "order_id";

    private static readonly TimeSpan AllTries = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(4);

    private readonly HttpClient _http;
    private readonly SessionService _sessions;
    private readonly RefundService _refunds;
    private readonly ResiliencePipeline _pipeline;
    private readonly PublicAddress _address;

    public StripeGateway(IOptions<StripeOptions> options, IOptions<PublicAddress> address, ResiliencePipelineProvider<string> pipelines)
    {
        // Not from the client factory: its standard handlers would retry beneath this pipeline.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new StripeClient(new StripeClientOptions
        {
            ApiKey = options.Value.SecretKey,
            ApiBase = options.Value.ApiBase?.TrimEnd('/'),
            HttpClient = new SystemNetHttpClient(_http, maxNetworkRetries: 0),
        });
        _sessions = new SessionService(client);
        _refunds = new RefundService(client);
        _pipeline = pipelines.GetPipeline(PipelineName);
        _address = address.Value;
    }

    /// <summary>Creates the order's payment page, or returns the one created under the same key before.</summary>
    public Task<Session> CreateSessionAsync(Order order, Payment payment, CancellationToken cancellation)
    {
        var page = _address.OrderPage(order.Number, order.Key);
        var metadata = new Dictionary<string, string> { [OrderIdField] = order.Id.ToString(), ["order_number"] = order.Number };
        var options = new SessionCreateOptions
        {
            Mode = "payment",
            AllowedPaymentMethodTypes = ["card"],
            CustomerEmail = order.Email,
            ClientReferenceId = order.Number,
            SuccessUrl = $"{page}&session_id={{CHECKOUT_SESSION_ID}}",
            CancelUrl = $"{page}&payment=cancelled",
            Metadata = metadata,
            PaymentIntentData = new SessionPaymentIntentDataOptions { Metadata = metadata, Description = $"Order {order.Number}" },
            LineItems = [.. order.Lines.OrderBy(l => l.Position).Select(l => Item(l.Title, l.VariantTitle, l.UnitPriceMinor, l.Quantity, order.Currency))],
        };
        if (order.ShippingMinor > 0) options.LineItems.Add(Item("Shipping", order.ShippingTitle, order.ShippingMinor, 1, order.Currency));
        if (!order.PricesIncludeTax && order.TaxIncludedMinor > 0) options.LineItems.Add(Item("VAT", "", order.TaxIncludedMinor, 1, order.Currency));
        return CallAsync(token => _sessions.CreateAsync(options, new RequestOptions { IdempotencyKey = payment.SessionKey }, token), cancellation);
    }

    /// <summary>The session as Stripe sees it now.</summary>
    public Task<Session> FindSessionAsync(string sessionId, CancellationToken cancellation) =>
        CallAsync(token => _sessions.GetAsync(sessionId, cancellationToken: token), cancellation);

    /// <summary>Ends the session unless it was paid meanwhile; either way answers its state.</summary>
    public async Task<Session> ExpireSessionAsync(string sessionId, CancellationToken cancellation)
    {
        var session = await FindSessionAsync(sessionId, cancellation);
        if (session.Status != "open") return session;
        try
        {
            return await CallAsync(token => _sessions.ExpireAsync(sessionId, cancellationToken: token), cancellation);
        }
        catch (StripeException error) when (error.HttpStatusCode == HttpStatusCode.BadRequest)
        {
            return await FindSessionAsync(sessionId, cancellation); // no longer open: paid or expired between the two calls
        }
    }

    /// <summary>Sends the whole payment back; repeating it is the same refund. A later attempt first looks whether an earlier one succeeded.</summary>
    public async Task<Stripe.Refund> RefundAsync(Payment payment, CancellationToken cancellation)
    {
        if (payment.RefundAttempt > 1)
        {
            var made = await CallAsync(token => _refunds.ListAsync(new RefundListOptions { PaymentIntent = payment.PaymentIntentId }, cancellationToken: token), cancellation);
            if (made.FirstOrDefault(refund => refund.Status is "succeeded" or "pending") is { } earlier) return earlier;
        }
        return await CallAsync(token => _refunds.CreateAsync(
            new RefundCreateOptions { PaymentIntent = payment.PaymentIntentId, Metadata = new() { [OrderIdField] = payment.OrderId.ToString() } },
            new RequestOptions { IdempotencyKey = payment.RefundKey }, token), cancellation);
    }

    /// <summary>The order a session was made for; null for sessions that are none of ours.</summary>
    internal static Guid? OrderIdOf(Session session) =>
        session.Metadata?.GetValueOrDefault(OrderIdField) is { } text && Guid.TryParse(text, out var id) ? id : null;

    internal static void Configure(ResiliencePipelineBuilder pipeline) => pipeline
        .AddTimeout(AllTries)
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
            FailureRatio = 0.5,
            MinimumThroughput = 6,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(5),
        })
        .AddTimeout(OneTry);

    public void Dispose() => _http.Dispose();

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        // Of any try: once the circuit opens between two tries, the last exception no longer tells.
        var answered = false;
        try
        {
            return await _pipeline.ExecuteAsync(async token =>
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
        }
        catch (Exception error) when (error is BrokenCircuitException || IsTransient(error))
        {
            throw new GatewayUnavailableException($"Stripe gave no usable answer: {error.Message}", answered, error);
        }
    }

    /// <summary>Stripe's own fault, or the network's: 5xx, 429, 409 (another call under the same key is running), no answer.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        StripeException { HttpStatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict } => true,
        StripeException stripe => (int)stripe.HttpStatusCode is 0 or >= 500,
        HttpRequestException or TimeoutRejectedException or IOException => true,
        _ => false,
    };

    private static SessionLineItemOptions Item(string name, string description, long unitMinor, int quantity, string currency) => new()
    {
        Quantity = quantity,
        PriceData = new SessionLineItemPriceDataOptions
        {
            Currency = currency.ToLowerInvariant(),
            UnitAmount = unitMinor,
            ProductData = new SessionLineItemPriceDataProductDataOptions { Name = name, Description = description == "" ? null : description },
        },
    };
}
