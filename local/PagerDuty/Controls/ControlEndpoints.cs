using System.ComponentModel.DataAnnotations;
using Local.PagerDuty.Incidents;

namespace Local.PagerDuty.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/_emulator/incidents", (IncidentBook book, string? status, string? dedupKey) => book.Newest()
            .Where(incident => (status is null || incident.Status == status) && (dedupKey is null || incident.DedupKey == dedupKey)));
        app.MapGet("/_emulator/dropped", (IncidentBook book) => book.Dropped());
        app.MapGet("/_emulator/faults", (Faults faults) => faults.Waiting);
        app.MapPost("/_emulator/faults", Add);
        app.MapDelete("/_emulator/faults", (Faults faults) => { faults.Clear(); return Results.NoContent(); });
        app.MapPost("/_emulator/reset", (Faults faults, IncidentBook book) => { faults.Clear(); book.Clear(); return Results.NoContent(); });
    }

    private static IResult Add(Fault fault, Faults faults)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(fault, new ValidationContext(fault), problems, validateAllProperties: true))
            return Results.BadRequest(problems.Select(problem => problem.ErrorMessage));
        faults.Add(fault);
        return Results.Ok(fault);
    }
}
