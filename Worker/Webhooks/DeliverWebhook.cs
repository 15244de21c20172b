using System.Diagnostics.Metrics;
using Commerce;
using Commerce.Audit;
using Commerce.Outbox;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Worker.Jobs;

namespace Worker.Webhooks;

/// <summary>Which delivery.</summary>
public sealed record DeliverWebhookArguments(Guid DeliveryId);

/// <summary>Calls one endpoint with one event and writes down what came of it. A receiver's fault wakes nobody: the delivery fails, and an endpoint that keeps failing is switched off.</summary>
public sealed class DeliverWebhook(ShopDb db, WebhookSender sender, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<DeliverWebhook> logger) : IJob<DeliverWebhookArguments>
{
    /// <summary>With the back-off from ten seconds about five hours.</summary>
    public const int MaxAttempts = 12;

    private static readonly Meter Meter = new("Worker");
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("shop.webhooks.calls", "{call}", "Calls to merchants' endpoints, by result");

    public async Task RunAsync(DeliverWebhookArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var delivery = await db.Set<WebhookDelivery>().AsNoTracking().Include(d => d.Event).Include(d => d.Endpoint)
            .FirstOrDefaultAsync(d => d.Id == arguments.DeliveryId, cancellationToken)
            ?? throw new JobFailedException(FailureKind.Ignore, "endpoint-removed", $"The endpoint of delivery {arguments.DeliveryId} is gone.");
        if (!delivery.Endpoint!.IsEnabled)
        {
            await run.SettleAsync(db, token => db.Set<WebhookDelivery>().Where(d => d.Id == delivery.Id && d.State == WebhookDeliveryState.Pending)
                .ExecuteUpdateAsync(d => d.SetProperty(x => x.State, WebhookDeliveryState.Failed), token), cancellationToken);
            return;
        }
        var now = clock.GetUtcNow();
        var answer = await sender.SendAsync(delivery.Endpoint, delivery.Event!, now, cancellationToken);
        Calls.Add(1, new KeyValuePair<string, object?>("webhook.result", answer.IsGood ? "delivered" : answer.Status is { } status ? $"{status / 100}xx" : "no-answer"));
        var isOver = answer.IsGood || answer.IsGone || run.Failures + 1 >= MaxAttempts;
        Task WriteAsync(CancellationToken token) => RecordAsync(delivery.Id, answer, isOver, now, token);
        if (isOver)
        {
            await run.SettleAsync(db, WriteAsync, CancellationToken.None);
            return;
        }
        await run.CheckpointAsync(db, WriteAsync, CancellationToken.None);
        throw new JobFailedException(FailureKind.Retry, "webhook-failed", $"{delivery.Endpoint.Url} answered {answer.Status}: {answer.Response}", firstDelay: options.Value.FirstDelay);
    }

    private async Task RecordAsync(Guid deliveryId, WebhookAnswer answer, bool isOver, DateTimeOffset now, CancellationToken cancellation)
    {
        var delivery = await db.Set<WebhookDelivery>().Include(d => d.Endpoint).SingleAsync(d => d.Id == deliveryId, cancellation);
        db.Add(new WebhookAttempt { DeliveryId = deliveryId, At = now, Status = answer.Status, Took = answer.Took, Response = answer.Response });
        if (isOver) delivery.State = answer.IsGood ? WebhookDeliveryState.Delivered : WebhookDeliveryState.Failed;
        var endpoint = delivery.Endpoint!;
        if (answer.IsGood)
        {
            endpoint.Succeeded();
            return;
        }
        endpoint.Failed(now);
        var lasted = now - endpoint.FailingSince!.Value;
        if (answer.IsGone) SwitchOff(endpoint, "It answered 410 Gone.");
        else if (endpoint.FailedAttempts >= options.Value.DisableAfterAttempts && lasted >= options.Value.DisableAfter)
            SwitchOff(endpoint, $"{endpoint.FailedAttempts} attempts failed since {endpoint.FailingSince:u}; the last answer was {answer.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}.");
    }

    private void SwitchOff(WebhookEndpoint endpoint, string reason)
    {
        if (!endpoint.IsEnabled) return;
        endpoint.Disable(reason);
        db.Audit(Actor.System(JobKinds.DeliverWebhook), "webhooks.endpoint-disabled", $"webhook-endpoint:{endpoint.Id}", reason);
        db.Enqueue(new NewJob(JobKinds.SendWebhookNotice, new { endpointId = endpoint.Id }));
        logger.LogWarning("Webhook endpoint {EndpointId} is switched off: {Reason}", endpoint.Id, reason);
    }
}
