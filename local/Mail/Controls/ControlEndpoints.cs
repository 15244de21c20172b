using System.ComponentModel.DataAnnotations;
using Local.Mail.Mailbox;
using Local.Mail.Smtp;

namespace Local.Mail.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/_emulator/smtp", (SmtpListener listener) => new { listener.Port });
        app.MapGet("/_emulator/faults", (SmtpFaults faults) => faults.Waiting);
        app.MapPost("/_emulator/faults", Add);
        app.MapDelete("/_emulator/faults", (SmtpFaults faults) => { faults.Clear(); return Results.NoContent(); });
        app.MapPost("/_emulator/reset", (SmtpFaults faults, MessageStore store) => { faults.Clear(); store.Clear(); return Results.NoContent(); });
    }

    private static IResult Add(SmtpFault fault, SmtpFaults faults)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(fault, new ValidationContext(fault), problems, validateAllProperties: true))
            return Results.BadRequest(problems.Select(problem => problem.ErrorMessage));
        faults.Add(fault);
        return Results.Ok(fault);
    }
}
