using Local.Mail.Mailbox;
using Local.Mail.Smtp;
using Local.Web;

namespace Local.Mail.Controls;

/// <summary>The controls under <c>/_emulator</c>: JSON in, JSON out.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app, SmtpFaults faults, MessageStore store, SmtpListener listener)
    {
        app.MapGet("/_emulator/smtp", Control.Plain(() => Results.Ok(new { listener.Port })));
        FaultControls.Map(app, "/_emulator/faults", () => faults.Waiting, faults.Add, faults.Clear);
        app.MapPost("/_emulator/reset", Control.Plain(() =>
        {
            faults.Clear();
            store.Clear();
            return Results.NoContent();
        }));
        Control.MapRest(app, "/_emulator");
    }
}
