using System.Globalization;
using Local.Stripe.Webhooks;

namespace Local.Stripe.Controls;

/// <summary>The buttons of the page: forms in, back to the page.</summary>
internal sealed class ControlForms(ControlPage page, ControlEndpoints controls, ApiFaults faults, WebhookPlan plan)
{
    private const int HangMilliseconds = 10_000;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", () => Results.Redirect("/_emulator"));
        app.MapGet("/_emulator", page.Show);
        var forms = app.MapGroup("/_emulator/page").DisableAntiforgery();
        forms.MapPost("/fault", FaultAsync);
        forms.MapPost("/webhook-fault", WebhookFaultAsync);
        forms.MapPost("/clear-faults", () => Back(() => { faults.Clear(); plan.Clear(); }));
        forms.MapPost("/release", (string order) => Back(() => controls.Release(new ReleaseRequest(order, null, null))));
        forms.MapPost("/advance", (double minutes) => Back(() => controls.Advance(new ClockRequest(minutes * 60))));
        forms.MapPost("/reset", () => Back(() => controls.Reset()));
        forms.MapPost("/dispute", (string id) => Back(() => controls.Dispute(id)));
        forms.MapPost("/decision", (string id, string outcome) => Back(() => controls.Decide(id, outcome)));
        forms.MapPost("/refund-failure", (string id) => Back(() => controls.FailRefund(id)));
        forms.MapPost("/resend", (string id) => Back(() => controls.Resend(id)));
    }

    private async Task<IResult> FaultAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (!Enum.TryParse<ApiFaultKind>(form["kind"], out var kind) || Count(form["calls"]) is not { } calls)
            return Results.BadRequest();
        var path = form["path"].ToString();
        return Back(() => faults.Add(new ApiFault { Kind = kind, Calls = calls, Path = path.Length > 0 ? path : null, Milliseconds = HangMilliseconds }));
    }

    private async Task<IResult> WebhookFaultAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (Count(form["events"]) is not { } events)
            return Results.BadRequest();
        var type = form["type"].ToString();
        var fault = new WebhookFault { Events = events, Type = type.Length > 0 ? type : null, Seed = Environment.TickCount };
        WebhookFault? chosen = form["kind"].ToString() switch
        {
            "late" => fault with { DelayMinMilliseconds = 10_000, DelayMaxMilliseconds = 30_000 },
            "copies" => fault with { CopiesMin = 2, CopiesMax = 5, DelayMaxMilliseconds = 2_000 },
            "shuffled" => fault with { DelayMaxMilliseconds = 10_000 },
            "hold" => fault with { Hold = true },
            "never" => fault with { CopiesMin = 0, CopiesMax = 0 },
            _ => null,
        };
        return chosen is null ? Results.BadRequest() : Back(() => plan.Add(chosen));
    }

    private static int? Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 100_000 ? count : null;

    private static IResult Back(Action act)
    {
        act();
        return Results.Redirect("/_emulator");
    }
}
