using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Local.Web;

namespace Local.PagerDuty.Controls;

[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>Answers <see cref="Fault.Status"/>, 429 for instance; nothing was done.</summary>
    Status,

    /// <summary>Waits <see cref="Fault.Milliseconds"/>, then goes on as usual.</summary>
    Hang,

    /// <summary>Closes the connection; nothing was done.</summary>
    Drop,

    /// <summary>Takes the event, then closes the connection: the sender cannot know.</summary>
    DropAfter,
}

/// <summary>A fault for the next events.</summary>
public sealed record Fault : IFault<Fault>
{
    public required FaultKind Kind { get; init; }

    /// <summary>How many events it hits.</summary>
    [Range(1, 1_000_000)]
    public int Calls { get; init; } = 1;

    int IFault<Fault>.Left => Calls;

    Fault IFault<Fault>.WithOneLess() => this with { Calls = Calls - 1 };

    [Range(400, 599)]
    public int Status { get; init; } = StatusCodes.Status500InternalServerError;

    [Range(0, 600_000)]
    public int Milliseconds { get; init; } = 10_000;
}

/// <summary>The faults that wait.</summary>
internal sealed class Faults : FaultQueue<Fault>
{
    /// <summary>The first fault, used up by one.</summary>
    public Fault? Take() => TakeFirst(_ => true);

    /// <returns>The answer of a call that goes no further.</returns>
    public static async Task<IResult?> BeforeAsync(Fault? fault, HttpContext context)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Status:
                return fault.Status == StatusCodes.Status429TooManyRequests
                    ? Results.Json(new { status = "throttle exceeded", message = "Requests for this service are arriving too quickly.  Please retry later." }, statusCode: fault.Status)
                    : Results.Json(new { status = "internal error", message = "Something went wrong on the emulator's end (on purpose)." }, statusCode: fault.Status);
            case FaultKind.Hang:
                await Task.Delay(fault.Milliseconds, context.RequestAborted);
                break;
            case FaultKind.Drop:
                HangUp(context);
                break;
        }
        return null;
    }

    public static void After(Fault? fault, HttpContext context)
    {
        if (fault?.Kind == FaultKind.DropAfter)
            HangUp(context);
    }

    private static void HangUp(HttpContext context)
    {
        context.Abort();
        throw new OperationCanceledException("The connection was dropped on purpose.");
    }
}
