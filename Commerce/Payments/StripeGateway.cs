using System.Net;
using Commerce.Mail;
using Commerce.Orders;
using Microsoft.Extensions.Options;
using Stripe;
using Stripe.Checkout;

namespace Commerce.Payments;

/// <summary>The calls the shop makes to Stripe, each through one <see cref="GatewayPipeline"/>.</summary>
/// <exception cref="GatewayUnavailableException">From every method, when Stripe gives no usable answer.</exception>
public sealed class StripeGateway : IDisposable
{
    /// <summary>The version of Stripe's API these calls were written against; a test holds it to the library's.</summary>
    public const string ApiVersion = "2026-10-28.endive";

    private const string OrderIdField = "order_id";
    private const string RefundIdField = "refund_id";

    /// <summary>Most objects of one page of a list; Stripe allows no more.</summary>
    private const int PageSize = 100;

    /// <summary>How far Stripe's clock may be behind ours.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly StripeClient _client;
    private readonly GatewayPipeline _pipeline;
    private readonly StripeOptions _options;
    private readonly PublicAddress _address;

    public StripeGateway(IOptions<StripeOptions> options, IOptions<PublicAddress> address, GatewayPipeline pipeline)
    {
        // Not from the client factory: its standard handlers would retry beneath the pipeline.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new StripeClient(new StripeClientOptions
        {
            ApiKey = options.Value.SecretKey,
            ApiBase = options.Value.ApiBase?.TrimEnd('/'),
            HttpClient = new SystemNetHttpClient(_http, maxNetworkRetries: 0),
        });
        _pipeline = pipeline;
        _options = options.Value;
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
            CustomerEmail = AddressOf(order),
            ClientReferenceId = order.Number,
            SuccessUrl = $"{page}&session_id={{CHECKOUT_SESSION_ID}}",
            CancelUrl = $"{page}&payment=cancelled",
            Metadata = metadata,
            PaymentIntentData = new SessionPaymentIntentDataOptions
            {
                Metadata = metadata,
                Description = $"Order {order.Number}",
                CaptureMethod = _options.Capture == CaptureMode.Manual ? "manual" : null,
            },
            LineItems = CheckoutItems.Of(order),
        };
        return CallAsync("create-session", token => _client.V1.Checkout.Sessions.CreateAsync(options, Key(payment.SessionKey), token), cancellation);
    }

    /// <summary>The session as Stripe sees it now, with its payment intent and its latest charge; null when Stripe knows none by this id.</summary>
    public Task<Session?> FindSessionAsync(string sessionId, CancellationToken cancellation) =>
        FindAsync("find-session", token => _client.V1.Checkout.Sessions.GetAsync(sessionId, new SessionGetOptions { Expand = ["payment_intent.latest_charge"] }, cancellationToken: token), cancellation);

    /// <summary>The sessions made for an order, also those whose answer never came. By address and time, for Stripe keeps no other index of sessions.</summary>
    public async Task<IReadOnlyList<Session>> ListSessionsAsync(Order order, DateTimeOffset since, CancellationToken cancellation)
    {
        try
        {
            var made = await AllAsync("list-sessions", (after, token) => _client.V1.Checkout.Sessions.ListAsync(new SessionListOptions
            {
                CustomerDetails = new SessionCustomerDetailsOptions { Email = AddressOf(order) },
                Created = new DateRangeOptions { GreaterThanOrEqual = (since - ClockSkew).UtcDateTime },
                Limit = PageSize,
                StartingAfter = after,
            }, cancellationToken: token), cancellation);
            return [.. made.Where(session => OrderIdOf(session) == order.Id)];
        }
        catch (StripeException error) when (error.HttpStatusCode == HttpStatusCode.BadRequest)
        {
            return []; // for an address that Stripe does not take as one, it has made no session either
        }
    }

    /// <summary>Ends the session unless it was paid meanwhile; either way answers its state. Null when Stripe knows none by this id.</summary>
    public async Task<Session?> ExpireSessionAsync(string sessionId, CancellationToken cancellation)
    {
        var session = await FindSessionAsync(sessionId, cancellation);
        if (session?.Status != "open") return session;
        try
        {
            return await CallAsync("expire-session", token => _client.V1.Checkout.Sessions.ExpireAsync(sessionId, cancellationToken: token), cancellation);
        }
        catch (StripeException error) when (error.HttpStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            return await FindSessionAsync(sessionId, cancellation); // no longer open: paid or expired between the two calls
        }
    }

    /// <summary>The payment intent as Stripe sees it now; null when Stripe knows none by this id.</summary>
    public Task<PaymentIntent?> FindIntentAsync(string intentId, CancellationToken cancellation) =>
        FindAsync("find-intent", token => _client.V1.PaymentIntents.GetAsync(intentId, new PaymentIntentGetOptions { Expand = ["latest_charge"] }, cancellationToken: token), cancellation);

    /// <summary>Takes the money that was promised. An intent that can no longer be captured is answered as it is.</summary>
    public Task<PaymentIntent> CaptureAsync(Payment payment, CancellationToken cancellation) =>
        ActAsync("capture", payment.PaymentIntentId!, token => _client.V1.PaymentIntents.CaptureAsync(payment.PaymentIntentId!, null, Key(payment.CaptureKey), token), cancellation);

    /// <summary>Gives the promise back. An intent that can no longer be cancelled is answered as it is.</summary>
    public Task<PaymentIntent> VoidAsync(string intentId, CancellationToken cancellation) =>
        ActAsync("void", intentId, token => _client.V1.PaymentIntents.CancelAsync(intentId, cancellationToken: token), cancellation);

    /// <summary>Sends money back; repeating it under the same key is the same refund.</summary>
    /// <exception cref="StripeException">Stripe says no: more than is left, a disputed charge.</exception>
    public Task<Stripe.Refund> RefundAsync(Refund refund, string intentId, CancellationToken cancellation) =>
        CallAsync("refund", token => _client.V1.Refunds.CreateAsync(new RefundCreateOptions
        {
            PaymentIntent = intentId,
            Amount = StripeAmount.Of(refund.AmountMinor, refund.Currency),
            Metadata = new() { [OrderIdField] = refund.OrderId.ToString(), [RefundIdField] = refund.Id.ToString() },
        }, Key(refund.GatewayKey), token), cancellation);

    /// <summary>All refunds of a payment.</summary>
    public Task<IReadOnlyList<Stripe.Refund>> ListRefundsAsync(string intentId, CancellationToken cancellation) =>
        AllAsync("list-refunds", (after, token) => _client.V1.Refunds.ListAsync(new RefundListOptions { PaymentIntent = intentId, Limit = PageSize, StartingAfter = after }, cancellationToken: token), cancellation);

    /// <summary>All disputes of a payment.</summary>
    public Task<IReadOnlyList<Stripe.Dispute>> ListDisputesAsync(string intentId, CancellationToken cancellation) =>
        AllAsync("list-disputes", (after, token) => _client.V1.Disputes.ListAsync(new DisputeListOptions { PaymentIntent = intentId, Limit = PageSize, StartingAfter = after }, cancellationToken: token), cancellation);

    /// <summary>A page of the payment intents made in a window, newest first, with their latest charge.</summary>
    public Task<StripeList<PaymentIntent>> ListIntentsAsync(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken cancellation) =>
        CallAsync("list-intents", token => _client.V1.PaymentIntents.ListAsync(
            new PaymentIntentListOptions { Created = Between(from, to), Limit = PageSize, StartingAfter = after, Expand = ["data.latest_charge"] }, cancellationToken: token), cancellation);

    /// <summary>A page of the events of a window, newest first.</summary>
    public Task<StripeList<Event>> ListEventsAsync(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string> types, string? after, CancellationToken cancellation) =>
        CallAsync("list-events", token => _client.V1.Events.ListAsync(
            new EventListOptions { Created = Between(from, to), Types = [.. types], Limit = PageSize, StartingAfter = after }, cancellationToken: token), cancellation);

    /// <summary>The order a session or an intent was made for; null for those that are none of ours.</summary>
    internal static Guid? OrderIdOf(IHasMetadata made) => IdIn(made, OrderIdField);

    /// <summary>The refund of ours that Stripe's was made for; null for those made past the shop.</summary>
    internal static Guid? RefundIdOf(Stripe.Refund made) => IdIn(made, RefundIdField);

    public void Dispose() => _http.Dispose();

    private static Guid? IdIn(IHasMetadata made, string field) =>
        made.Metadata?.GetValueOrDefault(field) is { } text && Guid.TryParse(text, out var id) ? id : null;

    /// <summary>An order may be older than the rule for addresses; then Stripe is the one to say no.</summary>
    private static string AddressOf(Order order) => MailAddress.AsciiOf(order.Email) ?? order.Email;

    private static DateRangeOptions Between(DateTimeOffset from, DateTimeOffset to) =>
        new() { GreaterThanOrEqual = from.UtcDateTime, LessThanOrEqual = to.UtcDateTime };

    private static RequestOptions Key(string key) => new() { IdempotencyKey = key };

    private Task<T> CallAsync<T>(string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        _pipeline.CallAsync(operation, call, cancellation);

    private async Task<T?> FindAsync<T>(string operation, Func<CancellationToken, Task<T>> find, CancellationToken cancellation) where T : class
    {
        try
        {
            return await CallAsync(operation, find, cancellation);
        }
        catch (StripeException error) when (error.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<PaymentIntent> ActAsync(string operation, string intentId, Func<CancellationToken, Task<PaymentIntent>> act, CancellationToken cancellation)
    {
        try
        {
            return await CallAsync(operation, act, cancellation);
        }
        catch (StripeException error) when (error.StripeError?.Code == "payment_intent_unexpected_state")
        {
            return await FindIntentAsync(intentId, cancellation) ?? throw new InvalidOperationException($"Stripe no longer knows {intentId}.", error);
        }
    }

    private async Task<IReadOnlyList<T>> AllAsync<T>(string operation, Func<string?, CancellationToken, Task<StripeList<T>>> page, CancellationToken cancellation)
        where T : StripeEntity<T>, IHasId
    {
        var all = new List<T>();
        StripeList<T> list;
        do
        {
            list = await CallAsync(operation, token => page(all.Count == 0 ? null : all[^1].Id, token), cancellation);
            all.AddRange(list.Data);
        }
        while (list.HasMore);
        return all;
    }
}
