using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>docs.stripe.com/api/payment_intents and docs.stripe.com/api/charges</summary>
internal static class IntentEndpoints
{
    private const string Url = "/v1/payment_intents";
    private const string ChargesUrl = "/v1/charges";

    public static void Map(IEndpointRouteBuilder app, ApiPipeline api)
    {
        app.MapGet(Url, api.Run(List));
        app.MapGet(Url + "/{id}", api.Run(call => Show(call, Required(call))));
        app.MapPost(Url + "/{id}/capture", api.Run(call => Show(call, Intents.Capture(call.Work, Required(call), call.Params.Integer("amount_to_capture", 1)))));
        app.MapPost(Url + "/{id}/cancel", api.Run(Cancel));
        app.MapGet(ChargesUrl, api.Run(ListCharges));
        app.MapGet(ChargesUrl + "/{id}", api.Run(call => ChargeShape.Of(
            call.Work.State.Find<ChargeRecord>(call.Id) ?? throw StripeError.Missing("charge", call.Id, "id"), call.Work.State)));
    }

    public static IntentRecord Required(ApiCall call) =>
        call.Work.State.Find<IntentRecord>(call.Id) ?? throw StripeError.Missing("payment_intent", call.Id, "intent");

    private static JsonObject Show(ApiCall call, IntentRecord intent) => IntentShape.Of(intent, call.Work.State);

    private static JsonObject List(ApiCall call) =>
        Paging.Page(call, call.Work.State.Newest<IntentRecord>(), Url, intent => Show(call, intent));

    private static JsonObject Cancel(ApiCall call)
    {
        var intent = Required(call);
        var reason = call.Params.OneOf("cancellation_reason", "abandoned", "duplicate", "fraudulent", "requested_by_customer");
        if (call.Work.State.Find<SessionRecord>(intent.SessionId) is { Status: Sessions.Open })
            throw StripeError.Invalid("You cannot cancel a PaymentIntent of an open Checkout Session. Expire the Checkout Session instead.", code: "payment_intent_unexpected_state");
        return Show(call, Intents.Cancel(call.Work, intent, reason));
    }

    private static JsonObject ListCharges(ApiCall call)
    {
        var intent = call.Params.Text("payment_intent");
        var found = call.Work.State.Newest<ChargeRecord>().Where(charge => intent is null || charge.IntentId == intent);
        return Paging.Page(call, found, ChargesUrl, charge => ChargeShape.Of(charge, call.Work.State));
    }
}
