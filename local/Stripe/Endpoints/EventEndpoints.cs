using System.Text.Json.Nodes;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Webhooks;
using Local.Stripe.Wire;
using Microsoft.Extensions.Options;

namespace Local.Stripe.Endpoints;

/// <summary>docs.stripe.com/api/events</summary>
internal sealed class EventEndpoints(IOptions<StripeOptions> options)
{
    private const string Url = "/v1/events";

    public void Map(IEndpointRouteBuilder app, ApiPipeline api)
    {
        app.MapGet(Url, api.Run(List));
        app.MapGet(Url + "/{id}", api.Run(call =>
            Show(call, call.Work.State.Find<EventRecord>(call.Id) ?? throw StripeError.Missing("event", call.Id, "id"))));
    }

    private JsonObject List(ApiCall call)
    {
        var type = call.Params.Text("type");
        var types = call.Params.Texts("types");
        var delivered = call.Params.Flag("delivery_success");
        var found = call.Work.State.Newest<EventRecord>().Where(happened =>
            (type is null || Matches(happened.Type, type))
            && (types.Count == 0 || types.Any(wanted => Matches(happened.Type, wanted)))
            && (delivered is null || delivered == call.Work.State.Deliveries(happened.Id).All(delivery => delivery.State == DeliveryState.Delivered)));
        return Paging.Page(call, found, Url, happened => Show(call, happened));
    }

    private JsonObject Show(ApiCall call, EventRecord happened) =>
        EventShape.Of(happened, options.Value.ApiVersion, call.Work.State.Deliveries(happened.Id).Count(delivery => delivery.State == DeliveryState.Pending));

    /// <summary><c>charge.refunded</c>, or a group: <c>charge.*</c>.</summary>
    private static bool Matches(string type, string wanted) =>
        wanted.EndsWith(".*", StringComparison.Ordinal) ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) : type == wanted;
}
