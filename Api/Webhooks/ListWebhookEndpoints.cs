using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Commerce;
using Commerce.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Api.Webhooks;

/// <summary><c>GET /admin/webhook-endpoints</c></summary>
public static class ListWebhookEndpoints
{
    public static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/webhook-endpoints", HandleAsync)
        .WithName(nameof(ListWebhookEndpoints)).WithTags("Webhooks").WithSummary("The merchant's own systems that are told of events; oldest first.")
        .ProducesValidationProblem();

    private static async Task<Results<Ok<WebhookEndpointPage>, ProblemHttpResult>> HandleAsync(
        WebhookVerbs webhooks, CancellationToken cancellation,
        [Range(1, 100), Description("Most items in the page.")] int limit = 50,
        [StringLength(IdCursor.Length), Description("nextCursor of the page before.")] string? cursor = null) =>
        (await webhooks.ListAsync(limit, cursor, cancellation)).Answer();
}
