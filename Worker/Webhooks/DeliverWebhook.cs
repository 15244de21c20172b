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

/// <summary>
/// Calls one endpoint with one event and writes down what came of it. A receiver's fault wakes nobody: the delivery fails, and an endpoint that keeps failing is
/// switched off; what is still to be delivered then is held.
/// </summary>
public sealed class DeliverWebhook(ShopDb db, WebhookSender sender, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<DeliverWebhook> logger) : IJob<DeliverWebhookArguments>
{
    /// <summary>
    /// With the back-off from ten seconds about 32 hours: longer than <see cref="WebhookOptions.DisableAfter"/>, so that what an endpoint that is down for good should have
    /// been told is held when it is switched off, not given up. One less than a dead letter takes.
    /// </summary>
    public const int MaxAttempts = JobKind.DayAndAThird - 1;

    private static readonly Meter Meter = new("Worker");
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("shop.webhooks.calls", "{call}", "Calls to merchants' endpoints, by result");

    public async Task RunAsync(DeliverWebhookArguments arguments, JobRun run, CancellationToken cancellationToken)
    {
        var delivery = await db.Set<WebhookDelivery>().AsNoTracking().Include(d => d.Event).Include(d => d.Endpoint)
            .FirstOrDefaultAsync(d => d.Id == arguments.DeliveryId, cancellationToken)
            ?? throw Gone(arguments.DeliveryId);
        if (delivery.State != WebhookDeliveryState.Pending || delivery.JobId != run.Id)
            throw new JobFailedException(FailureKind.Ignore, "delivery-over", $"Delivery {delivery.Id} is {delivery.State}, or another job's.");
        if (!delivery.Endpoint!.IsEnabled)
        {
            await HoldAsync(delivery, run, cancellationToken);
            return;
        }
        var now = clock.GetUtcNow();
        var answer = await sender.SendAsync(delivery.Endpoint, delivery.Event!, now, cancellationToken);
        Calls.Add(1, new KeyValuePair<string, object?>("webhook.result", answer.IsGood ? "delivered" : answer.Status is { } status ? $"{status / 100}xx" : "no-answer"));
        WebhookDeliveryState? end = answer.IsGood ? WebhookDeliveryState.Delivered
            : answer.IsGone ? WebhookDeliveryState.Held
            : run.Failures + 1 >= MaxAttempts ? WebhookDeliveryState.Failed : null;
        Task WriteAsync(CancellationToken token) => RecordAsync(delivery.Id, answer, end, now, token);
        if (end is not null)
        {
            await run.SettleAsync(db, WriteAsync, CancellationToken.None);
            return;
        }
        await run.CheckpointAsync(db, WriteAsync, CancellationToken.None);
        throw new JobFailedException(FailureKind.Retry, "webhook-failed", $"{delivery.Endpoint.Url} answered {answer.Status}: {answer.Response}", firstDelay: options.Value.FirstDelay);
    }

    private Task HoldAsync(WebhookDelivery delivery, JobRun run, CancellationToken cancellationToken) => run.SettleAsync(db, async token =>
    {
        // Whoever switches it on sends only what is held by then.
        if (await WebhookVerbs.LockAsync(db, delivery.EndpointId, token) is { IsEnabled: true })
            throw new JobFailedException(FailureKind.Retry, "endpoint-switched-on", $"{delivery.Endpoint!.Url} was switched on this moment.");
        await db.Set<WebhookDelivery>().Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(d => d.SetProperty(x => x.State, WebhookDeliveryState.Held), token);
    }, cancellationToken);

    private async Task RecordAsync(Guid deliveryId, WebhookAnswer answer, WebhookDeliveryState? end, DateTimeOffset now, CancellationToken cancellation)
    {
        var delivery = await db.Set<WebhookDelivery>().FirstOrDefaultAsync(d => d.Id == deliveryId, cancellation) ?? throw Gone(deliveryId);
        db.Add(new WebhookAttempt { DeliveryId = deliveryId, At = now, Status = answer.Status, Took = answer.Took, Response = answer.Response });
        if (end is { } state) delivery.State = state;
        if (answer.IsGood)
        {
            await db.Set<WebhookEndpoint>().Where(e => e.Id == delivery.EndpointId && e.FailingSince != null)
                .ExecuteUpdateAsync(e => e.SetProperty(x => x.FailingSince, (DateTimeOffset?)null).SetProperty(x => x.FailedAttempts, 0), cancellation);
            return;
        }
        // Locked: many calls fail at once, each counts, and one of them switches off.
        var endpoint = await WebhookVerbs.LockAsync(db, delivery.EndpointId, cancellation) ?? throw Gone(deliveryId);
        endpoint.Failed(now);
        var lasted = now - endpoint.FailingSince!.Value;
        if (answer.IsGone) SwitchOff(endpoint, "It answered 410 Gone.");
        else if (endpoint.FailedAttempts >= options.Value.DisableAfterAttempts && lasted >= options.Value.DisableAfter)
            SwitchOff(endpoint, $"{endpoint.FailedAttempts} attempts failed since {endpoint.FailingSince:u}; the last answer was {answer.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}.");
        // The last attempt may be the one that switches off.
        if (end == WebhookDeliveryState.Failed && !endpoint.IsEnabled) delivery.State = WebhookDeliveryState.Held;
    }

    private void SwitchOff(WebhookEndpoint endpoint, string reason)
    {
        if (!endpoint.IsEnabled) return;
        endpoint.Disable(reason);
        db.Audit(Actor.System(JobKinds.DeliverWebhook), "webhooks.endpoint-disabled", $"webhook-endpoint:{endpoint.Id}", reason);
        db.Enqueue(new NewJob(JobKinds.SendWebhookNotice, new { endpointId = endpoint.Id }));
        logger.LogWarning("Webhook endpoint {EndpointId} is switched off: {Reason}", endpoint.Id, reason);
    }

    private static JobFailedException Gone(Guid deliveryId) => new(FailureKind.Ignore, "endpoint-removed", $"Delivery {deliveryId} went with its endpoint, or with its age.");
}
