using System.Text.Json;
using Commerce;
using Commerce.Orders;
using Commerce.Outbox;
using Commerce.Webhooks;
using Microsoft.EntityFrameworkCore;
using Worker.Jobs;

namespace Worker.Webhooks;

/// <summary>What happened to what. The id was made in the transaction that caused it.</summary>
public sealed record PublishEventArguments(Guid EventId, string Type, Guid SubjectId);

/// <summary>Fans an event out: one delivery per endpoint that wants it, with a job, or held while the endpoint is switched off.</summary>
public sealed class PublishEvent(ShopDb db, TimeProvider clock) : IJob<PublishEventArguments>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Task RunAsync(PublishEventArguments arguments, JobRun run, CancellationToken cancellationToken) => run.SettleAsync(db, async token =>
    {
        // Locked, so that nobody switches one on between this look and what is held for it.
        var endpoints = await db.Set<WebhookEndpoint>().FromSql($"SELECT * FROM webhook_endpoints WHERE {arguments.Type} = ANY(event_types) ORDER BY id FOR KEY SHARE")
            .AsNoTracking().ToListAsync(token);
        if (endpoints.Count == 0 || await DataAsync(arguments, token) is not { } data) return;
        var now = clock.GetUtcNow();
        var happened = new WebhookEvent
        {
            Id = arguments.EventId,
            Type = arguments.Type,
            CreatedAt = now,
            Body = JsonSerializer.Serialize(new { type = arguments.Type, timestamp = now, data }, Json),
        };
        db.Add(happened);
        foreach (var endpoint in endpoints)
        {
            var delivery = new WebhookDelivery { EventId = happened.Id, EndpointId = endpoint.Id, State = WebhookDeliveryState.Held };
            if (endpoint.IsEnabled) delivery.Send(db.Enqueue(delivery.Job()));
            db.Add(delivery);
        }
    }, cancellationToken);

    /// <returns>Null when the subject is no longer there, or no longer sold.</returns>
    private async Task<object?> DataAsync(PublishEventArguments arguments, CancellationToken cancellation)
    {
        if (arguments.Type is WebhookEventTypes.StockLow or WebhookEventTypes.StockBack)
            return await db.Variants.Where(v => v.Id == arguments.SubjectId && v.Product.ArchivedAt == null)
                .Select(v => new { variantId = v.Id, sku = v.Sku, available = v.Stock.Sum(s => s.OnHand - s.Reserved) }).FirstOrDefaultAsync(cancellation);
        var order = await db.Orders.AsNoTracking().AsSplitQuery().Include(o => o.Lines).Include(o => o.Fulfilments).ThenInclude(f => f.Lines).Include(o => o.Refunds)
            .FirstOrDefaultAsync(o => o.Id == arguments.SubjectId || o.Fulfilments.Any(f => f.Id == arguments.SubjectId) || o.Refunds.Any(r => r.Id == arguments.SubjectId), cancellation);
        return order is null ? null : DataOf(order, arguments.SubjectId);
    }

    private static object DataOf(Order order, Guid subjectId)
    {
        var parcel = order.Fulfilments.FirstOrDefault(f => f.Id == subjectId);
        var refund = order.Refunds.FirstOrDefault(r => r.Id == subjectId);
        return new
        {
            orderId = order.Id,
            number = order.Number,
            status = KnownWord.Of(order.Status),
            fulfilmentStatus = KnownWord.Of(order.FulfilmentStatus),
            total = new Money(order.TotalMinor, order.Currency),
            placedAt = order.PlacedAt,
            lines = order.Lines.OrderBy(l => l.Position).Select(l => new { position = l.Position, variantId = l.VariantId, sku = l.Sku, quantity = l.Quantity, unitPrice = new Money(l.UnitPriceMinor, order.Currency) }),
            fulfilment = parcel is null ? null : new { id = parcel.Id, carrier = parcel.Carrier, trackingNumber = parcel.TrackingNumber, lines = parcel.Lines.OrderBy(l => l.Position).Select(l => new { position = l.Position, quantity = l.Quantity }) },
            refund = refund is null ? null : new { id = refund.Id, amount = new Money(refund.AmountMinor, refund.Currency) },
        };
    }
}
