using Commerce;
using Commerce.Outbox;
using Commerce.Webhooks;
using Worker.Jobs;

namespace Worker.Webhooks;

/// <summary>Which variant.</summary>
public sealed record AnnounceBackInStockArguments(Guid VariantId);

/// <summary>Tells merchants' own systems that a variant can be had again. The job's id is the event's, so a repetition is the same event.</summary>
public sealed class AnnounceBackInStock(ShopDb db) : IJob<AnnounceBackInStockArguments>
{
    public Task RunAsync(AnnounceBackInStockArguments arguments, JobRun run, CancellationToken cancellationToken) => run.SettleAsync(db, _ =>
    {
        db.Enqueue(new NewJob(JobKinds.PublishEvent, new { eventId = run.Id, type = WebhookEventTypes.StockBack, subjectId = arguments.VariantId }, $"event:{run.Id}"));
        return Task.CompletedTask;
    }, cancellationToken);
}
