using System.Text.Json.Nodes;
using Local.Stripe.Payments;
using Local.Stripe.Shapes;
using Local.Stripe.State;
using Local.Stripe.Wire;

namespace Local.Stripe.Endpoints;

/// <summary>docs.stripe.com/api/disputes</summary>
internal static class DisputeEndpoints
{
    private const string Url = "/v1/disputes";
    private const int MaxEvidence = 20_000;

    public static void Map(IEndpointRouteBuilder app, ApiPipeline api)
    {
        app.MapGet(Url, api.Run(List));
        app.MapGet(Url + "/{id}", api.Run(call => DisputeShape.Of(Required(call), call.Work.State)));
        app.MapPost(Url + "/{id}", api.Run(Update));
        app.MapPost(Url + "/{id}/close", api.Run(call => DisputeShape.Of(Disputes.Close(call.Work, Required(call), Disputes.Lost), call.Work.State)));
    }

    private static DisputeRecord Required(ApiCall call) =>
        call.Work.State.Find<DisputeRecord>(call.Id) ?? throw StripeError.Missing("dispute", call.Id, "dispute");

    private static JsonObject List(ApiCall call)
    {
        var charge = call.Params.Text("charge");
        var intent = call.Params.Text("payment_intent");
        var found = call.Work.State.Newest<DisputeRecord>().Where(dispute =>
            (charge is null || dispute.ChargeId == charge) && (intent is null || dispute.IntentId == intent));
        return Paging.Page(call, found, Url, dispute => DisputeShape.Of(dispute, call.Work.State));
    }

    private static JsonObject Update(ApiCall call)
    {
        var dispute = Required(call);
        var evidence = new Dictionary<string, string>();
        if (call.Params.Object("evidence") is { } given)
            foreach (var name in DisputeShape.EvidenceTexts)
                if (given.Text(name, MaxEvidence) is { } text)
                    evidence[name] = text;
        var answered = Disputes.Answer(call.Work, dispute, evidence, call.Params.Flag("submit") ?? true, call.Params.Metadata(dispute.Metadata));
        return DisputeShape.Of(answered, call.Work.State);
    }
}
