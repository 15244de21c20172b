using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary><c>GET /admin/webhook-endpoints/{id}/deliveries</c></summary>
public static class ListWebhookDeliveries
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/webhook-endpoints/{id:guid}/deliveries", HandleAsync)
        .WithName(nameof(ListWebhookDeliveries)).WithTags("Webhooks").WithSummary("The delivery log of an endpoint: every event and every attempt; newest first.")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<WebhookDeliveryPage>, ProblemHttpResult>> HandleAsync(
        Guid id, WebhookVerbs webhooks, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await webhooks.ListDeliveriesAsync(id, limit, cursor, cancellation)).Answer();
}
