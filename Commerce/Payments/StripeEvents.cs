using System.Diagnostics;
using System.Text.Json;
using Commerce.Jobs;
using Commerce.Outbox;
using Microsoft.Extensions.Options;
using Stripe;

namespace Commerce.Payments;

/// <summary>The letter box for Stripe's webhooks: check the signature, store the event once, leave a job. What it means is decided later.</summary>
public sealed class StripeEvents(ShopDb db, IOptions<StripeOptions> options, RelaySignal relay, TimeProvider clock)
{
    /// <summary>How old a signature may be, against replays; the default of Stripe's libraries.</summary>
    private const long ToleranceSeconds = 300;

    /// <summary>Returns after the commit; a second delivery of an event changes nothing.</summary>
    /// <param name="body">As it came over the wire: the signature is over the raw bytes.</param>
    public async Task<Refusal?> ReceiveAsync(string body, string signature, CancellationToken cancellation)
    {
        if (!IsSigned(body, signature)) return new Refusal(PaymentRefusals.SignatureInvalid, "The body does not carry a valid signature of Stripe.");
        if (Open(body) is not { } letter) return new Refusal(PaymentRefusals.EventInvalid, "The signature is right, but the body is no event: it lacks an id, a type or an object, or has longer ones than Stripe.");

        await StoreAsync(letter.Id, letter.Type, letter.ObjectId, body, cancellation);
        return null;
    }

    /// <summary>Keeps an event that never came by itself and was found in Stripe's own list; false when it had come meanwhile.</summary>
    internal Task<bool> KeepAsync(Event missed, CancellationToken cancellation) =>
        StoreAsync(missed.Id, missed.Type, (missed.Data.Object as IHasId)?.Id ?? "", missed.ToJson(), cancellation);

    private Task<bool> StoreAsync(string id, string type, string objectId, string payload, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var isActedOn = StripeEventReader.IsActedOn(type);
        var traceParent = Activity.Current?.Id;
        DateTimeOffset? appliedAt = isActedOn ? null : now;
        var job = isActedOn ? Enqueueing.RowOf(new NewJob(JobKinds.ApplyStripeEvent, new { eventId = id }, id, traceParent, Priority: JobPriority.High)) : null;
        return db.ConnectedAsync(async () =>
        {
            // One round trip and one transaction, for they are sent together.
            await using var batch = db.Batch();
            batch.Add("""
                INSERT INTO stripe_events (id, type, object_id, payload, received_at, trace_parent, applied_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (id) DO NOTHING
                """).With(id).With(type).With(objectId).With(payload).With(now).With(traceParent).With(appliedAt);
            if (job is not null) batch.BatchCommands.Add(MultiRowInsert.Of(db, [job], "DO NOTHING")); // by its key: another delivery leaves no second job
            await batch.PrepareAsync(cancellation);
            await batch.ExecuteNonQueryAsync(cancellation);
            if (job is not null) relay.Raise();
            return batch.BatchCommands[0].RecordsAffected == 1;
        }, cancellation);
    }

    private bool IsSigned(string body, string signature)
    {
        try
        {
            EventUtility.ValidateSignature(body, signature, options.Value.WebhookSecret, ToleranceSeconds);
            return true;
        }
        catch (Exception error) when (error is StripeException or FormatException or InvalidOperationException)
        {
            return false; // not signed, or not in a form that could be
        }
    }

    /// <summary>
    /// What the envelope says; null when it is none. Only these three fields are read: an event whose object the library cannot
    /// read (a newer API version) must still be kept.
    /// </summary>
    private (string Id, string Type, string ObjectId)? Open(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var about = root.GetProperty("data").GetProperty("object");
            if (root.GetProperty("id").GetString() is not { Length: > 0 and <= StripeEvent.MaxIdLength } eventId) return null;
            if (root.GetProperty("type").GetString() is not { Length: > 0 and <= StripeEvent.MaxTypeLength } type) return null;
            var objectId = about.TryGetProperty("id", out var id) ? id.GetString() ?? "" : "";
            return objectId.Length > StripeEvent.MaxIdLength ? null : (eventId, type, objectId);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
