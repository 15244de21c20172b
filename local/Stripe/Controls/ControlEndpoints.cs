using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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
    private const string StateUrl = "/_emulator/state";

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StateUrl, Control.Plain(State));
        app.MapPost("/_emulator/reset", Control.Plain(Reset));
        FaultControls.Map(app, "/_emulator/faults", () => faults.Waiting, faults.Add, faults.Clear);
        FaultControls.Map(app, "/_emulator/webhooks/faults", () => plan.Waiting, plan.Add, plan.Clear);
        app.MapPost("/_emulator/webhooks/{id}/resend", Control.Plain(Resend));
        app.MapPost("/_emulator/webhooks/release", Control.Query<ReleaseRequest>(Release));
        app.MapPost("/_emulator/payment_intents/{id}/dispute", Control.Plain(Dispute));
        app.MapPost("/_emulator/disputes/{id}/decision", Control.Query<DecisionRequest>(Decide));
        app.MapPost("/_emulator/refunds/{id}/failure", Control.Plain(FailRefund));
        app.MapPost("/_emulator/clock", Control.Body<ClockRequest>(Advance));
        Control.MapRest(app, "/_emulator");
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

    public IResult Resend(string id) => store.Run(transaction =>
    {
        if (transaction.Find<EventRecord>(id) is not { } happened)
            return Refusal.Unknown("event", id, StateUrl);
        if (string.IsNullOrEmpty(options.Value.WebhookUrl))
            return Refusal.Conflict("There is nowhere to send it.", "an emulator with Stripe:WebhookUrl");
        transaction.Put(plan.Again(happened));
        return Results.Accepted();
    });

    /// <summary>Lets the held deliveries go: <c>fifo</c> (default), <c>reverse</c> or <c>shuffle</c> (with a seed), one after another.</summary>
    public IResult Release(ReleaseRequest request) => store.Run(transaction =>
    {
        var held = transaction.Newest<DeliveryRecord>().Where(delivery => delivery.State == DeliveryState.Held).Reverse().ToArray();
        if (request.Order == ReleaseRequest.Reverse)
            Array.Reverse(held);
        else if (request.Order == ReleaseRequest.Shuffle)
            new Random(request.Seed).Shuffle(held);
        var now = clock.GetUtcNow();
        for (var i = 0; i < held.Length; i++)
            transaction.Put(held[i] with { State = DeliveryState.Pending, DueAt = now + (i * TimeSpan.FromMilliseconds(request.GapMilliseconds)) });
        return Results.Ok(new { released = held.Length });
    });

    public IResult Advance(ClockRequest request) => clock.TryAdvance(TimeSpan.FromSeconds(request.AdvanceSeconds))
        ? Results.Ok(new { now = works.Now })
        : Refusal.Conflict($"The clock is {clock.Ahead.TotalSeconds:0} seconds ahead and would be more than ten years ahead.", "less, or a reset first");

    /// <summary>The card's holder charges a payment back.</summary>
    public IResult Dispute(string id) => store.Run(transaction =>
    {
        if (transaction.Find<IntentRecord>(id) is not { } intent)
            return Refusal.Unknown("payment intent", id, StateUrl);
        if (intent.LatestChargeId is not { } chargeId || transaction.Get<ChargeRecord>(chargeId) is not { AmountCaptured: > 0 } charge)
            return Refusal.Conflict("The payment has taken no money.", "a payment that was captured");
        if (transaction.Newest<DisputeRecord>().Any(dispute => dispute.ChargeId == charge.Id))
            return Refusal.Conflict("The payment has a dispute.", "a payment without one");
        Disputes.Open(works.Begin(transaction), charge, isInquiry: false);
        return Results.Accepted();
    });

    /// <summary>What the bank decides about an open dispute: <c>won</c> by the shop, or <c>lost</c>, then perhaps with a part that comes back.</summary>
    public IResult Decide(string id, DecisionRequest decision) => store.Run(transaction =>
    {
        if (transaction.Find<DisputeRecord>(id) is not { } dispute)
            return Refusal.Unknown("dispute", id, StateUrl);
        if (dispute.IsClosed)
            return Refusal.Conflict($"The dispute is closed: {dispute.Status}.", "a dispute that is open");
        if (decision.Returned > 0 && (decision.Returned >= dispute.Amount || decision.Outcome != Disputes.Lost || dispute.IsInquiry))
            return Refusal.Of(StatusCodes.Status400BadRequest, $"returned ({decision.Returned}) is a part of the disputed amount ({dispute.Amount}), of a dispute that took money and is lost.",
                new { outcome = Disputes.Lost, returned = $"a whole number from 0 to {dispute.Amount - 1}" });
        Disputes.Close(works.Begin(transaction), dispute, decision.Outcome, decision.Returned);
        return Results.Accepted();
    });

    /// <summary>The bank sends a refund back.</summary>
    public IResult FailRefund(string id) => store.Run(transaction =>
    {
        if (transaction.Find<RefundRecord>(id) is not { } refund)
            return Refusal.Unknown("refund", id, StateUrl);
        if (refund.Status == Refunds.Failed)
            return Refusal.Conflict("The refund has failed already.", "a refund that succeeded");
        Refunds.Fail(works.Begin(transaction), refund);
        return Results.Accepted();
    });

    private static JsonArray All<T>(StoreTransaction transaction, Func<T, JsonObject> shape) where T : Stored =>
        [.. transaction.Newest<T>().Select(shape)];
}

/// <summary>How far the emulator's clock is moved ahead.</summary>
public sealed record ClockRequest
{
    [Range(0d, 315_360_000d), Description("a number from 0 to 315360000 (ten years): time only moves forward")]
    public required double AdvanceSeconds { get; init; }
}

/// <summary>Order of the held deliveries, the seed of the shuffle, and the gap between two.</summary>
public sealed record ReleaseRequest
{
    public const string Fifo = "fifo";
    public const string Reverse = "reverse";
    public const string Shuffle = "shuffle";

    [AllowedValues(Fifo, Reverse, Shuffle)]
    public string Order { get; init; } = Fifo;

    public int Seed { get; init; }

    [Range(0, 3_600_000)]
    public int GapMilliseconds { get; init; } = 200;
}

/// <summary>What the bank decides about a dispute.</summary>
public sealed record DecisionRequest
{
    [AllowedValues(Disputes.Won, Disputes.Lost)]
    public required string Outcome { get; init; }

    /// <summary>Minor units that come back although it is lost.</summary>
    [Range(typeof(long), "0", "999999999999")]
    public long Returned { get; init; }
}
