using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Api.Document;
using Api.Staff;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary>Where to send which events.</summary>
public sealed record WebhookEndpointRequest(
    [property: Required, StringLength(WebhookEndpoint.MaxUrl), Description("An HTTPS address.")] string Url,
    [property: Required, MinLength(1), AllowedEventTypes, Description("Such as order.paid.")] IReadOnlyList<string> EventTypes);

/// <summary>Only types there are.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedEventTypesAttribute() : ValidationAttribute($"Event types are {string.Join(", ", WebhookEventTypes.All)}."), IKnownWords
{
    public IReadOnlyList<string> Words => [.. WebhookEventTypes.All];

    public override bool IsValid(object? value) => value is not IReadOnlyList<string> types || types.All(WebhookEventTypes.All.Contains);
}

/// <summary><c>POST /admin/webhook-endpoints</c></summary>
public static class AddWebhookEndpoint
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/webhook-endpoints", HandleAsync)
        .WithName(nameof(AddWebhookEndpoint)).WithTags("Webhooks").WithSummary("Adds an endpoint. The answer is the only one that shows its secret.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<WebhookEndpointSecret>, ProblemHttpResult>> HandleAsync(
        WebhookVerbs webhooks, StaffCall call, WebhookEndpointRequest request, CancellationToken cancellation)
    {
        var outcome = await webhooks.AddAsync(call.Actor, call.Reason, request.Url, request.EventTypes, cancellation);
        return outcome.Refusal is { } refusal ? refusal.Problem() : TypedResults.Created((string?)null, outcome.Value);
    }
}
