using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Local.Stripe.Payments;
using Local.Stripe.Webhooks;
using Local.Web;

namespace Local.Stripe.Controls;

/// <summary>The buttons of the page: forms in, back to the page.</summary>
internal sealed class ControlForms(ControlPage page, ControlEndpoints controls, ApiFaults faults, WebhookPlan plan)
{
    private const string Page = "/_emulator";
    private const int HangMilliseconds = 10_000;
    private const int SecondsPerMinute = 60;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", () => Results.Redirect(Page));
        app.MapGet(Page, page.Show);
        var forms = app.MapGroup(Page + "/page").DisableAntiforgery();
        forms.MapPost("/fault", Control.Form<FaultForm>(AddFault));
        forms.MapPost("/webhook-fault", Control.Form<WebhookFaultForm>(AddWebhookFault));
        forms.MapPost("/clear-faults", Control.Plain(() => Back(() => { faults.Clear(); plan.Clear(); })));
        forms.MapPost("/release", Control.Query<ReleaseRequest>(request => Back(controls.Release(request))));
        forms.MapPost("/advance", Control.Query<MinutesRequest>(request => Back(controls.Advance(new ClockRequest { AdvanceSeconds = request.Minutes * SecondsPerMinute }))));
        forms.MapPost("/reset", Control.Plain(() => Back(controls.Reset())));
        forms.MapPost("/dispute", Control.Query<IdRequest>(request => Back(controls.Dispute(request.Id))));
        forms.MapPost("/decision", Control.Query<DecisionForm>(request => Back(controls.Decide(request.Id, new DecisionRequest { Outcome = request.Outcome }))));
        forms.MapPost("/refund-failure", Control.Query<IdRequest>(request => Back(controls.FailRefund(request.Id))));
        forms.MapPost("/resend", Control.Query<IdRequest>(request => Back(controls.Resend(request.Id))));
    }

    private IResult AddFault(FaultForm form) =>
        Back(() => faults.Add(new ApiFault { Kind = form.Kind, Calls = form.Calls, Path = form.Path, Milliseconds = HangMilliseconds }));

    private IResult AddWebhookFault(WebhookFaultForm form)
    {
        var fault = new WebhookFault { Events = form.Events, Type = form.Type, Seed = Environment.TickCount };
        return Back(() => plan.Add(form.Kind switch
        {
            WebhookFaultForm.Late => fault with { DelayMinMilliseconds = 10_000, DelayMaxMilliseconds = 30_000 },
            WebhookFaultForm.Copies => fault with { CopiesMin = 2, CopiesMax = 5, DelayMaxMilliseconds = 2_000 },
            WebhookFaultForm.Shuffled => fault with { DelayMaxMilliseconds = 10_000 },
            WebhookFaultForm.Hold => fault with { Hold = true },
            _ => fault with { CopiesMin = 0, CopiesMax = 0 },
        }));
    }

    private static IResult Back(Action act)
    {
        act();
        return Results.Redirect(Page);
    }

    private static IResult Back(IResult outcome) => outcome is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest } ? outcome : Results.Redirect(Page);
}

/// <summary>The form "Trouble with the API".</summary>
internal sealed record FaultForm
{
    public required ApiFaultKind Kind { get; init; }

    [RegularExpression(ApiFault.PathPattern), Description(ApiFault.PathWords)]
    public string? Path { get; init; }

    [Range(1, 100_000)]
    public required int Calls { get; init; }
}

/// <summary>The form "Trouble with webhooks".</summary>
internal sealed record WebhookFaultForm
{
    public const string Late = "late";
    public const string Copies = "copies";
    public const string Shuffled = "shuffled";
    public const string Hold = "hold";
    public const string Never = "never";

    [AllowedValues(Late, Copies, Shuffled, Hold, Never)]
    public required string Kind { get; init; }

    [EventType]
    public string? Type { get; init; }

    [Range(1, 100_000)]
    public required int Events { get; init; }
}

/// <summary>A button that moves the clock.</summary>
internal sealed record MinutesRequest
{
    [Range(0d, 5_256_000d), Description("a number from 0 to 5256000 (ten years): time only moves forward")]
    public required double Minutes { get; init; }
}

/// <summary>A button about one object.</summary>
internal sealed record IdRequest
{
    public required string Id { get; init; }
}

/// <summary>The buttons that decide a dispute.</summary>
internal sealed record DecisionForm
{
    public required string Id { get; init; }

    [AllowedValues(Disputes.Won, Disputes.Lost)]
    public required string Outcome { get; init; }
}
