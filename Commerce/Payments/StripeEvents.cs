using System.Diagnostics;
using Commerce.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Stripe;

namespace Commerce.Payments;

/// <summary>The letter box for Stripe's webhooks: check the signature, store the event once, leave a job. What it means is decided later.</summary>
public sealed class StripeEvents(ShopDb db, IOptions<StripeOptions> options, TimeProvider clock)
{
    /// <summary>How old a signature may be, against replays; the default of Stripe's libraries.</summary>
    private const long ToleranceSeconds = 300;

    /// <summary>Types that say something about a payment page of ours; every other type is only kept.</summary>
    internal static bool IsActedOn(string type) => type.StartsWith("checkout.session.", StringComparison.Ordinal);

    /// <summary>Returns after the commit; a second delivery of an event changes nothing.</summary>
    /// <param name="body">As it came over the wire: the signature is over the raw bytes.</param>
    public async Task<Refusal?> ReceiveAsync(string body, string signature, CancellationToken cancellation)
    {
        Event received;
        try
        {
            received = EventUtility.ConstructEvent(body, signature, options.Value.WebhookSecret, ToleranceSeconds, throwOnApiVersionMismatch: false);
        }
        catch (Exception error) when (error is StripeException or Newtonsoft.Json.JsonException)
        {
            return new Refusal(PaymentRefusals.SignatureInvalid, "The body does not carry a valid signature of Stripe.");
        }

        var now = clock.GetUtcNow();
        var isActedOn = IsActedOn(received.Type);
        var row = new StripeEvent
        {
            Id = received.Id,
            Type = received.Type,
            ObjectId = (received.Data?.Object as IHasId)?.Id ?? "",
            Payload = body,
            ReceivedAt = now,
            TraceParent = Activity.Current?.Id,
            AppliedAt = isActedOn ? null : now,
        };
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var isNew = await db.Database.ExecuteSqlAsync($"""
                INSERT INTO stripe_events (id, type, object_id, payload, received_at, trace_parent, applied_at)
                VALUES ({row.Id}, {row.Type}, {row.ObjectId}, {row.Payload}, {row.ReceivedAt}, {row.TraceParent}, {row.AppliedAt})
                ON CONFLICT (id) DO NOTHING
                """, cancellation) == 1;
            if (isNew && isActedOn) db.Enqueue(new NewJob(JobKinds.ApplyStripeEvent, new { eventId = row.Id }, row.Id, row.TraceParent, Priority: JobPriority.High));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        });
        return null;
    }
}
