using System.ComponentModel.DataAnnotations;
using Local.PagerDuty.Incidents;
using Local.Web;

namespace Local.PagerDuty.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, Faults faults, IncidentBook book)
    {
        app.MapGet("/_emulator/incidents", Control.Query<IncidentsRequest>(request => Results.Ok(book.Newest()
            .Where(incident => (request.Status is null || incident.Status == request.Status) && (request.DedupKey is null || incident.DedupKey == request.DedupKey)))));
        app.MapGet("/_emulator/dropped", Control.Plain(() => Results.Ok(book.Dropped())));
        FaultControls.Map(app, "/_emulator/faults", () => faults.Waiting, faults.Add, faults.Clear);
        app.MapPost("/_emulator/reset", Control.Plain(() =>
        {
            faults.Clear();
            book.Clear();
            return Results.NoContent();
        }));
        Control.MapRest(app, "/_emulator");
    }
}

/// <summary>Which incidents are listed.</summary>
internal sealed record IncidentsRequest
{
    [AllowedValues(IncidentStatus.Triggered, IncidentStatus.Acknowledged, IncidentStatus.Resolved)]
    public string? Status { get; init; }

    public string? DedupKey { get; init; }
}
