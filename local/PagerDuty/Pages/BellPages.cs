using System.Globalization;
using Local.PagerDuty.Controls;
using Local.PagerDuty.Incidents;
using Local.PagerDuty.Wire;

namespace Local.PagerDuty.Pages;

/// <summary>The pages and the buttons on them: forms in, back to the page.</summary>
internal static class BellPages
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (IncidentBook book, Faults faults, string? show) => ListPage.Show(book.Newest(), faults.Waiting, show));
        app.MapGet("/incidents/{number:int}", (int number, IncidentBook book) => book.Find(number) is { } incident ? IncidentPage.Show(incident) : IncidentPage.Gone());
        var forms = app.MapGroup("").DisableAntiforgery();
        forms.MapPost("/incidents/{number:int}/acknowledge", (int number, IncidentBook book) => Act(number, book, EventActions.Acknowledge));
        forms.MapPost("/incidents/{number:int}/resolve", (int number, IncidentBook book) => Act(number, book, EventActions.Resolve));
        forms.MapPost("/faults", FaultAsync);
        forms.MapPost("/faults/clear", (Faults faults) => { faults.Clear(); return Results.Redirect("/"); });
        forms.MapPost("/reset", (Faults faults, IncidentBook book) => { faults.Clear(); book.Clear(); return Results.Redirect("/"); });
    }

    private static IResult Act(int number, IncidentBook book, string action)
    {
        book.ActAsPerson(number, action);
        return Results.Redirect($"/incidents/{number}");
    }

    private static async Task<IResult> FaultAsync(HttpRequest request, Faults faults)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (!int.TryParse(form["calls"], NumberStyles.None, CultureInfo.InvariantCulture, out var calls) || calls is < 1 or > 100_000)
            return Results.BadRequest();
        Fault? fault = form["kind"].ToString() switch
        {
            "429" => new Fault { Kind = FaultKind.Status, Status = StatusCodes.Status429TooManyRequests, Calls = calls },
            "500" => new Fault { Kind = FaultKind.Status, Calls = calls },
            "hang" => new Fault { Kind = FaultKind.Hang, Calls = calls },
            "drop" => new Fault { Kind = FaultKind.Drop, Calls = calls },
            "drop-after" => new Fault { Kind = FaultKind.DropAfter, Calls = calls },
            _ => null,
        };
        if (fault is null)
            return Results.BadRequest();
        faults.Add(fault);
        return Results.Redirect("/");
    }
}
