using System.ComponentModel.DataAnnotations;
using Local.PagerDuty.Controls;
using Local.PagerDuty.Incidents;
using Local.PagerDuty.Wire;
using Local.Web;

namespace Local.PagerDuty.Pages;

/// <summary>The pages and the buttons on them: forms in, back to the page.</summary>
internal static class BellPages
{
    public static void Map(IEndpointRouteBuilder app, Faults faults)
    {
        app.MapGet("/", (IncidentBook book, string? show) => ListPage.Show(book.Newest(), faults.Waiting, show));
        app.MapGet("/incidents/{number:int}", (int number, IncidentBook book) => book.Find(number) is { } incident ? IncidentPage.Show(incident) : IncidentPage.Gone());
        var forms = app.MapGroup("").DisableAntiforgery();
        forms.MapPost("/incidents/{number:int}/acknowledge", (int number, IncidentBook book) => Act(number, book, EventActions.Acknowledge));
        forms.MapPost("/incidents/{number:int}/resolve", (int number, IncidentBook book) => Act(number, book, EventActions.Resolve));
        forms.MapPost("/faults", Control.Form<FaultForm>(form => AddFault(faults, form)));
        forms.MapPost("/faults/clear", () => { faults.Clear(); return Results.Redirect("/"); });
        forms.MapPost("/reset", (IncidentBook book) => { faults.Clear(); book.Clear(); return Results.Redirect("/"); });
    }

    private static IResult Act(int number, IncidentBook book, string action)
    {
        if (book.Find(number) is null)
            return IncidentPage.Gone();
        book.ActAsPerson(number, action);
        return Results.Redirect($"/incidents/{number}");
    }

    private static IResult AddFault(Faults faults, FaultForm form)
    {
        faults.Add(form.Kind switch
        {
            FaultForm.Throttled => new Fault { Kind = FaultKind.Status, Status = StatusCodes.Status429TooManyRequests, Calls = form.Calls },
            FaultForm.Broken => new Fault { Kind = FaultKind.Status, Calls = form.Calls },
            FaultForm.Hang => new Fault { Kind = FaultKind.Hang, Calls = form.Calls },
            FaultForm.Drop => new Fault { Kind = FaultKind.Drop, Calls = form.Calls },
            _ => new Fault { Kind = FaultKind.DropAfter, Calls = form.Calls },
        });
        return Results.Redirect("/");
    }
}

/// <summary>The form of faults.</summary>
internal sealed record FaultForm
{
    public const string Throttled = "429";
    public const string Broken = "500";
    public const string Hang = "hang";
    public const string Drop = "drop";
    public const string DropAfter = "drop-after";

    [AllowedValues(Throttled, Broken, Hang, Drop, DropAfter)]
    public required string Kind { get; init; }

    [Range(1, 100_000)]
    public required int Calls { get; init; }
}
