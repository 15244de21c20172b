using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>docs.stripe.com/api/refunds</summary>
internal static class RefundEndpoints
{
    private const string Url = "/v1/refunds";

    public static void Map(IEndpointRouteBuilder app, ApiPipeline api)
    {
        app.MapPost(Url, api.Run(Create));
        app.MapGet(Url, api.Run(List));
        app.MapGet(Url + "/{id}", api.Run(call => RefundShape.Of(Required(call))));
        app.MapPost(Url + "/{id}", api.Run(Update));
        app.MapPost(Url + "/{id}/cancel", api.Run(Cancel));
    }

    private static RefundRecord Required(ApiCall call) =>
        call.Work.State.Find<RefundRecord>(call.Id) ?? throw StripeError.Missing("refund", call.Id, "refund");

    private static JsonObject Create(ApiCall call)
    {
        var charge = Charge(call);
        var refund = Refunds.Create(call.Work, charge, call.Params.Integer("amount", 1, long.MaxValue),
            call.Params.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer"), call.Params.Metadata());
        return RefundShape.Of(refund);
    }

    private static ChargeRecord Charge(ApiCall call)
    {
        var state = call.Work.State;
        if (call.Params.Has("charge") && call.Params.Has("payment_intent"))
            throw StripeError.Invalid("You may only specify one of these parameters: charge, payment_intent.");
        if (call.Params.Text("charge") is { } chargeId)
            return state.Find<ChargeRecord>(chargeId) ?? throw StripeError.Missing("charge", chargeId, "charge");
        if (call.Params.Text("payment_intent") is not { } intentId)
            throw StripeError.Invalid("One of the following params should be provided for this request: payment_intent or charge.", code: "parameter_missing");
        var intent = state.Find<IntentRecord>(intentId) ?? throw StripeError.Missing("payment_intent", intentId, "payment_intent");
        return state.Find<ChargeRecord>(intent.LatestChargeId) is { Status: "succeeded" } charge
            ? charge
            : throw Intents.Unexpected(call.Work, intent, "This PaymentIntent does not have a successful charge to refund. Its status is {0}.");
    }

    private static JsonObject List(ApiCall call)
    {
        var charge = call.Params.Text("charge");
        var intent = call.Params.Text("payment_intent");
        var found = call.Work.State.Newest<RefundRecord>().Where(refund =>
            (charge is null || refund.ChargeId == charge) && (intent is null || refund.IntentId == intent));
        return Paging.Page(call, found, Url, RefundShape.Of);
    }

    /// <summary>Only refunds that wait for the shopper's action can be cancelled, and a card's never does.</summary>
    private static JsonObject Cancel(ApiCall call)
    {
        var refund = Required(call);
        throw StripeError.Invalid($"Refund {refund.Id} cannot be canceled because it has a status of {refund.Status}. Only a refund with a status of requires_action may be canceled.");
    }

    private static JsonObject Update(ApiCall call)
    {
        var refund = Required(call);
        var updated = call.Work.State.Put(refund with { Metadata = call.Params.Metadata(refund.Metadata) });
        call.Work.Emit("refund.updated", RefundShape.Of(updated));
        return RefundShape.Of(updated);
    }
}
