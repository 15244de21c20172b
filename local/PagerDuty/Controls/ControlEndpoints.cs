using Local.PagerDuty.Incidents;
using Local.Web;

namespace Local.PagerDuty.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, Faults faults)
    {
        app.MapGet("/_emulator/incidents", (IncidentBook book, string? status, string? dedupKey) => book.Newest()
            .Where(incident => (status is null || incident.Status == status) && (dedupKey is null || incident.DedupKey == dedupKey)));
        app.MapGet("/_emulator/dropped", (IncidentBook book) => book.Dropped());
        FaultControls.Map(app, "/_emulator/faults", () => faults.Waiting, faults.Add, faults.Clear);
        app.MapPost("/_emulator/reset", (IncidentBook book) => { faults.Clear(); book.Clear(); return Results.NoContent(); });
    }
}
