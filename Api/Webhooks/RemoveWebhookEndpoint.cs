using Api.Staff;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary><c>DELETE /admin/webhook-endpoints/{id}</c></summary>
public static class RemoveWebhookEndpoint
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapDelete("/webhook-endpoints/{id:guid}", HandleAsync)
        .WithName(nameof(RemoveWebhookEndpoint)).WithTags("Webhooks").WithSummary("Removes an endpoint with its delivery log.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, WebhookVerbs webhooks, StaffCall call, CancellationToken cancellation) =>
        await webhooks.RemoveAsync(call.Actor, call.Reason, id, cancellation) is { } refusal ? refusal.Problem() : TypedResults.NoContent();
}
