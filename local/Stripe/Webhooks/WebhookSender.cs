using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Microsoft.Extensions.Options;

namespace Local.Stripe.Webhooks;

/// <summary>Posts due deliveries, several at once and in no promised order; repeats with back-off what is not answered 2xx.</summary>
public sealed class WebhookSender(Store store, TimeProvider time, IOptions<StripeOptions> options, ILogger<WebhookSender> log) : BackgroundService
{
    private const int AtOnce = 16;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Waits between attempts; after the last one the delivery has failed. Stripe itself spreads its own over hours.</summary>
    private static readonly TimeSpan[] BackOff =
        [.. new[] { 1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1800, 3600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly SemaphoreSlim _wake = new(0);
    private readonly HashSet<string> _underWay = [];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (string.IsNullOrEmpty(options.Value.WebhookUrl))
            return;
        // No propagator: Stripe sends no traceparent. No proxy, no redirects: the endpoint is the one that was configured.
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { Timeout = AnswerWithin };
        Activity.Current = null;
        void Wake() => _wake.Release();
        store.Changed += Wake;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                foreach (var delivery in Due())
                    _ = SendAsync(http, delivery, stopping);
                await _wake.WaitAsync(Poll, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.LogInformation("Stopping; deliveries that are not done go on at the next start.");
        }
        finally
        {
            store.Changed -= Wake;
        }
    }

    private List<DeliveryRecord> Due()
    {
        var now = time.GetUtcNow();
        lock (_underWay)
        {
            var due = store.Pending().Where(delivery => delivery.DueAt <= now && !_underWay.Contains(delivery.Id))
                .OrderBy(delivery => delivery.DueAt).Take(AtOnce - _underWay.Count).ToList();
            foreach (var delivery in due)
                _underWay.Add(delivery.Id);
            return due;
        }
    }

    private async Task SendAsync(HttpClient http, DeliveryRecord delivery, CancellationToken stopping)
    {
        try
        {
            var (delivered, result) = await PostAsync(http, delivery, stopping);
            var attempts = delivery.Attempts + 1;
            store.Run(transaction => transaction.Find<DeliveryRecord>(delivery.Id) is null ? null : transaction.Put(delivery with
            {
                Attempts = attempts,
                LastResult = result,
                State = delivered ? DeliveryState.Delivered : attempts > BackOff.Length ? DeliveryState.Failed : DeliveryState.Pending,
                DueAt = delivered || attempts > BackOff.Length ? delivery.DueAt : time.GetUtcNow() + BackOff[attempts - 1],
            }));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.LogInformation("Delivery {Delivery} interrupted by the stop; it is sent again at the next start.", delivery.Id);
        }
        finally
        {
            lock (_underWay)
                _underWay.Remove(delivery.Id);
            _wake.Release();
        }
    }

    private async Task<(bool Delivered, string Result)> PostAsync(HttpClient http, DeliveryRecord delivery, CancellationToken stopping)
    {
        var (happened, waiting) = store.Run(transaction =>
            (transaction.Find<EventRecord>(delivery.EventId), transaction.Deliveries(delivery.EventId).Count(other => other.State == DeliveryState.Pending)));
        if (happened is null)
            return (true, "forgotten by a reset");
        var body = EventShape.Of(happened, options.Value.ApiVersion, waiting).ToJsonString(Indented);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.WebhookUrl)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        // The receiver compares with its own clock, so the signature's time is real even when the emulator's clock was moved.
        request.Headers.TryAddWithoutValidation(Signature.Header, Signature.Of(body, options.Value.WebhookSecret!, DateTimeOffset.UtcNow));
        try
        {
            using var response = await http.SendAsync(request, stopping);
            log.LogInformation("{Type} {Event} answered {Status}", happened.Type, happened.Id, (int)response.StatusCode);
            return (response.IsSuccessStatusCode, $"HTTP {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            log.LogWarning("{Type} {Event} not delivered: {Reason}", happened.Type, happened.Id, e.Message);
            return (false, e.Message);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (false, $"no answer within {AnswerWithin.TotalSeconds:0} s");
        }
    }
}
