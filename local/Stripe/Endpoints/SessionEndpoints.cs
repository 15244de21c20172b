using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>docs.stripe.com/api/checkout/sessions</summary>
internal static class SessionEndpoints
{
    private const string Url = "/v1/checkout/sessions";

    public static void Map(IEndpointRouteBuilder app, ApiPipeline api, SessionRequest requests)
    {
        app.MapPost(Url, api.Run(call => SessionShape.Of(call.Work.State.Put(requests.Read(call)), call.Work.State)));
        app.MapGet(Url, api.Run(List));
        app.MapGet(Url + "/{id}", api.Run(call => SessionShape.Of(Sessions.Required(call.Work, call.Id), call.Work.State)));
        app.MapPost(Url + "/{id}", api.Run(Update));
        app.MapPost(Url + "/{id}/expire", api.Run(call => SessionShape.Of(Sessions.Expire(call.Work, Sessions.Required(call.Work, call.Id)), call.Work.State)));
        app.MapGet(Url + "/{id}/line_items", api.Run(Lines));
    }

    private static JsonObject List(ApiCall call)
    {
        var intent = call.Params.Text("payment_intent");
        var status = call.Params.OneOf("status", Sessions.Complete, Sessions.Expired, Sessions.Open);
        var email = call.Params.Object("customer_details")?.Text("email");
        var found = call.Work.State.Newest<SessionRecord>().Where(session =>
            (intent is null || session.IntentId == intent)
            && (status is null || session.Status == status)
            && (email is null || (session.Customer?.Email ?? session.CustomerEmail) == email));
        return Paging.Page(call, found, Url, session => SessionShape.Of(session, call.Work.State));
    }

    private static JsonObject Update(ApiCall call)
    {
        var session = Sessions.Required(call.Work, call.Id);
        return SessionShape.Of(call.Work.State.Put(session with { Metadata = call.Params.Metadata(session.Metadata) }), call.Work.State);
    }

    private static JsonObject Lines(ApiCall call)
    {
        var session = Sessions.Required(call.Work, call.Id);
        var (page, more) = Paging.Slice(call.Params, session.Lines, line => line.Id);
        return SessionShape.Lines(session, page, more);
    }
}
