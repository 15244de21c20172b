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

    public static void Map(IEndpointRouteBuilder app, ApiPipeline api, IntentRequest requests)
    {
        app.MapPost(Url, api.Run(requests.Create));
        app.MapGet(Url, api.Run(List));
        app.MapGet(Url + "/search", api.Run(Search));
        app.MapPost(Url + "/{id}", api.Run(call => Show(call, IntentRequest.Update(call, Required(call)))));
        app.MapPost(Url + "/{id}/confirm", api.Run(call => requests.Confirm(call, Required(call))));
        app.MapGet(Url + "/{id}", api.Run(call => Show(call, Required(call))));
        app.MapPost(Url + "/{id}/capture", api.Run(call => Show(call, Intents.Capture(call.Work, Required(call), call.Params.Integer("amount_to_capture", 1, long.MaxValue)))));
        app.MapPost(Url + "/{id}/cancel", api.Run(Cancel));
        app.MapGet("/v1/payment_methods/{id}", api.Run(call => MethodShape.Of(
            call.Work.State.Find<MethodRecord>(call.Id) ?? throw StripeError.Missing("PaymentMethod", call.Id, "payment_method"))));
        app.MapGet(ChargesUrl, api.Run(ListCharges));
        app.MapGet(ChargesUrl + "/{id}", api.Run(call => ChargeShape.Of(
            call.Work.State.Find<ChargeRecord>(call.Id) ?? throw StripeError.Missing("charge", call.Id, "id"), call.Work.State)));
    }

    public static IntentRecord Required(ApiCall call) =>
        Intents.Current(call.Work, call.Id) ?? throw StripeError.Missing("payment_intent", call.Id, "intent");

    private static JsonObject Show(ApiCall call, IntentRecord intent) => IntentShape.Of(intent, call.Work.State);

    private static JsonObject List(ApiCall call) =>
        Paging.Page(call, call.Work.State.Newest<IntentRecord>(), Url, intent => Show(call, intent));

    private static JsonObject Search(ApiCall call)
    {
        var query = IntentQuery.Parse(call.Params.RequiredText("query"));
        var found = call.Work.State.Newest<IntentRecord>().Where(query).ToList();
        var limit = (int)(call.Params.Integer("limit", 1, 100) ?? Paging.DefaultLimit);
        var from = (int)(call.Params.Integer("page") ?? 0);
        var more = found.Count > from + limit;
        return new JsonObject
        {
            ["object"] = "search_result",
            ["data"] = new JsonArray([.. found.Skip(from).Take(limit).Select(intent => Show(call, intent))]),
            ["has_more"] = more,
            ["next_page"] = more ? (from + limit).ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
            ["url"] = Url + "/search",
        };
    }

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
