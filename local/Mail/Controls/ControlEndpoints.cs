using Local.Mail.Mailbox;
using Local.Mail.Smtp;
using Local.Web;

namespace Local.Mail.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, SmtpFaults faults)
    {
        app.MapGet("/_emulator/smtp", (SmtpListener listener) => new { listener.Port });
        FaultControls.Map(app, "/_emulator/faults", () => faults.Waiting, faults.Add, faults.Clear);
        app.MapPost("/_emulator/reset", (MessageStore store) => { faults.Clear(); store.Clear(); return Results.NoContent(); });
    }
}
