using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Api.Staff;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary>The endpoint as it should be.</summary>
public sealed record WebhookEndpointChangeRequest(
    [property: Required, StringLength(WebhookEndpoint.MaxUrl), Description("An HTTPS address.")] string Url,
    [property: Required, MinLength(1), AllowedEventTypes, Description("Such as order.paid.")] IReadOnlyList<string> EventTypes,
    [property: Description("Switching on forgets earlier failures and sends what was held meanwhile.")] bool IsEnabled);

/// <summary><c>PUT /admin/webhook-endpoints/{id}</c></summary>
public static class ChangeWebhookEndpoint
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPut("/webhook-endpoints/{id:guid}", HandleAsync)
        .WithName(nameof(ChangeWebhookEndpoint)).WithTags("Webhooks").WithSummary("Changes an endpoint, switches it on or off.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<WebhookEndpointView>, ProblemHttpResult>> HandleAsync(
        Guid id, IfMatch ifMatch, WebhookVerbs webhooks, StaffCall call, WebhookEndpointChangeRequest change, HttpContext context, CancellationToken cancellation)
    {
        var found = await webhooks.FindAsync(id, cancellation);
        if (found.Refusal is { } unknown) return unknown.Problem();
        if (ifMatch.Refuses(found.Value.Version) is { } changed) return changed;
        return (await webhooks.ChangeAsync(call.Actor, call.Reason, found.Value, change.Url, change.EventTypes, change.IsEnabled, cancellation)).Answer(context, e => e.Version);
    }
}
