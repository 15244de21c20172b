using Api.Staff;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary><c>POST /admin/webhook-endpoints/{id}/secret-rotations</c></summary>
public static class RotateWebhookSecret
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapPost("/webhook-endpoints/{id:guid}/secret-rotations", HandleAsync)
        .WithName(nameof(RotateWebhookSecret)).WithTags("Webhooks").WithSummary("Makes a new secret; for a day calls are signed with both.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<WebhookEndpointSecret>, ProblemHttpResult>> HandleAsync(Guid id, WebhookVerbs webhooks, StaffCall call, CancellationToken cancellation) =>
        (await webhooks.RotateAsync(call.Actor, call.Reason, id, cancellation)).Answer();
}
