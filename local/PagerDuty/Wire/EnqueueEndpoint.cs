using System.Text;
using Local.PagerDuty.Controls;
using Local.PagerDuty.Incidents;
using Local.Web;
using Microsoft.Extensions.Options;

namespace Local.PagerDuty.Wire;

/// <summary><c>POST /v2/enqueue</c>: 202 with the dedup key, 400 with everything that is wrong, or the fault that was armed.</summary>
internal static class EnqueueEndpoint
{
    /// <summary>Documented: "payloads are limited to 512 KB".</summary>
    public const int MaxBody = 512 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/v2/enqueue", HandleAsync);

    private static async Task<IResult> HandleAsync(HttpContext context, IncidentBook book, Faults faults, IOptions<PagerDutyOptions> options)
    {
        var fault = faults.Take();
        if (await Faults.BeforeAsync(fault, context) is { } answer)
            return answer;
        var text = await ReadAsync(context.Request);
        if (text is null)
            return Answer(StatusCodes.Status413PayloadTooLarge, "invalid event", "Event object is too large", $"The event is larger than {MaxBody} bytes");
        if (JsonText.ReadObject(text) is not { } body)
            return Answer(StatusCodes.Status400BadRequest, "Unrecognized object", "Event object format is unrecognized", "JSON parse error");
        var reader = new EventReader();
        if (reader.Read(body) is not { } alert)
            return Answer(StatusCodes.Status400BadRequest, "invalid event", "Event object is invalid", [.. reader.Errors]);
        if (options.Value.RoutingKey is { Length: > 0 } known && known != alert.RoutingKey)
            return Answer(StatusCodes.Status400BadRequest, "invalid event", "Event object is invalid", "Invalid routing key");
        book.Take(alert);
        Faults.After(fault, context);
        return Results.Json(new { status = "success", message = "Event processed", dedup_key = alert.DedupKey }, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<string?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBody)
            return null;
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        return Encoding.UTF8.GetByteCount(text) > MaxBody ? null : text;
    }

    private static IResult Answer(int code, string status, string message, params string[] errors) =>
        Results.Json(new { status, message, errors }, statusCode: code);
}
