using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Webhooks;
using Local.Web;
using Microsoft.Extensions.Options;

namespace Local.Stripe.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal sealed class ControlEndpoints(Store store, WorkFactory works, ApiFaults faults, WebhookPlan plan, EmulatorClock clock, IOptions<StripeOptions> options)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/_emulator/state", State);
        app.MapPost("/_emulator/reset", Reset);
        FaultControls.Map(app, "/_emulator/faults", () => faults.Waiting, faults.Add, faults.Clear);
        FaultControls.Map(app, "/_emulator/webhooks/faults", () => plan.Waiting, plan.Add, plan.Clear);
        app.MapPost("/_emulator/webhooks/{eventId}/resend", Resend);
        app.MapPost("/_emulator/webhooks/release", Release);
        app.MapPost("/_emulator/payment_intents/{id}/dispute", Dispute);
        app.MapPost("/_emulator/disputes/{id}/decision", Decide);
        app.MapPost("/_emulator/refunds/{id}/failure", FailRefund);
        app.MapPost("/_emulator/clock", Advance);
    }

    private IResult State() => store.Run(transaction => Results.Json(new JsonObject
    {
        ["now"] = works.Now,
        ["sessions"] = All<SessionRecord>(transaction, session => SessionShape.Of(session, transaction)),
        ["payment_intents"] = All<IntentRecord>(transaction, intent => IntentShape.Of(intent, transaction)),
        ["charges"] = All<ChargeRecord>(transaction, charge => ChargeShape.Of(charge, transaction)),
        ["refunds"] = All<RefundRecord>(transaction, RefundShape.Of),
        ["disputes"] = All<DisputeRecord>(transaction, dispute => DisputeShape.Of(dispute, transaction)),
        ["events"] = All<EventRecord>(transaction, happened => EventShape.Of(happened, options.Value.ApiVersion, 0)),
        ["deliveries"] = All<DeliveryRecord>(transaction, delivery => new JsonObject
        {
            ["id"] = delivery.Id,
            ["event"] = delivery.EventId,
            ["state"] = delivery.State,
            ["due_at"] = delivery.DueAt,
            ["attempts"] = delivery.Attempts,
            ["last_result"] = delivery.LastResult,
        }),
    }));

    public IResult Reset()
    {
        store.Clear();
        faults.Clear();
        plan.Clear();
        clock.Reset();
        return Results.NoContent();
    }

    public IResult Resend(string eventId) => store.Run(transaction =>
    {
        if (transaction.Find<EventRecord>(eventId) is not { } happened)
            return Results.NotFound();
        if (string.IsNullOrEmpty(options.Value.WebhookUrl))
            return Results.Conflict("Stripe:WebhookUrl is not set: there is nowhere to send it.");
        transaction.Put(plan.Again(happened));
        return Results.Accepted();
    });

    /// <summary>Lets the held deliveries go: <c>fifo</c> (default), <c>reverse</c> or <c>shuffle</c> (with a seed), one after another.</summary>
    public IResult Release([AsParameters] ReleaseRequest request) => store.Run(transaction =>
    {
        var held = transaction.Newest<DeliveryRecord>().Where(delivery => delivery.State == DeliveryState.Held).Reverse().ToArray();
        switch (request.Order ?? "fifo")
        {
            case "fifo":
                break;
            case "reverse":
                Array.Reverse(held);
                break;
            case "shuffle":
                new Random(request.Seed ?? 0).Shuffle(held);
                break;
            default:
                return Results.BadRequest("order is fifo, reverse or shuffle.");
        }
        var now = clock.GetUtcNow();
        for (var i = 0; i < held.Length; i++)
            transaction.Put(held[i] with { State = DeliveryState.Pending, DueAt = now.AddMilliseconds(i * (request.GapMilliseconds ?? 200)) });
        return Results.Ok(new { released = held.Length });
    });

    public IResult Advance(ClockRequest request)
    {
        clock.Advance(TimeSpan.FromSeconds(request.AdvanceSeconds));
        return Results.Ok(new { now = works.Now });
    }

    /// <summary>The card's holder charges a payment back.</summary>
    public IResult Dispute(string id) => store.Run(transaction =>
    {
        if (transaction.Find<IntentRecord>(id) is not { } intent)
            return Results.NotFound();
        if (intent.LatestChargeId is not { } chargeId || transaction.Get<ChargeRecord>(chargeId) is not { AmountCaptured: > 0 } charge)
            return Results.Conflict("The payment has taken no money.");
        if (transaction.Newest<DisputeRecord>().Any(dispute => dispute.ChargeId == charge.Id))
            return Results.Conflict("The payment has a dispute.");
        Disputes.Open(works.Begin(transaction), charge, isInquiry: false);
        return Results.Accepted();
    });

    /// <summary>What the bank decides about an open dispute: <c>won</c> by the shop, or <c>lost</c>, then perhaps with a part that comes back.</summary>
    public IResult Decide(string id, string outcome, long returned = 0) => store.Run(transaction =>
    {
        if (outcome is not (Disputes.Won or Disputes.Lost))
            return Results.BadRequest("outcome is won or lost.");
        if (transaction.Find<DisputeRecord>(id) is not { } dispute)
            return Results.NotFound();
        if (dispute.IsClosed)
            return Results.Conflict("The dispute is closed.");
        if (returned < 0 || returned >= dispute.Amount || (returned > 0 && outcome != Disputes.Lost))
            return Results.BadRequest("returned is a part of the amount, of a dispute that is lost.");
        Disputes.Close(works.Begin(transaction), dispute, outcome, returned);
        return Results.Accepted();
    });

    /// <summary>The bank sends a refund back.</summary>
    public IResult FailRefund(string id) => store.Run(transaction =>
    {
        if (transaction.Find<RefundRecord>(id) is not { } refund)
            return Results.NotFound();
        Refunds.Fail(works.Begin(transaction), refund);
        return Results.Accepted();
    });

    private static JsonArray All<T>(StoreTransaction transaction, Func<T, JsonObject> shape) where T : Stored =>
        [.. transaction.Newest<T>().Select(shape)];
}

/// <summary>How far the emulator's clock is moved ahead.</summary>
public sealed record ClockRequest(double AdvanceSeconds);

/// <summary>Order of the held deliveries (<c>fifo</c>, <c>reverse</c>, <c>shuffle</c>), the seed of the shuffle, and the gap between two.</summary>
public sealed record ReleaseRequest(string? Order, int? Seed, int? GapMilliseconds);
