using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Local.Stripe.Wire;
using Local.Web;

namespace Local.Stripe.Controls;

[JsonConverter(typeof(JsonStringEnumConverter<ApiFaultKind>))]
public enum ApiFaultKind
{
    /// <summary>Answers <see cref="ApiFault.Status"/>; nothing was done, nothing is kept for the key.</summary>
    Status,

    /// <summary>Waits <see cref="ApiFault.Milliseconds"/>, then goes on as usual.</summary>
    Hang,

    /// <summary>Does the work, answers 500 and replays that 500 for the key, as Stripe documents.</summary>
    ErrorAfter,

    /// <summary>Closes the connection; nothing was done.</summary>
    Drop,

    /// <summary>Does the work, then closes the connection; the key replays the good answer.</summary>
    DropAfter,
}

/// <summary>A fault for the next calls that match.</summary>
public sealed record ApiFault : IFault<ApiFault>
{
    internal const string PathPattern = @"/v1(/[\w.~-]+)*";
    internal const string PathWords = "a path of the API such as /v1 or /v1/refunds, without a slash at its end";

    public required ApiFaultKind Kind { get; init; }

    /// <summary>How many matching calls it hits.</summary>
    [Range(1, 1_000_000)]
    public int Calls { get; init; } = 1;

    int IFault<ApiFault>.Left => Calls;

    ApiFault IFault<ApiFault>.WithOneLess() => this with { Calls = Calls - 1 };

    /// <summary>Only calls whose path begins with this, e.g. <c>/v1/refunds</c>.</summary>
    [MinLength(1), RegularExpression(PathPattern), Description(PathWords)]
    public string? Path { get; init; }

    [AllowedValues("GET", "POST", "DELETE")]
    public string? Method { get; init; }

    [Range(400, 599)]
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

    [Range(0, 600_000)]
    public int Milliseconds { get; init; } = 5000;
}

/// <summary>The faults that wait.</summary>
public sealed class ApiFaults : FaultQueue<ApiFault>
{
    /// <summary>The first fault that matches the call, used up by one.</summary>
    public ApiFault? Take(HttpRequest request) => TakeFirst(fault =>
        (fault.Path is null || request.Path.StartsWithSegments(fault.Path, StringComparison.Ordinal))
        && (fault.Method is null || fault.Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase)));

    public static async Task BeforeAsync(ApiFault? fault, HttpContext context)
    {
        switch (fault?.Kind)
        {
            case ApiFaultKind.Status when fault.Status == StatusCodes.Status429TooManyRequests:
                throw StripeError.Invalid("Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.", code: "rate_limit", status: fault.Status);
            case ApiFaultKind.Status:
                throw ServerError(fault.Status);
            case ApiFaultKind.Hang:
                await Task.Delay(fault.Milliseconds, context.RequestAborted);
                break;
            case ApiFaultKind.Drop:
                context.Abort();
                context.RequestAborted.ThrowIfCancellationRequested();
                throw new OperationCanceledException("The connection was dropped on purpose.");
        }
    }

    public static void After(ApiFault? fault, HttpContext context)
    {
        if (fault?.Kind == ApiFaultKind.DropAfter)
        {
            context.Abort();
            throw new OperationCanceledException("The connection was dropped on purpose.");
        }
    }

    public static StripeError ServerError(int status = StatusCodes.Status500InternalServerError) =>
        new(status, "api_error", "Something went wrong on the emulator's end (on purpose).");
}
