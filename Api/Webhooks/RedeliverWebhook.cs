using Api.Staff;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary><c>POST /admin/webhook-deliveries/{id}/redeliveries</c></summary>
public static class RedeliverWebhook
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/webhook-deliveries/{id:guid}/redeliveries", HandleAsync)
        .WithName(nameof(RedeliverWebhook)).WithTags("Webhooks").WithSummary("Sends an event to an endpoint once more: the same id, the same bytes. What is on its way already is hastened.")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Accepted, ProblemHttpResult>> HandleAsync(Guid id, WebhookVerbs webhooks, StaffCall call, CancellationToken cancellation) =>
        await webhooks.RedeliverAsync(call.Actor, call.Reason, id, cancellation) is { } refusal ? refusal.Problem() : TypedResults.Accepted((string?)null);
}
